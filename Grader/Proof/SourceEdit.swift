/// One replacement in a file of the solution.
public struct SourceEdit: Codable, Sendable, Equatable {
  /// A part of the solution between its marks.
  public enum Block: String, Codable, Sendable { case declarations, `init`, call }

  /// The file; that of the entry's task when left out.
  let file: String?
  /// The text that goes, wherever it stands in the file…
  let replace: String?
  /// …or all of a block.
  let block: Block?
  /// What comes in its place.
  let with: String
}

/// A file of the solution, which edits are made in.
struct SolutionFile {
  let name: String
  let text: String

  /// Makes all edits at once: each finds its place in the text as it was.
  ///
  /// - Throws: a sentence when a text to replace is not there, or two edits meet.
  func applying(_ edits: [SourceEdit]) throws -> String {
    var pieces = try edits.flatMap { edit in
      try ranges(of: edit).map { (range: $0, with: edit.with) }
    }
    pieces.sort { $0.range.lowerBound < $1.range.lowerBound }
    for (first, second) in zip(pieces, pieces.dropFirst())
    where first.range.upperBound > second.range.lowerBound {
      throw MistakeError("two changes of \(name) meet at \(text[second.range])")
    }
    var result = ""
    var position = text.startIndex
    for piece in pieces {
      result += text[position..<piece.range.lowerBound] + piece.with
      position = piece.range.upperBound
    }
    return result + text[position...]
  }

  private func ranges(of edit: SourceEdit) throws -> [Range<String.Index>] {
    switch (edit.replace, edit.block) {
    case (let replace?, nil):
      let found = text.ranges(of: replace)
      guard !found.isEmpty else {
        throw MistakeError("\(name) does not contain this any more: \(replace)")
      }
      return found
    case (nil, let block?):
      return [try range(of: block)]
    default:
      throw MistakeError("a change of \(name) has `replace` or `block`, one of the two")
    }
  }

  /// The lines between a block's marks.
  private func range(of block: SourceEdit.Block) throws -> Range<String.Index> {
    let mark = block == .declarations ? "DECLARATIONS" : "SOLUTION"
    let place = block == .call ? 1 : 0
    let (begins, ends) = (text.ranges(of: "// BEGIN \(mark)"), text.ranges(of: "// END \(mark)"))
    guard place < begins.count, begins.count == ends.count,
      let newline = text[begins[place].upperBound...].firstIndex(of: "\n")
    else { throw MistakeError("\(name) has no block \(block.rawValue)") }
    return text.index(after: newline)..<ends[place].lowerBound
  }
}

/// Why the library cannot be used; one sentence.
public struct MistakeError: Error, CustomStringConvertible, Equatable {
  /// The sentence.
  public let description: String

  init(_ description: String) { self.description = description }
}
