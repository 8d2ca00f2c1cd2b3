import Assignment
import Examples
import Training
import WorkerPipe

extension AssignmentManifest {
  /// What a network is made with.
  ///
  /// - Parameter sizes: those that the data have.
  public func settings(of network: String, with sizes: [String: Int]) -> Settings {
    Settings(sizes: self.sizes(of: network, with: sizes))
      .merging(numbers(of: network).mapValues(Setting.number)) { $1 }
  }

  /// How networks are trained where nothing else is said.
  ///
  /// - Throws: a sentence where the schedule or the optimiser is none.
  public func recipe(
    epochs: Int, on training: (examples: ExampleSet, source: EpochSource), seed: UInt64,
    threads: Int
  ) throws -> Recipe {
    let usual = recipe
    let decay = usual?.average ?? 0.999
    return Recipe(
      epochs: epochs, batchSize: usual?.batchSize ?? 192,
      optimiser: try usual?.optimiser.map(OptimiserChoice.init) ?? OptimiserChoice(),
      learningRate: usual?.learningRate ?? 0.01, schedule: try .named(usual?.schedule),
      clipNorm: usual?.clipNorm, averageDecay: decay > 0 ? decay : nil,
      classWeights: usual?.classWeights == true
        ? training.examples.targets.balancingWeights : nil, seed: seed,
      source: training.source, threads: threads)
  }

  /// What a network in an experiment is made with.
  ///
  /// - Parameter sizes: those that the data have.
  public func settings(of entry: Experiment.Entry, with sizes: [String: Int]) -> Settings {
    settings(of: entry.network, with: sizes)
      .merging((entry.sizes ?? [:]).mapValues(Setting.integer)) { $1 }
      .merging((entry.numbers ?? [:]).mapValues(Setting.number)) { $1 }
  }
}

extension OptimiserChoice {
  /// What an assignment file says.
  ///
  /// - Throws: a sentence where there is no such optimiser, or it takes no such number.
  public init(_ words: AssignmentManifest.Optimiser) throws {
    self = try .named(
      words.kind, momentum: words.momentum, nesterov: words.nesterov,
      weightDecay: words.weightDecay)
  }
}
