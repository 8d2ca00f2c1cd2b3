import Assignment

/// Names in a sentence, as in `W_xi, W_hi and b_i`.
enum NameList {
  /// The names; of more than a sentence can hold the first ones, and how many more there are.
  ///
  /// - Parameters:
  ///   - part: the part of a model that each name belongs to, in words, which stands behind all of its names.
  ///   - limit: how many are listed, if not all.
  static func text(
    _ names: [String], part: ((String) -> String?)? = nil, atMost limit: Int = .max
  ) -> String {
    // one more takes no more room than to say so
    let isCut = names.count - 1 > limit
    var parts: [(part: String?, names: [String])] = []
    for name in isCut ? Array(names.prefix(limit)) : names {
      let part = part?(name)
      if let index = parts.firstIndex(where: { $0.part == part }) {
        parts[index].names.append(name)
      } else {
        parts.append((part, [name]))
      }
    }
    let items = parts.flatMap { part in
      var items = part.names.map { PlainText.quoted($0, limit: 80) }
      if let title = part.part { items[items.count - 1] += " (\(title))" }
      return items
    }
    if isCut { return items.joined(separator: ", ") + " and \(names.count - limit) more" }
    guard let last = items.last, items.count > 1 else { return items.joined() }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }
}
