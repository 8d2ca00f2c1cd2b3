/// Names that may be meant by others.
package enum Spelling {
  /// The candidate that differs least from what was written, whatever its case, where it differs little: by
  /// a third of the letters at most, or by what is still to be written.
  package static func nearest(to name: String, in candidates: [String]) -> String? {
    let name = name.lowercased()
    let nearest = candidates.map { (name: $0, distance: distance(name, $0.lowercased())) }
      .min { $0.distance < $1.distance }
    if let nearest, nearest.distance <= max(1, (name.count + 1) / 3) { return nearest.name }
    let begun = candidates.filter { $0.lowercased().hasPrefix(name) }
    return name.count > 1 && begun.count == 1 ? begun[0] : nil
  }

  /// How many letters are to be put in, left out, exchanged, or swapped with their neighbours (the
  /// restricted distance of Damerau and Levenshtein).
  package static func distance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first), Array(second))
    var before: [Int] = []
    var last = Array(0...second.count)
    for row in first.indices {
      var next = [row + 1]
      for column in second.indices {
        var cost = min(
          last[column + 1] + 1, next[column] + 1,
          last[column] + (first[row] == second[column] ? 0 : 1))
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          cost = min(cost, before[column - 1] + 1)
        }
        next.append(cost)
      }
      (before, last) = (last, next)
    }
    return last[second.count]
  }
}
