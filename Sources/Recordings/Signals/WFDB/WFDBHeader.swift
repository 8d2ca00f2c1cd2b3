/// A header file of the WFDB software, `NAME.hea` (PhysioNet, "WFDB Applications Guide", header(5)): what a
/// record is called, how often it was sampled, and of each signal where it lies and in which format.
///
/// Every field is read by itself. What the format lets be left out is nil, and what cannot be read is nil
/// and named in `unreadable`, so that a caller decides whether he can do without.
package struct WFDBHeader: Sendable, Equatable {
  /// A line of a signal.
  package struct Signal: Sendable, Equatable {
    /// The file with the samples; signals of one file that follow each other are interleaved in it.
    package var file = ""
    /// How samples are stored, such as 212 or 16.
    package var format: Int?
    /// Samples in a frame, where a signal was sampled more often than the record.
    package var samplesPerFrame = 1
    /// Frames by which the signal lies behind the others.
    package var skew = 0
    /// Bytes before the first sample.
    package var offset = 0
    /// Units of a sample that make one physical unit; 0 or nil where nobody knows, for which programs take 200.
    package var gain: Double?
    /// The sample that stands for zero physical units; the converter's zero where nothing is said.
    package var baseline: Int?
    /// The physical unit; mV where nothing is said.
    package var unit: String?
    /// Bits of the converter.
    package var resolution: Int?
    /// The middle of the converter's range.
    package var zero: Int?
    /// The first sample.
    package var first: Int?
    /// The sum of all samples, modulo 65536.
    package var checkSum: Int?
    /// The size of blocks that must be read as a whole; 0 for files.
    package var blockSize: Int?
    /// What was recorded, such as the name of a lead.
    package var description: String?

    /// Whether a sum of samples is the one that the header has; one of 0, which programs write that took
    /// none, is every sum.
    package func agrees(_ sum: Int) -> Bool {
      guard let checkSum, checkSum != 0 else { return true }
      return UInt16(truncatingIfNeeded: checkSum) == UInt16(truncatingIfNeeded: sum)
    }
  }

  /// The record's name.
  package var name = ""
  /// How many segments the record was put together from, each with a header of its own; nil where it is
  /// one recording.
  package var segments: Int?
  /// The number of signals that the first line announces.
  package var signalCount: Int?
  /// Frames a second; 250 where nothing is said.
  package var rate: Double?
  /// Ticks a second of the counter that times are given by; the rate where nothing is said.
  package var counterRate: Double?
  /// The counter at the first sample.
  package var baseCounter: Double?
  /// Samples of each signal; nil or 0 where nobody knows.
  package var sampleCount: Int?
  /// The time of day of the first sample.
  package var time: String?
  /// Its date.
  package var date: String?
  /// The signals, in the order of the lines.
  package var signals: [Signal] = []
  /// The lines after a `#`, without it.
  package var comments: [String] = []
  /// What cannot be read, a clause for each.
  package var unreadable: [String] = []

  /// Reads a header. Lines end as they like; comments may stand anywhere.
  package init(_ bytes: [UInt8]) {
    var lines: [[Substring]] = []
    for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      let text = String(decoding: line, as: UTF8.self)
      if line.first == UInt8(ascii: "#") {
        comments.append(String(text.dropFirst()))
        continue
      }
      let fields = text.split(whereSeparator: \.isWhitespace)
      if !fields.isEmpty { lines.append(fields) }
    }
    guard let first = lines.first else {
      unreadable.append("it has no line of the record")
      return
    }
    readRecord(first)
    guard segments == nil else { return }
    for fields in lines.dropFirst() {
      var reader = FieldReader(line: "signal \(signals.count + 1)")
      signals.append(reader.signal(fields))
      unreadable += reader.unreadable
    }
  }

  private mutating func readRecord(_ fields: [Substring]) {
    var reader = FieldReader(line: "the record's line")
    let names = fields[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    name = String(names[0])
    if names.count > 1 { segments = reader.count(names[1], "the number of segments") }
    func field(_ place: Int) -> Substring? { place < fields.count ? fields[place] : nil }
    signalCount = field(1).flatMap { reader.count($0, "the number of signals") }
    if signalCount == nil, fields.count < 2 {
      reader.unreadable.append("the record's line has no number of signals")
    }
    if let rates = field(2) {
      // rate/counter(base)
      let parts = rates.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      rate = reader.positive(parts[0], "the sampling rate")
      if parts.count > 1 {
        let (counter, base) = parts[1].withParenthesis
        counterRate = reader.positive(counter, "the counter's rate")
        baseCounter = base.flatMap { reader.number($0, "the counter's start") }
      }
    }
    sampleCount = field(3).flatMap { reader.count($0, "the number of samples") }
    time = field(4).map(String.init)
    date = field(5).map(String.init)
    unreadable += reader.unreadable
  }
}

