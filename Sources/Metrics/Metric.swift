/// A figure that is better the larger it is: what a training can have as its goal.
public enum Metric: String, Codable, Sendable, CaseIterable {
  /// The fraction of examples that are classified correctly.
  case accuracy
  /// The mean of the classes' F1.
  case meanF1 = "macro-f1"
  /// The area under the receiver operating characteristic, for two classes.
  case areaUnderROC = "auroc"
  /// The average precision, for two classes.
  case averagePrecision = "average-precision"
  /// The score of the Challenge 2017, for three classes or more.
  case challengeScore = "challenge-score"

  /// How it is called in a sentence.
  public var title: String {
    switch self {
    case .accuracy: "accuracy"
    case .meanF1: "mean F1"
    case .areaUnderROC: "area under the ROC curve"
    case .averagePrecision: "average precision"
    case .challengeScore: "score of the Challenge 2017"
    }
  }

  /// How many classes it is defined for.
  public var classCounts: ClosedRange<Int> {
    switch self {
    case .accuracy, .meanF1: 2...Int.max
    case .areaUnderROC, .averagePrecision: 2...2
    case .challengeScore: 3...Int.max
    }
  }

  /// Why it is no figure of so many classes, a clause such as `auroc takes two classes, and the data have
  /// 3`; nil where it is one.
  public func objection(toClasses count: Int) -> String? {
    guard !classCounts.contains(count) else { return nil }
    let wanted = self == .challengeScore ? "three classes or more" : "two classes"
    return "\(rawValue) takes \(wanted), and the data have \(count)"
  }

  /// The figure of logits.
  ///
  /// - Returns: 0 where there is none: a logit is not a number, a class is absent.
  public func value(logits: [Float], labels: [Int32]) -> Double {
    switch self {
    case .accuracy: Metrics.accuracy(logits: logits, labels: labels)
    case .meanF1: ConfusionMatrix(logits: logits, labels: labels).meanF1
    case .areaUnderROC: Metrics.areaUnderROC(scores: logits, labels: labels) ?? 0
    case .averagePrecision: Metrics.averagePrecision(scores: logits, labels: labels) ?? 0
    case .challengeScore: ConfusionMatrix(logits: logits, labels: labels).challengeScore ?? 0
    }
  }
}
