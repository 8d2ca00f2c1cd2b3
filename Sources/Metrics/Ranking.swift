import Foundation

extension Metrics {
  /// The area under the receiver operating characteristic: the chance that a random example of
  /// class 1 has a higher score than a random one of class 0, ties counting half (the statistic of
  /// Mann and Whitney; scikit-learn's `roc_auc_score`).
  ///
  /// - Parameters:
  ///   - scores: one for each label, such as logits; only their order matters.
  ///   - labels: 1 for the class to find; any other label is a negative example.
  /// - Returns: nil where a class is absent or a score is not a number.
  public static func areaUnderROC(scores: [Float], labels: [Int32]) -> Double? {
    area(of: scores, labels)
  }

  private static func area<Score: BinaryFloatingPoint>(
    of scores: [Score], _ labels: [Int32]
  ) -> Double? {
    guard let steps = thresholds(scores, labels), let last = steps.last,
      last.positives > 0, last.negatives > 0
    else { return nil }
    var area = 0.0
    var previous = Threshold()
    for step in steps {
      // A trapezium: between two thresholds lie only ties.
      area +=
        Double(step.negatives - previous.negatives)
        * Double(step.positives + previous.positives) / 2
      previous = step
    }
    return area / (Double(last.positives) * Double(last.negatives))
  }

  /// The mean of the areas of each class against all the others, ranked by its softmax probability, over the
  /// classes that some examples have and others have not (scikit-learn's `roc_auc_score` with
  /// `multi_class="ovr", average="macro"`).
  ///
  /// By probabilities and not by logits: what a network adds to all logits of an example says nothing of
  /// the example.
  ///
  /// - Parameter logits: for each label one a class, row-major; at least two.
  /// - Returns: nil where no class is such, or a logit is not a number.
  public static func meanAreaUnderROC(logits: [Float], labels: [Int32]) -> Double? {
    guard !labels.isEmpty, logits.count % labels.count == 0, !logits.contains(where: \.isNaN)
    else { return nil }
    let width = logits.count / labels.count
    var columns = [[Double]](repeating: [], count: width)
    for first in stride(from: 0, to: logits.count, by: width) {
      let row = logits[first..<(first + width)].map(Double.init)
      let largest = row.max() ?? 0
      // two infinities are as probable as each other
      let powers = row.map { $0 == largest ? 1 : exp($0 - largest) }
      let sum = powers.reduce(0, +)
      for (column, power) in powers.enumerated() { columns[column].append(power / sum) }
    }
    let areas = columns.indices.compactMap { column in
      area(of: columns[column], labels.map { $0 == column ? 1 : 0 })
    }
    return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
  }

  /// The average precision: the mean of the precision at each threshold, weighted with the recall
  /// it adds, without interpolation (scikit-learn's `average_precision_score`).
  ///
  /// - Parameters:
  ///   - scores: one for each label, such as logits; only their order matters.
  ///   - labels: 1 for the class to find; any other label is a negative example.
  /// - Returns: nil where there is no example to find or a score is not a number.
  public static func averagePrecision(scores: [Float], labels: [Int32]) -> Double? {
    guard let steps = thresholds(scores, labels), let last = steps.last, last.positives > 0
    else { return nil }
    var sum = 0.0
    var previous = Threshold()
    for step in steps {
      let precision = Double(step.positives) / Double(step.positives + step.negatives)
      sum += precision * Double(step.positives - previous.positives)
      previous = step
    }
    return sum / Double(last.positives)
  }

  /// Examples of each kind with a score at or above a threshold.
  struct Threshold {
    var positives = 0
    var negatives = 0
  }

  /// The counts at each distinct score, from the highest down.
  static func thresholds<Score: BinaryFloatingPoint>(
    _ scores: [Score], _ labels: [Int32]
  ) -> [Threshold]? {
    guard scores.count == labels.count, !scores.contains(where: \.isNaN) else { return nil }
    var steps: [Threshold] = []
    var current = Threshold()
    let downwards = scores.indices.sorted { scores[$0] > scores[$1] }
    for (place, index) in downwards.enumerated() {
      if labels[index] == 1 { current.positives += 1 } else { current.negatives += 1 }
      let isLastOfTies =
        place + 1 == downwards.count || scores[downwards[place + 1]] != scores[index]
      if isLastOfTies { steps.append(current) }
    }
    return steps
  }
}
