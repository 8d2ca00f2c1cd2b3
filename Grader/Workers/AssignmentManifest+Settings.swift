import Assignment
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
