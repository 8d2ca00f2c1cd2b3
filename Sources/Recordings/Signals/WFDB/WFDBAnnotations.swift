/// Annotations of a record in the MIT format (PhysioNet, "WFDB Applications Guide", annot(5)): what a
/// cardiologist found, and at which sample.
package struct WFDBAnnotations: Sendable, Equatable {
  /// One of them.
  package struct Annotation: Sendable, Equatable {
    /// The sample.
    package var sample: Int
    /// What it is; see `symbols`.
    package var code: UInt8
    /// A finer type, -1 and more for noise marks.
    package var subtype = 0
    /// The signal it is about.
    package var channel = 0
    /// A number of the annotator's.
    package var number = 0
    /// A text, such as the name of a rhythm; empty where there is none.
    package var text = ""

    /// An annotation of no signal in particular.
    package init(
      sample: Int, code: UInt8, subtype: Int = 0, channel: Int = 0, number: Int = 0,
      text: String = ""
    ) {
      self.sample = sample
      self.code = code
      self.subtype = subtype
      self.channel = channel
      self.number = number
      self.text = text
    }

    /// The code as programs print it, such as `N`; nil for a code without a name.
    package var symbol: Character? { symbols[code] }
  }

  /// The annotations, in the order of the file.
  package var all: [Annotation] = []

  /// The codes with a name, and the characters that stand for them (`ecgcodes.h`).
  package static let symbols: [UInt8: Character] = [
    1: "N", 2: "L", 3: "R", 4: "a", 5: "V", 6: "F", 7: "J", 8: "A", 9: "S", 10: "E", 11: "j",
    12: "/", 13: "Q", 14: "~", 16: "|", 18: "s", 19: "T", 20: "*", 21: "D", 22: "\"", 23: "=",
    24: "p", 25: "B", 26: "^", 27: "t", 28: "+", 29: "u", 30: "?", 31: "!", 32: "[", 33: "]",
    34: "e", 35: "n", 36: "@", 37: "x", 38: "f", 39: "(", 40: ")", 41: "r",
  ]
  /// The code of a character.
  package static let codes: [Character: UInt8] = Dictionary(
    uniqueKeysWithValues: symbols.map { ($1, $0) })

  /// The last code that an annotation can have, named or not.
  private static let lastCode = 49
  /// Codes of words that belong to the annotation before, or the next.
  private enum Word {
    static let skip = 59
    static let number = 60
    static let subtype = 61
    static let channel = 62
    static let text = 63
  }

  /// Annotations.
  package init(_ all: [Annotation]) { self.all = all }

  /// Reads a file: words of 16 bits, the upper six a code, the lower ten a distance in samples, until a word
  /// of zeros.
  ///
  /// - Throws: `WFDBError`.
  package init(_ bytes: [UInt8]) throws(WFDBError) {
    var place = 0
    var sample = 0
    // of the next annotations, until they change
    var (number, channel) = (0, 0)
    func word() throws(WFDBError) -> Int {
      guard place + 2 <= bytes.count else {
        throw WFDBError("its annotations end without the word that ends them")
      }
      defer { place += 2 }
      return Int(bytes[place]) | Int(bytes[place + 1]) << 8
    }
    while true {
      let at = place
      let first = try word()
      let (code, rest) = (first >> 10, first & 0x3FF)
      // of ten bits, or a byte of them, with a sign
      let signed = Int(Int8(truncatingIfNeeded: rest))
      switch code {
      case 0 where rest == 0:
        try self.dropDefinitions()
        return
      case 0...Self.lastCode:
        sample += rest
        // no annotation, but time that goes by
        if code == 0 { continue }
        guard (0...Int(Int32.max)).contains(sample) else {
          throw WFDBError(
            "its annotation \(all.count + 1) is at sample \(sample), where no record is")
        }
        all.append(
          Annotation(sample: sample, code: UInt8(code), channel: channel, number: number))
      case Word.skip:
        // the high half comes first
        let distance = UInt32(try word()) << 16 | UInt32(try word())
        sample += Int(Int32(bitPattern: distance))
      case Word.number:
        number = signed
        change { $0.number = signed }
      case Word.subtype: change { $0.subtype = signed }
      case Word.channel:
        channel = rest & 0xFF
        change { $0.channel = rest & 0xFF }
      case Word.text:
        guard place + rest <= bytes.count else {
          throw WFDBError("an annotation's text goes beyond the end of its annotations")
        }
        let text = bytes[place..<(place + rest)].prefix { $0 != 0 }
        // a byte a character, so that none is lost
        change { $0.text = String(String.UnicodeScalarView(text.map { Unicode.Scalar($0) })) }
        place += rest + rest % 2
      default:
        throw WFDBError("its annotations have the code \(code) at byte \(at), which there is not")
      }
    }
  }

  /// Changes the annotation that the last word belongs to; before the first there is none.
  private mutating func change(_ body: (inout Annotation) -> Void) {
    if !all.isEmpty { body(&all[all.count - 1]) }
  }

  /// Newer programs begin a file with notes at the first sample that are about the file:
  /// `## time resolution: 360`, `## annotation type definitions`.
  private mutating func dropDefinitions() throws(WFDBError) {
    let note = Self.codes["\""] ?? 0
    func isNote(_ annotation: Annotation) -> Bool {
      annotation.code == note && annotation.sample == 0
    }
    guard let first = all.first, isNote(first), first.text.hasPrefix("## ") else { return }
    var isDefining = false
    let definitions = all.prefix { annotation in
      guard isNote(annotation) else { return false }
      if annotation.text.hasPrefix("## ") {
        isDefining = annotation.text.hasSuffix("definitions")
        return true
      }
      return isDefining
    }
    all.removeFirst(definitions.count)
  }

  /// The bytes of a file. Of texts the first 1023 characters are written, `?` for those beyond Latin-1.
  package func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    func add(_ code: Int, _ rest: Int) {
      let word = code << 10 | rest & 0x3FF
      bytes += [UInt8(word & 0xFF), UInt8(word >> 8)]
    }
    var sample = 0
    var (number, channel) = (0, 0)
    for annotation in all {
      var distance = annotation.sample - sample
      sample = annotation.sample
      if !(0...0x3FF).contains(distance) {
        add(Word.skip, 0)
        let bits = UInt32(bitPattern: Int32(truncatingIfNeeded: distance - 1))
        for half in [bits >> 16, bits & 0xFFFF] {
          bytes += [UInt8(half & 0xFF), UInt8(half >> 8)]
        }
        distance = 1
      }
      add(Int(annotation.code), distance)
      if annotation.subtype != 0 { add(Word.subtype, annotation.subtype & 0xFF) }
      if annotation.channel != channel { add(Word.channel, annotation.channel & 0xFF) }
      if annotation.number != number { add(Word.number, annotation.number & 0xFF) }
      (number, channel) = (annotation.number, annotation.channel)
      let text = annotation.text.unicodeScalars.prefix(0x3FF).map {
        $0.value < 256 ? UInt8($0.value) : UInt8(ascii: "?")
      }
      if !text.isEmpty {
        add(Word.text, text.count)
        bytes += text
        if text.count % 2 == 1 { bytes.append(0) }
      }
    }
    return bytes + [0, 0]
  }
}
