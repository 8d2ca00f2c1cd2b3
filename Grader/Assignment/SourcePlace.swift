/// A line of one of a student's files.
public struct SourcePlace: Codable, Sendable, Hashable, CustomStringConvertible {
  /// The file's name, as in `Layer.swift`.
  public var file: String
  /// Counted from 1.
  public var line: Int

  /// Names a line.
  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// As in `Layer.swift:41`.
  public var description: String { "\(file):\(line)" }
}
