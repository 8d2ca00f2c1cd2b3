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
  static func thresholds(_ scores: [Float], _ labels: [Int32]) -> [Threshold]? {
    guard scores.count == labels.count, !scores.contains(where: \.isNaN) else { return nil }
    var steps: [Threshold] = []
    var current = Threshold()
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    for (place, index) in order.enumerated() {
      if labels[index] == 1 { current.positives += 1 } else { current.negatives += 1 }
      let isLastOfTies = place + 1 == order.count || scores[order[place + 1]] != scores[index]
      if isLastOfTies { steps.append(current) }
    }
    return steps
  }
}
