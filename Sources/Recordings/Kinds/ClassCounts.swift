/// How many there are of each class.
public struct ClassCounts: Sendable, Equatable {
  /// The number of each class, in the order of the classes.
  public let counts: [Int]
  /// All together.
  public var total: Int { counts.reduce(0, +) }

  init(_ classes: [Int32], of count: Int) {
    var counts = [Int](repeating: 0, count: count)
    for label in classes { counts[Int(label)] += 1 }
    self.counts = counts
  }

  /// `4497 (3952 N + 545 A)`.
  func text(_ labels: [RhythmLabel], separator: String = " + ") -> String {
    let parts = zip(counts, labels).map { "\($0) \($1.rawValue)" }
    return "\(total) (\(parts.joined(separator: separator)))"
  }

  /// The share of each class, none where there is nothing.
  var shares: [Double] { counts.map { Double($0) / Double(max(total, 1)) } }
}
