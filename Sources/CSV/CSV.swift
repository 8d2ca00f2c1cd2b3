import Foundation

/// Tables as text (RFC 4180), the only place that reads and writes them.
///
/// Written here because the packages at hand drop spaces at the beginning of cells, which Canvas'
/// points row has, accept a quote that is never closed, and do not say in which line a row stands.
public enum CSV {
  /// A row and the line it begins in, from 1.
  public struct Row: Sendable, Equatable {
    /// The line.
    public let line: Int
    /// The cells.
    public let cells: [String]
  }

  // MARK: Writing

  /// Rows as text, with line ends as spreadsheets expect them.
  public static func text(_ rows: [[String]]) -> String {
    let text = rows.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    // a first cell like that would be taken for the separator's name, in quotes too
    let isMistakable = Reader.namedSeparator(Array(text.unicodeScalars.prefix(16))) != nil
    return (isMistakable ? "sep=,\r\n" : "") + text
  }

  /// The same for people who open it in a spreadsheet, which knows UTF-8 by the mark in front alone.
  public static func spreadsheetText(_ rows: [[String]]) -> String { "\u{feff}" + text(rows) }

  /// A cell in quotes where it needs them.
  private static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let needsQuotes =
      scalars.first?.properties.isWhitespace == true
      || scalars.last?.properties.isWhitespace == true
      || scalars.contains { "\",\r\n;\t".unicodeScalars.contains($0) }
    guard needsQuotes else { return text }
    // scalars, not characters: a combining mark after a quote would hide it
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in scalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }

  /// Text that somebody else wrote, so that no spreadsheet takes it for a formula: an apostrophe
  /// goes in front of what could begin one.
  ///
  /// That is the beginning of the cell, and of each line and after each semicolon or tab within it,
  /// since a spreadsheet that separates by semicolons splits a quoted cell there. Source: OWASP,
  /// "CSV Injection".
  public static func harmless(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var canBegin = true
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if canBegin, formulaStarts.contains(scalar), !isLineEnd(scalars, index) {
        result.append("'")
      }
      if cellStarts.contains(scalar) {
        canBegin = true
      } else if !keepsCellEmpty(scalar) {
        canBegin = false
      }
      result.append(scalar)
    }
    return String(result)
  }

  /// The text that `harmless` was made from, as far as that can be told.
  public static func original(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var canBegin = true
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if canBegin, scalar == "'", index + 1 < scalars.count,
        formulaStarts.contains(scalars[index + 1]), !isLineEnd(scalars, index + 1)
      {
        canBegin = false
        continue
      }
      canBegin =
        cellStarts.contains(scalar) || (canBegin && keepsCellEmpty(scalar))
      result.append(scalar)
    }
    return String(result)
  }

  /// Whether a cell is taken for text by every spreadsheet as it is.
  public static func isHarmless(_ text: String) -> Bool { harmless(text) == text }

  /// What a formula, or a command of old spreadsheets, begins with; the last four are wide forms.
  private static let formulaStarts = Set("=+-@|%\t\r＝＋－＠".unicodeScalars)
  private static let cellStarts = Set("\n\r;\t".unicodeScalars)

  /// Whether a cell that holds nothing else may still begin a formula. Two quotes are nothing to a
  /// spreadsheet that splits there.
  private static func keepsCellEmpty(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    // some spreadsheets drop what nobody sees
    case .control, .format: true
    default: scalar == "\"" || scalar.properties.isWhitespace
    }
  }

  /// Whether a carriage return within a cell belongs to the end of an empty line: the line feed behind it
  /// begins a line anyway.
  private static func isLineEnd(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
    scalars[index] == "\r" && index > 0 && index + 1 < scalars.count
      && scalars[index + 1] == "\n"
  }

  /// Points without needless decimals: 2, 0.5, 3.25.
  public static func points(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }

  // MARK: Reading

  /// The rows of a file that a spreadsheet or a platform wrote, in any encoding that `DecodedText`
  /// knows; separated as a first line `sep=;` says, else by commas, semicolons or tabs, whichever the
  /// first row has most of. Blanks before a quoted cell and behind it are none of its text. Rows
  /// without any text are left out.
  ///
  /// - Throws: `TableError` with the line, when a quote is not closed or text follows it, or when the
  ///   file is no text.
  public static func rows(_ data: Data, path: String) throws -> [Row] {
    guard let text = DecodedText(data)?.text else { throw TableError(path, "it is no text") }
    return try rows(text, path: path)
  }

  /// The rows of a text.
  ///
  /// - Throws: `TableError`, as above.
  public static func rows(_ text: String, path: String) throws -> [Row] {
    try Reader(text, path: path).rows()
  }

  /// Reads one character after the other; characters are Unicode's scalars, since a combining mark
  /// after a comma would otherwise hide it.
  private struct Reader {
    let scalars: [Unicode.Scalar]
    let path: String
    let separator: Unicode.Scalar
    /// Where the table begins, and in which line.
    let start: (index: Int, line: Int)

    init(_ text: String, path: String) {
      scalars = Array(text.unicodeScalars)
      self.path = path
      if let named = Self.namedSeparator(scalars) {
        separator = named.separator
        start = (named.end, 2)
      } else {
        separator = Self.separator(of: scalars)
        start = (0, 1)
      }
    }

    /// The separator of a first line `sep=;`, by which a file tells Excel, and where the line ends.
    static func namedSeparator(
      _ scalars: [Unicode.Scalar]
    ) -> (separator: Unicode.Scalar, end: Int)? {
      let line = scalars.prefix(12).prefix { $0 != "\n" && $0 != "\r" }
      let bare = line.filter { $0 != "\"" }
      var name = String.UnicodeScalarView()
      name.append(contentsOf: bare.prefix(4))
      guard String(name).lowercased() == "sep=", bare.count <= 5 else { return nil }
      var end = line.endIndex
      if end < scalars.count, scalars[end] == "\r" { end += 1 }
      if end < scalars.count, scalars[end] == "\n" { end += 1 }
      return (bare.count == 5 ? bare[bare.count - 1] : separator(of: Array(scalars[end...])), end)
    }

    private static func separator(of scalars: [Unicode.Scalar]) -> Unicode.Scalar {
      var counts: [Unicode.Scalar: Int] = [:]
      var isQuoted = false
      for scalar in scalars {
        if scalar == "\"" { isQuoted.toggle() }
        if isQuoted { continue }
        if scalar == "\n" || scalar == "\r" { break }
        counts[scalar, default: 0] += 1
      }
      return [";", "\t"].first { counts[$0, default: 0] > counts[",", default: 0] } ?? ","
    }

    /// Whether a scalar is a blank that people put beside a separator.
    private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar != separator && (scalar == " " || scalar == "\t" || scalar == "\u{a0}")
    }

    func rows() throws -> [Row] {
      var rows: [Row] = []
      var (line, rowLine, index) = (start.line, start.line, start.index)
      var cells: [String] = []
      var cell = String.UnicodeScalarView()
      func finishRow() {
        cells.append(String(cell))
        cell.removeAll()
        if cells.contains(where: { !$0.isEmpty }) { rows.append(Row(line: rowLine, cells: cells)) }
        cells = []
      }
      while index < scalars.count {
        let scalar = scalars[index]
        index += 1
        switch scalar {
        case "\"" where cell.allSatisfy(isBlank):
          cell.removeAll()
          let opened = line
          var isClosed = false
          while index < scalars.count, !isClosed {
            let inner = scalars[index]
            index += 1
            if inner == "\"", index < scalars.count, scalars[index] == "\"" {
              cell.append(inner)
              index += 1
            } else if inner == "\"" {
              isClosed = true
            } else {
              if inner == "\n" { line += 1 }
              cell.append(inner)
            }
          }
          guard isClosed else {
            throw TableError(path, "the quote that begins in line \(opened) is never closed")
          }
          while index < scalars.count, isBlank(scalars[index]) { index += 1 }
          guard index == scalars.count || [separator, "\r", "\n"].contains(scalars[index]) else {
            throw TableError(
              path,
              "in line \(line) text follows a closing quote: a quote within a cell is written twice"
            )
          }
        case separator:
          cells.append(String(cell))
          cell.removeAll()
        case "\n", "\r":
          if scalar == "\r", index < scalars.count, scalars[index] == "\n" { index += 1 }
          finishRow()
          line += 1
          rowLine = line
        default: cell.append(scalar)
        }
      }
      finishRow()
      return rows
    }
  }
}
