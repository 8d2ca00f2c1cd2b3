import TensorCore

/// Loss and accuracy over the examples seen so far.
struct RunningMetrics {
  private var lossSum = 0.0
  private var correct = 0
  private var count = 0

  var loss: Double { count == 0 ? 0 : lossSum / Double(count) }
  var accuracy: Double { count == 0 ? 0 : Double(correct) / Double(count) }

  mutating func add(loss: Float, logits: Tensor, labels: [Int32]) {
    lossSum += Double(loss) * Double(labels.count)
    correct += Metrics.correct(logits.array, labels)
    count += labels.count
  }
}

/// What the course reports of a network's predictions.
public enum Metrics {
  /// The share of examples that the logits classify correctly: with one logit an example by its
  /// sign (class 1 when positive), else by the largest.
  ///
  /// - Returns: a number from 0 to 1; 0 for no examples, or when a logit is not a number.
  public static func accuracy(logits: [Float], labels: [Int32]) -> Double {
    labels.isEmpty || logits.contains(where: \.isNaN)
      ? 0 : Double(correct(logits, labels)) / Double(labels.count)
  }

  /// The mean binary cross-entropy of logits, one for each label.
  public static func binaryCrossEntropy(logits: [Float], labels: [Int32]) -> Double {
    guard logits.count == labels.count, !labels.isEmpty,
      let loss = try? binaryCrossEntropyWithLogits(
        Tensor(logits), targets: Tensor(labels.map(Float.init))), let value = try? loss.item
    else { return .nan }
    return Double(value)
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
      for place in row.indices where row[place] > row[best] { best = place }
      return Int32(best - row.startIndex)
    }
  }

  static func correct(_ logits: [Float], _ labels: [Int32]) -> Int {
    guard !labels.isEmpty else { return 0 }
    let classes = logits.count / labels.count
    return labels.indices.count { index in
      if classes == 1 { return (logits[index] > 0) == (labels[index] == 1) }
      let row = logits[(index * classes)..<((index + 1) * classes)]
      let best = row.indices.max { row[$0] < row[$1] }
      return best.map { Int32($0 - row.startIndex) } == labels[index]
    }
  }
}
