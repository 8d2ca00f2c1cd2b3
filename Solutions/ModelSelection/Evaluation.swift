import Coursework

/// What is said of a network on a set (given).
public struct Evaluation: Sendable {
  /// `[classes][classes]`: of the beats of class r the share that is taken for class c.
  public let matrix: [[Double]]
  /// Of each class the share that is found: the matrix's diagonal.
  public let recalls: [Double]
  /// The mean of the recalls of those classes that occur.
  public let meanRecall: Double
  /// The share of all beats whose class is found.
  public let accuracy: Double

  /// Takes the figures.
  public init(matrix: [[Double]], recalls: [Double], meanRecall: Double, accuracy: Double) {
    self.matrix = matrix
    self.recalls = recalls
    self.meanRecall = meanRecall
    self.accuracy = accuracy
  }
}

/// The figures that are reported of the hold-out set (section 7.9, task 7.9a).
///
/// A beat is taken for the class of its largest logit, of equal ones the first. A beat one of whose logits is not a number
/// (NaN) is taken for no class: it counts among the beats of its own class, and as wrong.
///
///     M_rc = (beats of class r that are taken for c) / (beats of class r)
///     recall_c = M_cc
///
/// The row of a class without beats is zeros, and so is its recall, which does not count in the mean recall.
///
/// - Parameters:
///   - logits: of each beat, one for each class.
///   - labels: the class of each beat.
public func evaluation(_ logits: [[Float]], _ labels: [Int]) throws -> Evaluation {
  // BEGIN SOLUTION 7.9a: count, then divide by the beats of the true class
  let classes = logits.first?.count ?? 0
  var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
  var totals = [Int](repeating: 0, count: classes)
  for (row, label) in zip(logits, labels) {
    totals[label] += 1
    guard !row.contains(where: \.isNaN) else { continue }
    let taken = row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    counts[label][taken] += 1
  }
  let matrix = (0..<classes).map { r in
    counts[r].map { totals[r] == 0 ? 0 : Double($0) / Double(totals[r]) }
  }
  let recalls = (0..<classes).map { matrix[$0][$0] }
  let present = (0..<classes).filter { totals[$0] > 0 }
  let right = (0..<classes).reduce(0) { $0 + counts[$1][$1] }
  return Evaluation(
    matrix: matrix, recalls: recalls,
    meanRecall: present.isEmpty
      ? 0 : present.reduce(0) { $0 + recalls[$1] } / Double(present.count),
    accuracy: labels.isEmpty ? 0 : Double(right) / Double(labels.count))
  // END SOLUTION
}
