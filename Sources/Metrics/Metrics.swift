import Foundation

/// What the course reports of a network's predictions.
public enum Metrics {
  /// The fraction of examples that the logits classify correctly: with one logit an example by its
  /// sign (class 1 when positive), else by the largest.
  ///
  /// - Returns: a number from 0 to 1; 0 for no examples, or when a logit is not a number.
  public static func accuracy(logits: [Float], labels: [Int32]) -> Double {
    labels.isEmpty || logits.contains(where: \.isNaN)
      ? 0 : Double(correct(logits: logits, labels: labels)) / Double(labels.count)
  }

  /// The mean cross-entropy, computed in double precision: of one logit an example the binary one,
  /// of several that of their softmax.
  ///
  /// - Returns: not a number where there are no examples, or not as many logits for each.
  public static func crossEntropy(logits: [Float], labels: [Int32]) -> Double {
    guard !labels.isEmpty, !logits.isEmpty, logits.count % labels.count == 0 else { return .nan }
    let classes = logits.count / labels.count
    let losses = labels.enumerated().map { index, label -> Double in
      if classes == 1 {
        let x = Double(logits[index])
        return max(x, 0) - x * Double(label) + log1p(exp(-abs(x)))
      }
      let row = logits[(index * classes)..<((index + 1) * classes)].map(Double.init)
      guard row.indices.contains(Int(label)) else { return .nan }
      let largest = row.max() ?? 0
      return largest + log(row.reduce(0) { $0 + exp($1 - largest) }) - row[Int(label)]
    }
    return losses.reduce(0, +) / Double(labels.count)
  }

  /// The class that the logits of each of `count` examples stand for: with one logit class 1 when
  /// it is positive, else class 0; with several the class of the largest, the first of equals.
  ///
  /// - Returns: nil for an example with a logit that is not a number.
  public static func predictions(logits: [Float], count: Int) -> [Int32?] {
    guard count > 0 else { return [] }
    let width = logits.count / count
    return (0..<count).map { index in
      let row = logits[(index * width)..<((index + 1) * width)]
      guard let first = row.first, !row.contains(where: \.isNaN) else { return nil }
      if width == 1 { return first > 0 ? 1 : 0 }
      var best = row.startIndex
      for column in row.indices where row[column] > row[best] { best = column }
      return Int32(best - row.startIndex)
    }
  }

  /// How many examples the logits classify correctly, see `predictions`.
  public static func correct(logits: [Float], labels: [Int32]) -> Int {
    zip(predictions(logits: logits, count: labels.count), labels).count { $0 == $1 }
  }
}
