/// One trial of a study, a line of its file.
package struct TrialRecord: Codable, Equatable, Sendable {
  /// Its number, from 1.
  package let trial: Int
  /// The values that were tried, by name.
  package let values: [String: String]
  /// The point: the values as numbers, in the order of the space.
  package let point: [Double]
  /// What the parameters and the batches were drawn by.
  package let seed: UInt64
  /// The figure on the validation set, epoch by epoch.
  package let validation: [Double]
  /// The figure on the test set, of the epoch that was the best on the validation set.
  package let test: Double
  /// Passes over the training set.
  package let epochs: Int
  /// How long it took.
  package let seconds: Double

  /// Describes a trial.
  package init(
    trial: Int, values: [String: String], point: [Double], seed: UInt64, validation: [Double],
    test: Double, epochs: Int, seconds: Double
  ) {
    self.trial = trial
    self.values = values
    self.point = point
    self.seed = seed
    self.validation = validation
    self.test = test
    self.epochs = epochs
    self.seconds = seconds
  }
}

extension [TrialRecord] {
  /// The trial with the best figure on the test set, of equals the earlier; nil where none has a figure.
  package var best: TrialRecord? {
    reduce(nil) { best, record in
      record.test.isNaN || record.test <= best?.test ?? -.infinity ? best : record
    }
  }
}
