import Foundation
import Metrics

/// What a training gave, as `--json` writes it.
package struct TrainingResult: Codable {
  /// One epoch.
  package struct Epoch: Codable, Sendable {
    /// Its number, from 1.
    package let epoch: Int
    package let trainLoss: Double
    package let trainAccuracy: Double
    package let validationLoss: Double
    package let validationAccuracy: Double
    /// The figure that decides which epoch is the best, where that is not the accuracy.
    package let validationFigure: Double?
    /// F1 of each class on the validation set, where there are more than two.
    package let validationF1: [Double]?

    /// What decides which epoch is the best.
    package var decisive: Double { validationFigure ?? validationAccuracy }

    /// Names the figures of an epoch.
    package init(
      epoch: Int, trainLoss: Double, trainAccuracy: Double, validationLoss: Double,
      validationAccuracy: Double, validationFigure: Double? = nil, validationF1: [Double]? = nil
    ) {
      self.epoch = epoch
      self.trainLoss = trainLoss
      self.trainAccuracy = trainAccuracy
      self.validationLoss = validationLoss
      self.validationAccuracy = validationAccuracy
      self.validationFigure = validationFigure
      self.validationF1 = validationF1
    }

    /// F1 of each class and their mean, as in `F1 N 0.907, A 0.759, O 0.722, mean 0.796`; nil for two classes.
    package func classLine(_ classes: [String]) -> String? {
      guard let validationF1, validationF1.count == classes.count else { return nil }
      let mean = validationF1.reduce(0, +) / Double(max(validationF1.count, 1))
      let figures = zip(classes + ["mean"], validationF1 + [mean])
      return "F1 " + figures.map { String(format: "\($0) %.3f", $1) }.joined(separator: ", ")
    }
  }

  package let network: String
  package let data: String
  package let seed: UInt64
  package let threads: Int
  package let epochs: Int
  package let parameters: Int
  package let trainLoss: Double
  package let trainAccuracy: Double
  package let validationLoss: Double
  package let validationAccuracy: Double
  package let bestValidationAccuracy: Double
  /// What decided which epoch is the best; the accuracy where nothing is said.
  package let metric: Metric?
  /// The largest of that figure.
  package let bestValidationFigure: Double?
  /// Whether the training ended before its time since nothing got better.
  package let stoppedEarly: Bool?
  package let examplesPerSecond: Double
  package let history: [Epoch]
  /// The last epoch's receiver operating characteristic on the validation set, where there is one.
  package let roc: ROCCurve?
  /// The last epoch's predictions, class by class.
  package let validation: ValidationFigures?
  /// What there is to say of how it went; nil in results of earlier versions.
  package let remarks: [String]?
  /// What the best parameters give on sets that the training did not look at, by their names; nil where nobody asked.
  package var evaluations: [String: ValidationFigures]?

  /// The course's two closing lines.
  package var closingLines: String {
    func text(_ value: Double) -> String { String(format: "%.3f", value) }
    return "train loss \(text(trainLoss)), train acc \(text(trainAccuracy)), "
      + "val loss \(text(validationLoss)), val acc \(text(validationAccuracy))\n"
      + String(format: "%.1f examples/sec on cpu", examplesPerSecond)
  }

  /// Which epoch was the best, and by what.
  package var bestLine: String {
    guard let metric, let bestValidationFigure else {
      return String(format: "best val acc %.3f", bestValidationAccuracy)
    }
    return String(
      format: "best val \(metric.rawValue) %.3f", metric.shown(bestValidationFigure))
  }
}
