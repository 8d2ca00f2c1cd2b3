/// Words that may have been meant.
enum Spelling {
  /// The word that differs least from one that was typed, where it differs little: by a third of the
  /// letters at most, or by what is still to be typed.
  static func nearest(to typed: String, among words: [String]) -> String? {
    let typed = typed.lowercased()
    let ranked = words.map { (word: $0, distance: distance(typed, $0.lowercased())) }
      .min { $0.distance < $1.distance }
    if let ranked, ranked.distance <= max(1, (typed.count + 1) / 3) { return ranked.word }
    let begun = words.filter { $0.lowercased().hasPrefix(typed) }
    return typed.count > 1 && begun.count == 1 ? begun[0] : nil
  }

  /// How many letters are to be put in, left out, exchanged, or swapped with their neighbours (the
  /// restricted distance of Damerau and Levenshtein).
  static func distance(_ first: String, _ second: String) -> Int {
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
