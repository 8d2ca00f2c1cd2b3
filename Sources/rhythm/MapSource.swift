import Metrics

/// Where maps come from that are held against a network's need.
enum MapSource: CaseIterable {
  /// The network's own.
  case own
  /// The network's, of the next class.
  case nextClass
  /// The network's, the last step first.
  case reversed
  /// The network's, as if each step's value stood at its first sample.
  case leftEdge
  /// Those of the network before any training.
  case randomWeights

  /// As a row is called.
  var title: String {
    switch self {
    case .own: "its own maps"
    case .nextClass: "of the next class"
    case .reversed: "reversed in time"
    case .leftEdge: "steps at their left edges"
    case .randomWeights: "random weights"
    }
  }

  /// The map of each class at each sample of a recording.
  ///
  /// - Parameter steps: the network's.
  func map(_ steps: ActivationMap, places: Int) -> [[Float]] {
    let map = steps.interpolated(to: places, at: self == .leftEdge ? 0 : 0.5)
      .classes.map { $0.map { Float($0) } }
    return switch self {
    case .own, .leftEdge, .randomWeights: map
    case .nextClass: map.indices.map { map[($0 + 1) % map.count] }
    case .reversed: map.map { $0.reversed() }
    }
  }
}
