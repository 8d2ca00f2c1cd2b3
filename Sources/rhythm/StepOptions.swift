import ArgumentParser
import Training

/// How far each step of a training goes; the course's values are the defaults.
struct StepOptions: ParsableArguments {
  @Option(name: .customLong("lr"), parsing: .unconditional, help: "Adam's step size.")
  var learningRate: Float = 0.01

  @Option(
    help: """
      How the step size goes: constant; cosine: down to zero at the end of the training; \
      step:EVERY:FACTOR and exponential:FACTOR, counted in batches; warmup:BATCHES: before one of them.
      """)
  var schedule = StepSizeSchedule.constant

  @Option(
    parsing: .unconditional,
    help: "Shorten a batch's gradient to this length if it is longer; by default none is.")
  var clipNorm: Float?

  @Option(
    parsing: .unconditional,
    help: """
      Validate and keep a moving average of the parameters with this decay, which lies in the middle \
      of what the last steps wander about in; 0 for the parameters of the last step.
      """)
  var average: Float = 0.999

  /// The recipe's decay.
  var averageDecay: Float? { average > 0 ? average : nil }

  func validate() throws {
    guard learningRate > 0, learningRate.isFinite, clipNorm ?? 1 > 0 else {
      throw ValidationError("--lr and --clip-norm must be positive numbers.")
    }
    guard (0..<1).contains(average) else {
      throw ValidationError("--average must be from 0 to below 1, such as 0.999.")
    }
  }
}

extension StepSizeSchedule: ExpressibleByArgument {
  /// Reads a schedule as the command line spells it.
  public init?(argument: String) { self.init(argument) }
}
