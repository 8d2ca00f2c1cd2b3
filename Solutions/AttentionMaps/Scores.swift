import Coursework
import TensorCore

/// How much each class counts in the loss, so that rare ones are not outvoted (section 8.3, task 8.3a).
///
///     w_c = n / (K n_c)
///
/// `n` is the number of labels, `n_c` that of the labels of class `c`, `K` the number of classes. A class of which there
/// are as many as of the others on average has the weight 1, one that is half as frequent 2. A class without examples
/// has the weight 0, since no example can be counted with it.
///
/// - Parameters:
///   - labels: the class of each example, from 0 to `classCount` − 1.
///   - classCount: `K`.
/// - Returns: `K` weights.
/// - Throws: an error that names the label and `K` where a label is no class: `TensorError("classWeights", "…")`.
public func classWeights(_ labels: [Int], classCount: Int) throws -> [Float] {
  // BEGIN SOLUTION 8.3a: refuse a label that is no class, count each class, then the line above
  var counts = [Int](repeating: 0, count: classCount)
  for label in labels {
    guard counts.indices.contains(label) else {
      throw TensorError("classWeights", "the label \(label) is none of the \(classCount) classes")
    }
    counts[label] += 1
  }
  let (n, K) = (Float(labels.count), Float(classCount))
  return counts.map { $0 == 0 ? 0 : n / (K * Float($0)) }
  // END SOLUTION
}

/// The score of the Challenge 2017: the mean of the F1 scores of the three classes N, A and O, which are 0, 1 and 2
/// (section 8.3, task 8.3b).
///
///     F1_c = 2 TP_c / (true_c + predicted_c)
///     score = (F1_N + F1_A + F1_O) / 3
///
/// `TP_c` counts the examples of class `c` that are predicted as `c`, `true_c` all examples of class `c`, `predicted_c`
/// all that are predicted as `c`. Where a class neither occurs nor is predicted, 0 / 0, its F1 is 0.
///
/// - Parameters:
///   - labels: the class of each example, 0, 1 or 2.
///   - predictions: the class that a network says each is of, in the same order.
/// - Returns: a number between 0 and 1.
/// - Throws: an error that names both numbers where there are not as many predictions as labels:
///   `TensorError("challengeScore", "…")`.
public func challengeScore(_ labels: [Int], _ predictions: [Int]) throws -> Double {
  // BEGIN SOLUTION 8.3b: refuse lists of different lengths, then the two lines above
  guard predictions.count == labels.count else {
    throw TensorError(
      "challengeScore", "there are \(labels.count) labels and \(predictions.count) predictions")
  }
  var score = 0.0
  for c in 0..<3 {
    let right = zip(labels, predictions).count { $0 == c && $1 == c }
    let total = labels.count { $0 == c } + predictions.count { $0 == c }
    if total > 0 { score += 2 * Double(right) / Double(total) }
  }
  return score / 3
  // END SOLUTION
}
