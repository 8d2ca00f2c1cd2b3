/// What the program of a worksheet tells who shows it: a line of its standard output, among those that it
/// prints.
public enum WorksheetRecord: Equatable, Sendable {
  /// A line has given a value.
  case value(Value)
  /// An error was thrown, which something may catch: by calls at these places of the program, the innermost
  /// first, in bytes from its beginning.
  case thrown([UInt])

  /// A value that a line has given.
  public struct Value: Equatable, Sendable {
    /// The line in the worksheet, from 1.
    public let line: Int
    /// The variable, or nothing for an expression.
    public let name: String
    /// How many times the line was run until the program's end, where this is the last of them.
    public let times: Int?
    /// The value, in lines.
    public let text: String

    /// Describes a value.
    public init(line: Int, name: String, times: Int? = nil, text: String) {
      self.line = line
      self.name = name
      self.times = times
      self.text = text
    }
  }

  // ASCII's separators of records, fields and groups: no text that people print has them.
  private static let mark: Character = "\u{1E}"
  private static let fields: Character = "\u{1F}"
  private static let lines: Character = "\u{1D}"

  /// The record as it is written, without the line's end.
  public var encoded: String {
    let parts =
      switch self {
      case .value(let value):
        [
          "value", "\(value.line)", value.name, value.times.map(String.init) ?? "",
          String(value.text.map { $0.isNewline ? Self.lines : $0 }),
        ]
      case .thrown(let places): ["thrown"] + places.map(String.init)
      }
    return String(Self.mark) + parts.joined(separator: String(Self.fields))
  }

  /// Takes a line of output apart.
  ///
  /// - Returns: what was printed before the record, in the same line; all of it where there is none.
  public static func split(
    _ output: some StringProtocol
  ) -> (printed: String, record: WorksheetRecord?) {
    guard let start = output.firstIndex(of: mark),
      let record = WorksheetRecord(fields: String(output[output.index(after: start)...]))
    else { return (String(output), nil) }
    return (String(output[..<start]), record)
  }

  private init?(fields text: String) {
    let parts = text.split(separator: Self.fields, omittingEmptySubsequences: false)
      .map { String($0) }
    switch parts.first {
    case "value":
      guard parts.count >= 5, let line = Int(parts[1]) else { return nil }
      let text = parts[4...].joined(separator: String(Self.fields))
      self = .value(
        Value(
          line: line, name: parts[2], times: Int(parts[3]),
          text: String(text.map { $0 == Self.lines ? "\n" : $0 })))
    case "thrown": self = .thrown(parts.dropFirst().compactMap { UInt($0) })
    default: return nil
    }
  }
}
