/// What the compiler says of a line: text in the form that it has itself, as in
/// `Layer.swift:41:9: error: cannot find 'x' in scope`.
public struct CompilerMessage: Codable, Sendable, Equatable, LosslessStringConvertible {
  /// How grave it is.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case error, warning
  }

  /// The line.
  public var place: SourcePlace
  /// Counted from 1.
  public var column: Int
  /// How grave it is.
  public var kind: Kind
  /// What is said, at most 300 characters.
  public var text: String

  /// Reads a line of the compiler's; of a path its last name is taken.
  ///
  /// - Returns: nil where it has another form.
  public init?(_ line: String) { self.init(line[...]) }

  /// Reads a line of the compiler's; of a path its last name is taken.
  ///
  /// - Returns: nil where it has another form.
  public init?(_ line: Substring) {
    let marks = Kind.allCases.compactMap { kind in
      line.firstRange(of: ": \(kind.rawValue): ").map { (kind, $0) }
    }
    guard let (kind, mark) = marks.min(by: { $0.1.lowerBound < $1.1.lowerBound }) else {
      return nil
    }
    let parts = line[..<mark.lowerBound].split(separator: ":")
    guard parts.count >= 3, let number = Self.number(parts[parts.count - 2]),
      let column = Self.number(parts[parts.count - 1]),
      let file = parts[parts.count - 3].split(separator: "/").last
    else { return nil }
    self.init(
      place: SourcePlace(file: String(file), line: number), column: column, kind: kind,
      text: String(line[mark.upperBound...].prefix(300)))
  }

  /// Puts a message together.
  public init(place: SourcePlace, column: Int, kind: Kind, text: String) {
    self.place = place
    self.column = column
    self.kind = kind
    self.text = text
  }

  private static func number(_ text: Substring) -> Int? {
    text.allSatisfy(\.isNumber) ? Int(text) : nil
  }

  /// The line, without folders.
  public var description: String { "\(place):\(column): \(kind.rawValue): \(text)" }
}
