/// A comment of ANSWERS.md that an answer begins or ends with, such as `<!-- answer 4.11a -->` and
/// `<!-- end 4.11a -->`, also as editors leave it: other case, spaces and dashes, escaped brackets.
struct AnswerMarker: Equatable {
  /// Whether the answer ends here.
  let isEnd: Bool
  /// The question, or `members`.
  let id: String

  /// A part of a line.
  enum Piece: Equatable {
    case text(String)
    case marker(AnswerMarker)
  }

  /// A line taken apart at its markers. Other comments are text.
  static func pieces(of line: String, known: Set<String>) -> [Piece] {
    // `whole` knows no other spellings, and a sheet may have a million lines
    guard line.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else {
      return [.text(line)]
    }
    // the tidied line only when it is a marker and nothing else: answers keep their spelling
    if let marker = whole(line, known) { return [.marker(marker)] }
    var pieces: [Piece] = []
    var text = ""
    func finishText() {
      if !text.isEmpty { pieces.append(.text(text)) }
      text = ""
    }
    var rest = line[...]
    while let open = rest.firstRange(of: "<!--"),
      let close = rest[open.upperBound...].firstRange(of: "-->")
    {
      // a comment that is never closed must not swallow the marker after it
      let start = rest[..<close.lowerBound].ranges(of: "<!--").last?.lowerBound ?? open.lowerBound
      if let marker = whole(String(rest[start..<close.upperBound]), known) {
        text += rest[..<start]
        finishText()
        pieces.append(.marker(marker))
        rest = rest[close.upperBound...]
      } else {
        text += rest[..<close.upperBound]
        rest = rest[close.upperBound...]
      }
    }
    text += rest
    finishText()
    return pieces.isEmpty ? [.text("")] : pieces
  }

  /// `4.11 (a)` as `4.11a`.
  static func canonical(_ id: some StringProtocol) -> String {
    id.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
  }

  /// The question that a heading of the handout's form, `## 4.11 (a), 2 points`, stands for.
  static func heading(_ line: String, known: Set<String>) -> String? {
    guard line.utf8.first == UInt8(ascii: "#"), line.utf8.count < 200 else { return nil }
    let words = line.drop { $0 == "#" || $0 == " " }
    let id = canonical(words.prefix { $0 != "," && $0 != ":" })
    return known.contains(id) ? id : nil
  }

  private static func whole(_ text: String, _ known: Set<String>) -> AnswerMarker? {
    guard text.utf8.count <= 120 else { return nil }
    var text = text.trimmingPrefix { $0.isWhitespace }.replacing("\\", with: "")
    for (spelling, meant) in [("&lt;", "<"), ("&gt;", ">"), ("–", "--"), ("—", "--")] {
      text = text.replacing(spelling, with: meant)
    }
    while text.last?.isWhitespace == true { text.removeLast() }
    guard text.hasPrefix("<!-"), text.hasSuffix("->") else { return nil }
    let body = text.dropFirst(2).dropLast(1).drop { $0 == "-" }
    var words = String(body).lowercased().split {
      $0.isWhitespace || $0 == "-" || $0 == ":"
    }
    let isEnd = words.first == "end"
    if isEnd { words.removeFirst() }
    let saysAnswer = words.first == "answer"
    if saysAnswer { words.removeFirst() }
    let id = canonical(words.joined())
    // any other comment is the student's, unless it names what could be a question
    let couldBe = id.first?.isNumber == true && words.count <= 2 && (isEnd || saysAnswer)
    guard known.contains(id) || couldBe else { return nil }
    return AnswerMarker(isEnd: isEnd, id: id)
  }
}
