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
  // BEGIN SOLUTION 6.7b: the mean rank of each tie, the positives' sum, the equation
  let P = labels.count { $0 }
  let N = labels.count - P
  guard P > 0, N > 0, !scores.contains(where: \.isNaN) else { return nil }
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  var R = 0.0
  var start = 0
  while start < order.count {
    let tie = order[start...].prefix { scores[$0] == scores[order[start]] }
    let rank = Double(2 * start + tie.count + 1) / 2
    R += rank * Double(tie.count { labels[$0] })
    start += tie.count
  }
  return (R - Double(P * (P + 1)) / 2) / Double(P * N)
  // END SOLUTION
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
  // BEGIN SOLUTION 6.7b: tie by tie from the highest score down
  let P = labels.count { $0 }
  guard P > 0, !scores.contains(where: \.isNaN) else { return nil }
  let order = scores.indices.sorted { scores[$0] > scores[$1] }
  var (seen, found, sum) = (0, 0, 0.0)
  while seen < order.count {
    let tie = order[seen...].prefix { scores[$0] == scores[order[seen]] }
    let added = tie.count { labels[$0] }
    seen += tie.count
    found += added
    sum += Double(found) / Double(seen) * Double(added) / Double(P)
  }
  return sum
  // END SOLUTION
}
