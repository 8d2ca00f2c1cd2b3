import Foundation

/// What a unit's page on Swift says of the compiler's messages: the table below its heading *What the compiler
/// means*, so that a sentence stands in one place. Its first column has parts of messages between grave
/// accents, in which `…` stands for anything; the first row that has one counts.
struct CompilerHelp {
  private let rows: [(patterns: [Substring], sentence: String)]

  /// Reads the page's table.
  init(page: String) {
    let table = page.components(separatedBy: "## What the compiler means").dropFirst().first ?? ""
    rows = table.split(separator: "\n").compactMap { line in
      let cells = line.components(separatedBy: " | ")
      guard line.hasPrefix("| `"), cells.count == 2, let sentence = cells.last else { return nil }
      return (
        Self.quoted(cells[0]),
        String(sentence.dropLast(sentence.hasSuffix("|") ? 1 : 0))
          .trimmingCharacters(in: .whitespaces)
      )
    }
  }

  /// What the page says of a message; nil where it says nothing.
  func sentence(for message: some StringProtocol) -> String? {
    let message = String(message)
    return rows.first { $0.patterns.contains { Self.contains(message, $0) } }?.sentence
  }

  /// The texts between grave accents.
  private static func quoted(_ cell: String) -> [Substring] {
    cell.matches(of: /`([^`]+)`/).map(\.output.1)
  }

  /// Whether the parts of a pattern stand in a message, one after the other.
  private static func contains(_ message: String, _ pattern: Substring) -> Bool {
    var rest = message[...]
    for part in pattern.split(separator: "…") {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}
