import Foundation

/// Reads ANSWERS.md line by line.
struct SheetReader {
  static let members = "members"

  var answers: [String: String] = [:]
  var problems: [String] = []
  var leftovers: [AnswerSheet.Leftover] = []

  private let known: Set<String>
  /// The lines of the file as handed out, without the answers' own.
  private let given: Set<String>

  /// Where the text that is being collected belongs.
  private var open: String?
  private var collected: [(line: Int, text: String)] = []
  private var lastHeading: String?
  /// The line up to which no fence of a kind is closed, so that a sheet full of them is not read
  /// again for each.
  private var unclosed: [String: Int] = [:]
  /// Text between answers, with the heading above it.
  private var outside: [(heading: String?, line: Int, text: String)] = []
  /// The questions whose markers, or one of them, are in the file.
  private var marked: Set<String> = []

  init(template: String, questions: [String]) {
    known = Set(questions.map { AnswerMarker.canonical($0) } + [Self.members])
    given = Set(Self.lines(template).map(Self.trimmed).filter { !$0.isEmpty })
  }

  /// Lines whatever their ends, without characters that nobody sees.
  static func lines(_ text: String) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var wasReturn = false
    for scalar in text.unicodeScalars {
      defer { wasReturn = scalar == "\r" }
      switch scalar {
      case "\n" where wasReturn: break
      case "\n", "\r":
        lines.append(String(line))
        line = .init()
      case "\0": line.append("\u{fffd}")
      default: line.append(scalar)
      }
    }
    return lines + [String(line)]
  }

  private static func trimmed(_ text: String) -> String {
    func isInk(_ byte: UInt8?) -> Bool { byte.map { $0 > 0x20 && $0 < 0x7F } ?? true }
    // most lines need no second look
    if isInk(text.utf8.first), isInk(text.utf8.last) { return text }
    return text.trimmingCharacters(in: .whitespaces)
  }

  mutating func read(_ text: String) {
    let lines = Self.lines(text)
    var fenceEnd = 0
    for (index, line) in lines.enumerated() {
      if open != nil, index >= fenceEnd, let end = closingFence(lines, from: index) {
        fenceEnd = end + 1
      }
      if open != nil, index < fenceEnd {
        collected.append((index + 1, line))
        continue
      }
      for piece in AnswerMarker.pieces(of: line, known: known) {
        switch piece {
        case .text(let text):
          if let heading = AnswerMarker.heading(text, known: known), open == nil {
            finishOutside()
            lastHeading = heading
          }
          collected.append((index + 1, text))
        case .marker(let marker): take(marker, line: index + 1)
        }
      }
    }
    if let open {
      problems.append("the end marker of \(open) is missing; its answer was read to the file's end")
      finishUnclosed(open)
    } else {
      finishOutside()
    }
    placeOutside()
  }

  /// The line that closes the code fence of this line; nil if there is none, or it lies beyond the
  /// answer, since a fence that was never closed must not swallow the answers that follow.
  private mutating func closingFence(_ lines: [String], from index: Int) -> Int? {
    let start = Self.trimmed(lines[index])
    guard let fence = ["```", "~~~"].first(where: start.hasPrefix),
      index >= unclosed[fence, default: 0]
    else { return nil }
    for next in lines.indices.dropFirst(index + 1) {
      let line = Self.trimmed(lines[next])
      if line.hasPrefix(fence), line.allSatisfy({ $0 == fence.first }) { return next }
      for case .marker(let marker) in AnswerMarker.pieces(of: lines[next], known: known)
      where marker.id == open {
        unclosed[fence] = next
        return nil
      }
    }
    unclosed[fence] = lines.count
    return nil
  }

  private mutating func take(_ marker: AnswerMarker, line: Int) {
    guard known.contains(marker.id) else {
      problems.append(
        "line \(line): there is no question \(marker.id); what stands there is listed below")
      finishCurrent()
      return
    }
    marked.insert(marker.id)
    unclosed = [:]
    switch (open, marker.isEnd) {
    case (nil, false):
      finishOutside()
      open = marker.id
    case (let current?, false):
      problems.append("line \(line): the end marker of \(current) is missing before this line")
      finishUnclosed(current)
      open = marker.id
    case (let current?, true):
      if current != marker.id {
        problems.append(
          "line \(line): the answer to \(current) ends with the marker of \(marker.id)")
      }
      finish(current)
    case (nil, true):
      // the begin marker was deleted: what precedes this line is the answer, if there is none yet
      let text = own(collected)
      if answers[marker.id] == nil, !text.isEmpty {
        problems.append("line \(line): the marker that \(marker.id) begins with is missing")
        add(text, to: marker.id)
      } else if !text.isEmpty {
        outside.append((nil, collected.first?.line ?? line, text))
      } else if answers[marker.id] == nil {
        problems.append("line \(line): the marker that \(marker.id) begins with is missing")
      }
      collected = []
    }
  }

  // MARK: What was collected

  private mutating func finishCurrent() {
    if let open { finish(open) } else { finishOutside() }
  }

  private mutating func finish(_ question: String) {
    add(collected.map(\.text).joined(separator: "\n"), to: question)
    (open, collected, lastHeading) = (nil, [], nil)
  }

  /// An answer without an end: it ends at the next heading of the handout.
  private mutating func finishUnclosed(_ question: String) {
    let end =
      collected.firstIndex { AnswerMarker.heading($0.text, known: known) != nil }
      ?? collected.count
    let rest = Array(collected[end...])
    collected.removeSubrange(end...)
    let trailing = collected
    collected = []
    add(
      trailing.map(\.text).filter { !given.contains(Self.trimmed($0)) || Self.trimmed($0).isEmpty }
        .joined(separator: "\n"), to: question)
    open = nil
    collected = rest
    lastHeading = rest.first.flatMap { AnswerMarker.heading($0.text, known: known) }
    finishOutside()
  }

  /// Without the lines that were handed out.
  private func own(_ lines: [(line: Int, text: String)]) -> String {
    lines.map(\.text).filter {
      !given.contains(Self.trimmed($0)) && AnswerMarker.heading($0, known: known) == nil
    }.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private mutating func finishOutside() {
    let text = own(collected)
    if !text.isEmpty {
      let first = collected.first {
        !Self.trimmed($0.text).isEmpty && !given.contains(Self.trimmed($0.text))
          && AnswerMarker.heading($0.text, known: known) == nil
      }
      outside.append((lastHeading, first?.line ?? 1, text))
    }
    collected = []
  }

  private mutating func add(_ text: String, to question: String) {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let before = answers[question], !before.isEmpty else {
      answers[question] = text
      return
    }
    if text.isEmpty || text == before { return }
    problems.append("\(question) is answered twice; both answers are shown, one after the other")
    // in its place: a sheet may repeat an answer thousands of times
    answers[question]?.append("\n\n" + text)
  }

  /// Text under the heading of a question that has lost both markers is its answer.
  private mutating func placeOutside() {
    for (heading, line, text) in outside {
      if let heading, !marked.contains(heading) {
        problems.append(
          "both markers of \(heading) are missing; the text below its heading (line \(line)) was taken"
        )
        add(text, to: heading)
      } else {
        leftovers.append(.init(line: line, text: text))
        problems.append("line \(line): text outside of all answers")
      }
    }
    for question in known.subtracting(marked).sorted()
    where answers[question] == nil && question != Self.members {
      problems.append("the markers of \(question) are missing, and no text stands in their place")
    }
  }
}
