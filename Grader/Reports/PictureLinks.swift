/// What the pictures in a text of Markdown refer to: `![what it shows](target)` and
/// `<img src="target">`.
///
/// The text is a student's: it is read byte by byte, and never further ahead than a link is long.
enum PictureLinks {
  private static let longest = 200

  /// The targets, in order; `data:` for pictures that are in the text itself.
  static func targets(in text: String) -> [String] {
    let bytes = Array(text.utf8)
    var found: [String] = []
    var place = 0
    // up to where a bracket was looked for and not found, so that a row of "![" is read once
    var searched = 0
    while place < bytes.count {
      let target: Range<Int>? =
        bytes[place] == UInt8(ascii: "!")
        ? markdown(bytes, at: place, &searched)
        : bytes[place] == UInt8(ascii: "<") ? tag(bytes, at: place) : nil
      if let target, !target.isEmpty {
        found.append(String(decoding: bytes[target], as: UTF8.self))
        place = target.upperBound
      } else {
        place += 1
      }
    }
    return found
  }

  /// The target of `![…](target`.
  private static func markdown(
    _ bytes: [UInt8], at place: Int, _ searched: inout Int
  ) -> Range<Int>? {
    guard place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "[") else { return nil }
    // on the same line, and not too far away
    var end = max(place + 2, searched)
    let last = min(bytes.count, place + 2 + longest)
    while end < last, bytes[end] != UInt8(ascii: "]"), bytes[end] != UInt8(ascii: "\n") { end += 1 }
    guard end < last, bytes[end] == UInt8(ascii: "]") else {
      searched = end
      return nil
    }
    guard end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "(") else { return nil }
    return word(bytes, from: skipBlanks(bytes, from: end + 2), until: [UInt8(ascii: ")")])
  }

  /// The target of `<img … src="target`.
  private static func tag(_ bytes: [UInt8], at place: Int) -> Range<Int>? {
    let start = Array("<img".utf8)
    guard matches(bytes, start, at: place) else { return nil }
    let name = Array("src".utf8)
    var next = place + start.count
    while next < min(bytes.count, place + longest), bytes[next] != UInt8(ascii: ">"),
      bytes[next] != UInt8(ascii: "\n")
    {
      // another picture begins: the rest is its own
      if matches(bytes, start, at: next) { return nil }
      if matches(bytes, name, at: next) {
        let equals = skipBlanks(bytes, from: next + name.count)
        if equals < bytes.count, bytes[equals] == UInt8(ascii: "=") {
          var from = skipBlanks(bytes, from: equals + 1)
          let quotes = [UInt8(ascii: "\""), UInt8(ascii: "'")]
          if from < bytes.count, quotes.contains(bytes[from]) { from += 1 }
          return word(bytes, from: from, until: quotes + [UInt8(ascii: ">")])
        }
      }
      next += 1
    }
    return nil
  }

  /// Whether an ASCII word in small letters stands at a place, in letters of any size.
  private static func matches(_ bytes: [UInt8], _ word: [UInt8], at place: Int) -> Bool {
    place + word.count <= bytes.count
      && word.indices.allSatisfy {
        let byte = bytes[place + $0]
        let small = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
        return small == word[$0]
      }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (9...13).contains(byte)
  }

  private static func skipBlanks(_ bytes: [UInt8], from start: Int) -> Int {
    var place = start
    while place < min(bytes.count, start + 5), isBlank(bytes[place]) { place += 1 }
    return place
  }

  /// What stands until a blank or one of the ends, at most so much.
  private static func word(_ bytes: [UInt8], from start: Int, until ends: [UInt8]) -> Range<Int> {
    guard start < bytes.count else { return 0..<0 }
    var place = start
    while place < min(bytes.count, start + longest), !isBlank(bytes[place]),
      !ends.contains(bytes[place])
    {
      place += 1
    }
    return start..<place
  }
}
