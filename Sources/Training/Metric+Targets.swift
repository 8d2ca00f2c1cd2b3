import Examples
import Metrics

extension Metric {
  /// The figure of a network's outputs.
  ///
  /// - Parameters:
  ///   - outputs: row-major, `targets.outputWidth` for each example: logits, or numbers.
  ///   - targets: what they should be.
  /// - Returns: 0 where there is none: an output is not a number, a class is absent, or the metric is none of
  ///   such targets. A loss of such outputs is not a number.
  public func value(of outputs: [Float], for targets: Targets) -> Double {
    if self == .loss { return -targets.loss(of: outputs) }
    return switch targets {
    case .none: 0
    case .classes(let labels, _): value(logits: outputs, labels: labels)
    case .labelSets(let flags, let count):
      LabelSets(logits: outputs, flags: flags, count: count).flatMap(value) ?? 0
    case .numbers(let values, let width):
      self == .determination
        ? Metrics.determination(outputs, targets: values, width: width) ?? 0 : 0
    }
  }

  private func value(logits: [Float], labels: [Int32]) -> Double {
    switch self {
    case .accuracy: Metrics.accuracy(logits: logits, labels: labels)
    case .meanF1: ConfusionMatrix(logits: logits, labels: labels).meanF1
    case .meanRecall: ConfusionMatrix(logits: logits, labels: labels).meanRecall
    case .areaUnderROC:
      (logits.count > labels.count
        ? Metrics.meanAreaUnderROC(logits: logits, labels: labels)
        : Metrics.areaUnderROC(scores: logits, labels: labels)) ?? 0
    case .averagePrecision: Metrics.averagePrecision(scores: logits, labels: labels) ?? 0
    case .challengeScore: ConfusionMatrix(logits: logits, labels: labels).challengeScore ?? 0
    case .determination, .loss: 0
    }
  }

  private func value(_ sets: LabelSets) -> Double? {
    switch self {
    case .accuracy: sets.accuracy
    case .meanF1: sets.meanF1
    case .meanRecall: sets.meanRecall
    case .areaUnderROC: sets.areaUnderROC
    case .averagePrecision: sets.averagePrecision
    case .challengeScore, .determination, .loss: nil
    }
  }

  /// Why it is no figure of such targets, a clause such as `average-precision takes two classes or label
  /// sets, and the data have 3 classes`; nil where it is one.
  public func objection(to targets: Targets) -> String? {
    switch (self, targets) {
    case (_, .none): "\(rawValue) takes targets, and the data have none"
    case (.accuracy, .classes), (.meanF1, .classes), (.meanRecall, .classes),
      (.meanRecall, .labelSets), (.areaUnderROC, .classes(_, 2...)),
      (.averagePrecision, .classes(_, 2)), (.challengeScore, .classes(_, 3...)),
      (.accuracy, .labelSets), (.meanF1, .labelSets), (.areaUnderROC, .labelSets),
      (.averagePrecision, .labelSets), (.determination, .numbers), (.loss, _):
      nil
    case (_, .classes(_, let count)):
      "\(rawValue) takes \(wanted), and the data have \(count) classes"
    case (_, .labelSets): "\(rawValue) takes \(wanted), and the data have label sets"
    case (_, .numbers): "\(rawValue) takes \(wanted), and the targets are numbers"
    }
  }

  private var wanted: String {
    switch self {
    case .accuracy, .meanF1, .meanRecall, .areaUnderROC: "classes or label sets"
    case .averagePrecision: "two classes or label sets"
    case .challengeScore: "three classes or more"
    case .determination: "numbers"
    case .loss: "targets"
    }
  }
}