/// Reads the fields of a line, and names what it cannot read.
private struct FieldReader {
  /// The line, for sentences.
  let line: String
  var unreadable: [String] = []

  init(line: String) { self.line = line }

  /// file, format, gain, resolution, zero, first sample, check sum, block size, description.
  mutating func signal(_ fields: [Substring]) -> WFDBHeader.Signal {
    var signal = WFDBHeader.Signal()
    signal.file = String(fields[0])
    func field(_ place: Int) -> Substring? { place < fields.count ? fields[place] : nil }
    if let text = field(1) {
      readFormat(text, into: &signal)
    } else {
      unreadable.append("\(line) has no format")
    }
    if let text = field(2) { readGain(text, into: &signal) }
    signal.resolution = field(3).flatMap { whole($0, "the resolution") }
    signal.zero = field(4).flatMap { whole($0, "the zero") }
    signal.first = field(5).flatMap { whole($0, "the first sample") }
    signal.checkSum = field(6).flatMap { whole($0, "the check sum") }
    signal.blockSize = field(7).flatMap { whole($0, "the block size") }
    if fields.count > 8 { signal.description = fields[8...].joined(separator: " ") }
    return signal
  }

  /// `212`, `16+24`, `212x2:3+512`.
  private mutating func readFormat(_ text: Substring, into signal: inout WFDBHeader.Signal) {
    var marks: [(mark: Character, digits: Substring)] = []
    var rest = text
    let own = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(own.count)
    while let mark = rest.first, "x:+".contains(mark) {
      let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      marks.append((mark, digits))
      rest = rest.dropFirst(1 + digits.count)
    }
    guard rest.isEmpty, let format = Int(own) else { return refuse(text, "the format") }
    signal.format = format
    for (mark, digits) in marks {
      guard let value = Int(digits) else { return refuse(text, "the format") }
      switch mark {
      case "x": signal.samplesPerFrame = value
      case ":": signal.skew = value
      default: signal.offset = value
      }
    }
  }

  /// `200`, `200/mV`, `200(1024)/mV`.
  private mutating func readGain(_ text: Substring, into signal: inout WFDBHeader.Signal) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let (gain, baseline) = parts[0].withParenthesis
    signal.gain = number(gain, "the gain")
    signal.baseline = baseline.flatMap { whole($0, "the baseline") }
    if parts.count > 1, !parts[1].isEmpty { signal.unit = String(parts[1]) }
  }

  mutating func number(_ text: Substring, _ what: String) -> Double? {
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
      let value = Double(text), value.isFinite
    else {
      refuse(text, what)
      return nil
    }
    return value
  }

  mutating func positive(_ text: Substring, _ what: String) -> Double? {
    guard let value = number(text, what) else { return nil }
    guard value > 0 else {
      refuse(text, what)
      return nil
    }
    return value
  }

  mutating func whole(_ text: Substring, _ what: String) -> Int? {
    guard let value = Int(text), abs(value) <= 1 << 32 else {
      refuse(text, what)
      return nil
    }
    return value
  }

  mutating func count(_ text: Substring, _ what: String) -> Int? {
    guard let value = Int(text), value >= 0, value <= 1 << 40 else {
      refuse(text, what)
      return nil
    }
    return value
  }

  private mutating func refuse(_ text: Substring, _ what: String) {
    let shown = text.count > 40 ? text.prefix(40) + "…" : text
    unreadable.append("\(what) in \(line) is \(String(shown).debugDescription)")
  }
}

extension Substring {
  /// `a(b)` as a and b; without a parenthesis a alone.
  fileprivate var withParenthesis: (Substring, Substring?) {
    guard let open = firstIndex(of: "("), last == ")" else { return (self, nil) }
    return (self[..<open], self[index(after: open)...].dropLast())
  }
}

extension WFDBHeader {
  /// The line that says of a header that its recording is a synthetic one.
  package static let syntheticLine = "# synthetic recording made by RhythmLab"

  /// Whether it says so.
  package var isSynthetic: Bool { comments.contains { "#" + $0 == Self.syntheticLine } }

  /// A number without digits that say nothing.
  package static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
