/// How often each class was taken for each other, and what follows from it.
///
/// A figure that is a division by zero is 0, as with scikit-learn's `zero_division=0`: the
/// precision of a class that was never predicted, the recall of one that does not occur.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Row: the true class; column: the predicted one.
  public let counts: [[Int]]
  /// Examples of each true class without a prediction, since a logit was not a number. They count
  /// as wrong.
  public let unpredicted: [Int]

  private static let mostClasses = 1 << 15

  /// Counts `predictions`, one for each label; nil where there is none.
  ///
  /// Classes are `0 ..< classCount`; labels and predictions must be among them.
  public init(labels: [Int32], predictions: [Int32?], classCount: Int) {
    // no preconditions: their messages are left out of an optimised build
    guard labels.count == predictions.count else {
      fatalError("ConfusionMatrix: \(predictions.count) predictions for \(labels.count) labels")
    }
    if let bad = (labels + predictions.compactMap(\.self)).first(where: {
      $0 < 0 || $0 >= classCount
    }) {
      fatalError("ConfusionMatrix: the class \(bad) is not one of the \(classCount) classes")
    }
    guard classCount >= 0, classCount <= Self.mostClasses else {
      fatalError(
        "ConfusionMatrix: \(classCount) classes are not between 0 and \(Self.mostClasses), whose table "
          + "has a place in memory")
    }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    var unpredicted = [Int](repeating: 0, count: classCount)
    for (label, prediction) in zip(labels, predictions) {
      if let prediction {
        counts[Int(label)][Int(prediction)] += 1
      } else {
        unpredicted[Int(label)] += 1
      }
    }
    self.counts = counts
    self.unpredicted = unpredicted
  }

  /// Counts the classes that logits stand for, see `Metrics.predictions`. One logit an example
  /// stands for two classes.
  public init(logits: [Float], labels: [Int32]) {
    let width = labels.isEmpty ? 1 : logits.count / labels.count
    self.init(
      labels: labels, predictions: Metrics.predictions(logits: logits, count: labels.count),
      classCount: max(width, 2))
  }

  /// The number of examples.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } + unpredicted.reduce(0, +) }

  /// How many examples of each class there are.
  public var support: [Int] { zip(counts, unpredicted).map { $0.reduce(0, +) + $1 } }

  /// The share of examples on the diagonal.
  public var accuracy: Double {
    Self.ratio(counts.indices.reduce(0) { $0 + counts[$1][$1] }, total)
  }

  /// For each class the share of its predictions that are right.
  public var precision: [Double] {
    counts.indices.map { column in
      Self.ratio(counts[column][column], counts.reduce(0) { $0 + $1[column] })
    }
  }

  /// For each class the share of its examples that were found: the sensitivity.
  public var recall: [Double] { counts.indices.map { Self.ratio(counts[$0][$0], support[$0]) } }

  /// For each class the harmonic mean of precision and recall.
  public var f1: [Double] {
    counts.indices.map { index in
      let predicted = counts.reduce(0) { $0 + $1[index] }
      return Self.ratio(2 * counts[index][index], predicted + support[index])
    }
  }

  /// The mean of the classes' F1.
  public var meanF1: Double { f1.isEmpty ? 0 : f1.reduce(0, +) / Double(f1.count) }

  /// The mean recall of the classes that occur (scikit-learn's `balanced_accuracy_score`).
  public var meanRecall: Double {
    let occurring = zip(recall, support).filter { $0.1 > 0 }.map(\.0)
    return occurring.isEmpty ? 0 : occurring.reduce(0, +) / Double(occurring.count)
  }

  /// The score of the Challenge 2017 (Clifford et al. 2017): the mean F1 of N, A and O, which are
  /// the classes 0, 1 and 2. A fourth class, noise, counts only by what is taken for it.
  ///
  /// - Returns: nil where there are fewer than three classes.
  public var challengeScore: Double? {
    counts.count < 3 ? nil : f1.prefix(3).reduce(0, +) / 3
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
