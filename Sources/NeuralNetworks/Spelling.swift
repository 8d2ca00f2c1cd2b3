/// Names that may be meant by others.
package enum Spelling {
  /// The candidate with the fewest changed letters, when those are at most a third of the name.
  package static func nearest(to name: String, in candidates: [String]) -> String? {
    let limit = max(name.count / 3, 1)
    return candidates.map { (name: $0, distance: distance(name, $0)) }
      .filter { $0.distance <= limit }
      .min { $0.distance < $1.distance }?.name
  }

  /// How many letters must be put in, left out or exchanged (Levenshtein 1966).
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let changed = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(changed, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
