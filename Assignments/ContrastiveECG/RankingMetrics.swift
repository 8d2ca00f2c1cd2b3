import Coursework

/// The chance that a record with the diagnosis has a higher score than one without it, ties counting half (section 6.7, task
/// 6.7b).
///
///     AUROC = (R − P (P + 1) / 2) / (P N)
///
/// P is the number of positives, whose label is true, N that of the negatives, R the sum of the positives' ranks: the lowest
/// score has the rank 1, and equal scores have the mean of the ranks that they take together. In double precision, to nine
/// places.
///
///     scores  0.9  0.8  0.8  0.3
///     labels  true false true false        ranks 4, 2.5, 2.5, 1: (6.5 − 3) / 4 = 0.875
///
/// - Parameters:
///   - scores: one for each record.
///   - labels: whether each has the diagnosis.
/// - Returns: a number from 0 to 1; nil where there is no positive, no negative, or a score is not a number.
public func areaUnderROC(scores: [Float], labels: [Bool]) throws -> Double? {
  // TODO: Task 6.7b: the mean rank of each tie, the positives' sum, the equation
  throw Unimplemented("6.7b")
}

/// The mean precision of a ranking at the places where it finds positives (section 6.7, task 6.7b).
///
///     AP = Σ over the distinct scores s, from the highest down:
///          precision of all records with a score ≥ s  ·  (recall at s − recall at the score before)
///
/// Precision is the share of positives among those records, recall the share of all positives that is among them. Records with
/// one score come in together. There is no interpolation. In double precision, to nine places.
///
///     the scores above        at 0.9: 1 · 1/2,  at 0.8: 2/3 · 1/2,  at 0.3: 2/4 · 0        AP = 0.8333
///
/// - Parameters:
///   - scores: one for each record.
///   - labels: whether each has the diagnosis.
/// - Returns: a number from 0 to 1; nil where there is no positive or a score is not a number.
public func averagePrecision(scores: [Float], labels: [Bool]) throws -> Double? {
  // TODO: Task 6.7b: tie by tie from the highest score down
  throw Unimplemented("6.7b")
}
