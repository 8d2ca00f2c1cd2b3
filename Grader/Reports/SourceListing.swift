import Assignment

/// A file of a student's, line by line: each as text without steering characters.
public struct SourceListing: Sendable {
  /// The file's name.
  public let name: String
  /// The lines, of which the first has the number 1, as far as they are shown.
  public let lines: [String]
  /// How many lines the file has.
  public let count: Int

  /// More is written by no hand, and makes no page.
  static let mostLines = 5000
  static let longestLine = 500

  /// Takes a file apart as the compiler does: a line ends at a line feed, a carriage return, or both.
  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    var (lines, start, count): ([String], Int, Int) = ([], 0, 0)
    func end(_ place: Int) {
      count += 1
      guard count <= Self.mostLines else { return }
      // a character has at most four bytes
      let line = bytes[start..<place].prefix(4 * Self.longestLine + 4)
      lines.append(
        PlainText.cleaned(String(decoding: line, as: UTF8.self), limit: Self.longestLine))
    }
    for (place, byte) in bytes.enumerated() where byte == 10 || byte == 13 {
      if byte == 10, place > 0, bytes[place - 1] == 13 {
        start = place + 1
        continue
      }
      end(place)
      start = place + 1
    }
    // an empty file has a line that something can be said of
    if start < bytes.count || count == 0 { end(bytes.count) }
    (self.lines, self.count) = (lines, count)
  }
}
