/// That a student's file uses something of the core which it is to write.
public struct ReservedUse: Codable, Sendable, Equatable {
  /// The file.
  public var file: String
  /// What it uses, without what that belongs to: `lstm`, `Conv1d`.
  public var name: String
  /// The line where that is first named; nil where none names it.
  public var place: SourcePlace?

  /// Describes a use.
  ///
  /// - Parameter name: as in `Conv1d` and `Tensor.lstm`.
  public init(file: String, name: String, at place: SourcePlace? = nil) {
    self.file = file
    self.name = name.split(separator: ".").last.map(String.init) ?? name
    self.place = place
  }

  /// The same, with the line looked for in the file's text.
  public init(file: String, name: String, in text: String) {
    self.init(file: file, name: name)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = lines.firstIndex { line in
      let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
      return code.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == self.name }
    }
    place = line.map { SourcePlace(file: file, line: $0 + 1) }
  }

  /// What its author is told.
  public var sentence: String { "\(file) uses \(name), which is the core's: write it yourself" }
}
