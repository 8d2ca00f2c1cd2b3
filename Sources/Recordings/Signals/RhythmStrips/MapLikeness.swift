extension MapTrials {
  /// How alike the maps of two networks are: the mean over strips of the rank correlation (Spearman) of the maps of
  /// the strip's class, from −1 to 1. Of a network and one with other weights it is near 0 where maps show what was
  /// learned, and near 1 where they show the strip.
  ///
  /// Source: Adebayo et al. 2018, Sanity Checks for Saliency Maps (section 4, model parameter randomisation).
  ///
  /// - Parameter labels: the class of each strip.
  package static func likeness(_ first: [Answer], _ second: [Answer], of labels: [Int]) -> Double {
    var sum = 0.0
    for (strip, label) in labels.enumerated() {
      let map = first[strip].maps[label].map { Double($0) }
      let other = second[strip].maps[label].map { Double($0) }
      sum += Occlusion.rankCorrelation(map, other)
    }
    return sum / Double(max(labels.count, 1))
  }
}
