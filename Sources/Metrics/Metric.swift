/// A figure that is better the larger it is: what a training can have as its goal.
public enum Metric: String, Codable, Sendable, CaseIterable {
  /// The fraction of examples that are classified correctly, or of labels that are right.
  case accuracy
  /// The mean of the classes' F1, or of the labels'.
  case meanF1 = "macro-f1"
  /// The mean over the classes of the share of their examples that are found, or over the labels: accuracy
  /// as if all classes were equally large.
  case meanRecall = "mean-recall"
  /// The area under the receiver operating characteristic: of two classes, or the mean over labels, or over
  /// classes against all others.
  case areaUnderROC = "auroc"
  /// The average precision, for two classes or as the mean over labels.
  case averagePrecision = "average-precision"
  /// The score of the Challenge 2017, for three classes or more.
  case challengeScore = "challenge-score"
  /// The coefficient of determination, for numbers.
  case determination = "r-squared"
  /// The loss with its sign turned, so that of it too the larger is better: what a training can stop by, and no
  /// goal. Source of the form: scikit-learn's `neg_log_loss`.
  case loss

  /// How it is called in a sentence.
  public var title: String {
    switch self {
    case .accuracy: "accuracy"
    case .meanF1: "mean F1"
    case .meanRecall: "mean recall"
    case .areaUnderROC: "area under the ROC curve"
    case .averagePrecision: "average precision"
    case .challengeScore: "score of the Challenge 2017"
    case .determination: "coefficient of determination"
    case .loss: "loss"
    }
  }

  /// The figure as people read it: a loss without the turned sign.
  public func shown(_ value: Double) -> Double { self == .loss ? -value : value }
}
