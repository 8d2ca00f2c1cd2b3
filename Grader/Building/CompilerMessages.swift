import Assignment
import Foundation

/// The errors in what compiler and linker printed.
enum CompilerMessages {
  /// At most `limit` lines `Layer.swift:41:9: error: …`, without repetitions; the first lines if none
  /// has that form (a crash). Of paths of this machine there is no more than the last name, as students
  /// read them.
  static func errors(in text: String, limit: Int = 5) -> [String] {
    var found: [String] = []
    let lines = text.split(whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      guard let error = message(line, .error) ?? linkerError(lines[index...]),
        !found.contains(error)
      else { continue }
      found.append(error)
    }
    if found.isEmpty {
      found =
        lines
        .filter { $0.contains("error:") || $0.contains("undefined") || $0.contains("cannot") }
        // The driver's own last word only says that there are other words.
        .filter { !$0.contains("linker command failed") }.map { String($0.prefix(300)) }
    }
    if found.isEmpty { found = lines.prefix(limit).map { String($0.prefix(300)) } }
    found = found.map(PlainText.withoutPaths)
    if found.count > limit {
      return found.prefix(limit) + ["… and \(found.count - limit) more"]
    }
    return found
  }

  /// The same errors with a word on invisible characters in the lines that they are about, as text
  /// brings along that is copied from a page or a chat.
  ///
  /// - Parameter line: a line of a source, from 1; nil where there is none.
  static func explained(
    _ errors: [String], line: (_ file: String, _ number: Int) -> String?
  ) -> [String] {
    errors.map { error in
      guard let place = CompilerMessage(error)?.place, let text = line(place.file, place.line)
      else {
        return error
      }
      let hidden = text.unicodeScalars.filter { scalar in
        scalar.properties.generalCategory == .format
          || scalar.value != 0x20 && scalar.properties.generalCategory == .spaceSeparator
      }
      guard let first = hidden.first else { return error }
      return error
        + " (line \(place.line) has an invisible character, U+\(String(format: "%04X", first.value)), "
        + "as text from a page or a chat brings along: write the line anew)"
    }
  }

  /// Whether errors are said of lines of the sources, and not of a header or of a module that is not
  /// there or cannot be read.
  static func blamesSources(_ text: String, names: [String]) -> Bool {
    text.split(whereSeparator: \.isNewline).compactMap { message($0, .error) }.contains { error in
      names.contains { error.hasPrefix($0 + ":") } && !error.contains("module")
    }
  }

  /// At most `limit` lines `Layer.swift:41:9: warning: …` about files of these names, without repetitions.
  static func warnings(in text: String, about names: Set<String>, limit: Int = 5) -> [String] {
    var found: [String] = []
    for line in text.split(whereSeparator: \.isNewline) {
      guard let warning = message(line, .warning), !found.contains(warning),
        let file = warning.split(separator: ":").first, names.contains(String(file))
      else { continue }
      found.append(PlainText.withoutPaths(warning))
    }
    return Array(found.prefix(limit))
  }

  /// What a line says, where it is one of the compiler's of that kind.
  private static func message(_ line: Substring, _ kind: CompilerMessage.Kind) -> String? {
    CompilerMessage(line).flatMap { $0.kind == kind ? $0.description : nil }
  }

  /// An error of lld's, which names the places in the lines below:
  ///
  ///     ld.lld: error: undefined symbol: nowhere
  ///     >>> referenced by Layer.swift:41
  ///     >>>               module.o:($s17RecurrentNetworks…)
  private static func linkerError(_ lines: ArraySlice<Substring>) -> String? {
    let mark = "ld.lld: error: "
    guard let first = lines.first, first.hasPrefix(mark) else { return nil }
    let message = first.dropFirst(mark.count).prefix(300)
    for line in lines.dropFirst().prefix(6) {
      guard line.hasPrefix(">>> ") else { break }
      for word in line.split(separator: " ") {
        let place = word.split(separator: ":")
        guard place.count == 2, place[0].hasSuffix(".swift"), place[1].allSatisfy(\.isNumber),
          let file = place[0].split(separator: "/").last
        else { continue }
        return "\(file):\(place[1]):1: error: \(message)"
      }
    }
    return nil
  }
}
