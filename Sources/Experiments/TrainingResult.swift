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
    /// How well validation examples are ranked, by group, where the network gives embeddings and no logits; the loss and
    /// the accuracy on them are not numbers then.
    package var rankings: [RankingFigures.Group]?

    /// What decides which epoch is the best.
    package var decisive: Double { validationFigure ?? validationAccuracy }
    /// What a curve or a table shows of the epoch: the accuracy, or how well examples are ranked.
    package var shown: Double { rankings == nil ? validationAccuracy : decisive }

    /// Names the figures of an epoch.
    package init(
      epoch: Int, trainLoss: Double, trainAccuracy: Double, validationLoss: Double,
      validationAccuracy: Double, validationFigure: Double? = nil, validationF1: [Double]? = nil,
      rankings: [RankingFigures.Group]? = nil
    ) {
      self.epoch = epoch
      self.trainLoss = trainLoss
      self.trainAccuracy = trainAccuracy
      self.validationLoss = validationLoss
      self.validationAccuracy = validationAccuracy
      self.validationFigure = validationFigure
      self.validationF1 = validationF1
      self.rankings = rankings
    }

    /// The epoch's figures in a line.
    ///
    /// - Parameter metric: what decides which epoch is the best.
    package func line(_ metric: Metric) -> String {
      func text(_ value: Double) -> String { String(format: "%.3f", value) }
      if let rankings { return "train loss \(text(trainLoss)), \(rankings.line)" }
      // a loss is there already
      let figure = (metric == .loss ? nil : validationFigure).map {
        ", val \(metric.rawValue) \(text($0))"
      }
      return "train loss \(text(trainLoss)), train acc \(text(trainAccuracy)), val loss "
        + "\(text(validationLoss)), val acc \(text(validationAccuracy))" + (figure ?? "")
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
  /// How well validation examples are ranked after the last epoch, whose parameters are kept; nil where the network
  /// gives logits.
  package var rankings: RankingFigures?
  /// The same of examples that the training did not look at, by the name of their set.
  package var otherRankings: [String: RankingFigures]?

  /// The course's two closing lines.
  package var closingLines: String {
    func text(_ value: Double) -> String { String(format: "%.3f", value) }
    if rankings != nil {
      return "train loss \(text(trainLoss))\n"
        + String(format: "%.1f examples/sec on cpu", examplesPerSecond)
    }
    return "train loss \(text(trainLoss)), train acc \(text(trainAccuracy)), "
      + "val loss \(text(validationLoss)), val acc \(text(validationAccuracy))\n"
      + String(format: "%.1f examples/sec on cpu", examplesPerSecond)
  }

  /// Of which epoch the parameters in a file are, and by what that was the best.
  package func parametersLine(_ path: String) -> String {
    rankings == nil
      ? "\(bestLine), parameters in \(path)" : "parameters of the last epoch in \(path)"
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
