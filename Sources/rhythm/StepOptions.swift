import ArgumentParser
import Assignment
import Examples
import Training
import Workers

/// How far each step of a training goes; what is not said is the unit's usual value.
struct StepOptions: ParsableArguments {
  @Option(
    name: .customLong("lr"), parsing: .unconditional,
    help: "The step size (default: the unit's, else 0.01).")
  var learningRate: Float?

  @Option(
    parsing: .unconditional, help: "Examples in a batch (default: the unit's, else 192).")
  var batchSize: Int?

  @Option(
    help: """
      How the step size goes: constant; cosine: down to zero at the end of the training; \
      onecycle:SHARE: up in this share of the training, then down to zero; step:EVERY:FACTOR and exponential:FACTOR, counted in batches; warmup:BATCHES: before one of them (default: the unit's, else \
      constant).
      """)
  var schedule: StepSizeSchedule?

  @Option(
    parsing: .unconditional,
    help: "Shorten a batch's gradient to this length if it is longer; by default none is.")
  var clipNorm: Float?

  @Option(
    parsing: .unconditional,
    help: """
      Validate and keep a moving average of the parameters with this decay, which lies in the middle \
      of what the last steps wander about in; 0 for the parameters of the last step (default: the \
      unit's, else 0.999).
      """)
  var average: Float?

  @Flag(
    inversion: .prefixedNo,
    help: """
      Weigh each class by n / (K n_c) in the loss, so that rare classes count as much as others \
      (default: as the unit does, else not).
      """)
  var classWeights: Bool?

  func validate() throws {
    guard learningRate ?? 1 > 0, learningRate?.isFinite != false, clipNorm ?? 1 > 0 else {
      throw ValidationError("--lr and --clip-norm must be positive numbers.")
    }
    guard batchSize ?? 1 > 0 else { throw ValidationError("--batch-size must be positive.") }
    guard (0..<1).contains(average ?? 0) else {
      throw ValidationError("--average must be from 0 to below 1, such as 0.999.")
    }
  }

  /// The recipe of a training. Throws a sentence where the unit's schedule or optimiser is none.
  ///
  /// - Parameters:
  ///   - manifest: the unit's, whose usual values stand where nothing is said.
  ///   - weighsClasses: whether classes are weighed where the option says nothing; nil for the unit's choice.
  func recipe(
    _ manifest: AssignmentManifest, epochs: Int,
    on training: (examples: ExampleSet, source: EpochSource), weighsClasses: Bool? = nil,
    seed: UInt64, threads: Int
  ) throws -> Recipe {
    var recipe = try manifest.recipe(epochs: epochs, on: training, seed: seed, threads: threads)
    recipe.batchSize = batchSize ?? recipe.batchSize
    recipe.learningRate = learningRate ?? recipe.learningRate
    recipe.schedule = schedule ?? recipe.schedule
    recipe.clipNorm = clipNorm ?? recipe.clipNorm
    if let average { recipe.averageDecay = average > 0 ? average : nil }
    if let weighs = classWeights ?? weighsClasses {
      recipe.classWeights = weighs ? training.examples.targets.balancingWeights : nil
    }
    return recipe
  }
}

extension StepSizeSchedule: ExpressibleByArgument {
  /// Reads a schedule as the command line spells it.
  public init?(argument: String) { self.init(argument) }
}
