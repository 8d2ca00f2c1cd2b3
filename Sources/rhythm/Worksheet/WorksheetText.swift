import Rainbow
import WorkerPipe

/// A worksheet's output as it is read: what it prints as it is, what a line gives below that line.
struct WorksheetText {
  private let source: [Substring]
  private let isColoured: Bool
  /// The line below which the next value of it stands without the line again.
  private var line: Int?
  /// The last line that gave something.
  private(set) var lastLine: Int?

  /// - Parameter source: the worksheet.
  init(_ source: String, isColoured: Bool) {
    self.source = source.split(separator: "\n", omittingEmptySubsequences: false)
    self.isColoured = isColoured
  }

  /// What a program has printed, in lines.
  mutating func lines(printed text: String) -> [String] {
    line = nil
    return [text]
  }

  /// A value, below the line that has given it.
  mutating func lines(_ value: WorksheetRecord.Value) -> [String] {
    var lines = line == value.line ? [] : [heading(value.line)]
    line = value.line
    lastLine = value.line
    let times = value.times.map { "the last of \($0) times: " } ?? ""
    let name = value.name.isEmpty ? "" : value.name + " = "
    let text = value.text.split(separator: "\n", omittingEmptySubsequences: false)
    lines.append(indentation + times + name + (text.first ?? ""))
    lines += text.dropFirst().map { indentation + $0 }
    return lines
  }

  /// A line of the worksheet with its number.
  func heading(_ number: Int) -> String {
    let text = source.indices.contains(number - 1) ? source[number - 1] : ""
    let digits = "\(number)"
    let heading = String(repeating: " ", count: max(0, 4 - digits.count)) + digits + "  " + text
    return isColoured ? heading.dim : heading
  }

  private var indentation: String { String(repeating: " ", count: 8) }
}
