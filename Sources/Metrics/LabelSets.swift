/// What is right of predictions where an example may have any of several labels, or none: a logit for each
/// label, which is predicted where its logit is positive.
public struct LabelSets: Sendable {
  /// Of each label: its logits, and whether it is there, 0 or 1, by example.
  private let columns: [(logits: [Float], flags: [Int32])]

  /// Takes logits and flags, a row an example and a column a label.
  ///
  /// - Returns: nil where they are not as many, or not `count` for each example.
  public init?(logits: [Float], flags: [Int32], count: Int) {
    guard count > 0, logits.count == flags.count, flags.count % count == 0 else { return nil }
    columns = Array(zip(logits.columns(count), flags.columns(count)))
  }

  /// The fraction of all labels of all examples that are right: 1 less the Hamming loss.
  ///
  /// - Returns: 0 for no examples, or when a logit is not a number.
  public var accuracy: Double {
    columns.map { Metrics.accuracy(logits: $0.logits, labels: $0.flags) }.mean ?? 0
  }

  /// The mean of the labels' F1, where a division by zero is 0 (scikit-learn's `f1_score` with
  /// `average="macro", zero_division=0`).
  public var meanF1: Double {
    columns.map { ConfusionMatrix(logits: $0.logits, labels: $0.flags).f1[1] }.mean ?? 0
  }

  /// The mean recall of the labels that some examples have.
  public var meanRecall: Double {
    columns.filter { $0.flags.contains(1) }
      .map { ConfusionMatrix(logits: $0.logits, labels: $0.flags).recall[1] }.mean ?? 0
  }

  /// The mean area under the receiver operating characteristic of the labels that some examples have and
  /// others have not.
  ///
  /// - Returns: nil where there is none, or a logit is not a number.
  public var areaUnderROC: Double? { ranking(Metrics.areaUnderROC) }

  /// The mean average precision of the labels that some examples have and others have not.
  ///
  /// - Returns: nil where there is none, or a logit is not a number.
  public var averagePrecision: Double? { ranking(Metrics.averagePrecision) }

  /// The mean binary cross-entropy over all labels of all examples.
  public var crossEntropy: Double {
    columns.map { Metrics.crossEntropy(logits: $0.logits, labels: $0.flags) }.mean ?? .nan
  }

  private func ranking(_ figure: (_ scores: [Float], _ labels: [Int32]) -> Double?) -> Double? {
    guard !columns.contains(where: { $0.logits.contains(where: \.isNaN) }) else { return nil }
    return columns.filter { $0.flags.contains(1) && $0.flags.contains(0) }
      .compactMap { figure($0.logits, $0.flags) }.mean
  }
}
