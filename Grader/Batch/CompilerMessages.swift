import Judge

/// The errors in what swiftc printed.
enum CompilerMessages {
  /// At most `limit` lines `LSTM.swift:41:9: error: …`, without repetitions; the compiler's first
  /// lines if none has that form (the linker's words, a crash). Of paths of this machine there is no
  /// more than the last name, as students read them.
  static func errors(in text: String, limit: Int = 5) -> [String] {
    var found: [String] = []
    for line in text.split(whereSeparator: \.isNewline) {
      guard let error = parse(line), !found.contains(error) else { continue }
      found.append(error)
    }
    if found.isEmpty {
      found = text.split(whereSeparator: \.isNewline)
        .filter { $0.contains("error:") || $0.contains("undefined") || $0.contains("cannot") }
        // The driver's own last word only says that there are other words.
        .filter { !$0.contains("link command failed") }.map { String($0.prefix(300)) }
    }
    if found.isEmpty {
      found = text.split(whereSeparator: \.isNewline).prefix(limit).map { String($0.prefix(300)) }
    }
    found = found.map(PlainText.withoutPaths)
    if found.count > limit {
      return found.prefix(limit) + ["… and \(found.count - limit) more"]
    }
    return found
  }

  /// Whether errors are said of lines of the sources, and not of a header or of a module that is not
  /// there or cannot be read.
  static func blamesSources(_ text: String, names: [String]) -> Bool {
    text.split(whereSeparator: \.isNewline).compactMap(parse).contains { error in
      names.contains { error.hasPrefix($0 + ":") } && !error.contains("module")
    }
  }

  /// `path:line:column: error: message` with the path cut to its last component.
  private static func parse(_ line: Substring) -> String? {
    guard let marker = line.firstRange(of: ": error: ") else { return nil }
    let place = line[..<marker.lowerBound].split(separator: ":")
    guard place.count >= 3, place[place.count - 2].allSatisfy(\.isNumber),
      place[place.count - 1].allSatisfy(\.isNumber),
      let file = place[place.count - 3].split(separator: "/").last
    else { return nil }
    let message = line[marker.upperBound...].prefix(300)
    return "\(file):\(place[place.count - 2]):\(place[place.count - 1]): error: \(message)"
  }
}
