/// The header file that the WFDB software reads beside a recording's `.mat` file (PhysioNet, "WFDB
/// Applications Guide", header(5)), as the challenge has it.
package enum WFDBHeader {
  /// The text of `NAME.hea`: name, signals, rate and samples; then file, format 16 after 24 bytes,
  /// units to the millivolt, bits, zero, first sample, check sum, block size and the signal's name. A
  /// comment, as the format has them, says of a synthetic one what it is.
  package static func text(_ recording: Recording, isSynthetic: Bool) -> String {
    let sum = recording.samples.reduce(Int16(0)) { $0 &+ $1 }
    let rate = Recording.samplesPerSecond
    let gain = Recording.unitsPerMillivolt
    return """
      \(recording.name) 1 \(rate) \(recording.samples.count)
      \(recording.name).mat 16+24 \(gain)/mV 16 0 \(recording.samples.first ?? 0) \(sum) 0 ECG

      """ + (isSynthetic ? comment + "\n" : "")
  }

  /// What a header says of a recording and its first signal; nil for what it leaves out.
  package struct Figures: Equatable {
    /// Samples in a second.
    package var rate: Double?
    /// The number of samples.
    package var count: Double?
    /// Units to one of the physical unit.
    package var gain: Double?
    /// The physical unit, where the header names it; millivolts are meant otherwise.
    package var unit: String?
    /// The first sample.
    package var first: Double?
    /// The sum of all samples, of which 16 bits are kept.
    package var sum: Double?
  }

  /// Reads what a header says; what is not readable is not said.
  package static func figures(_ text: [UInt8]) -> Figures {
    let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
      .filter { $0.utf8.first != UInt8(ascii: "#") }.map {
        $0.split(whereSeparator: \.isWhitespace)
      }.filter { !$0.isEmpty }
    func number(_ fields: [Substring], _ place: Int) -> Double? {
      fields.dropFirst(place).first.flatMap { field in
        Double(field.prefix { $0.isNumber || "+-.eE".contains($0) })
      }
    }
    var figures = Figures()
    guard let record = lines.first else { return figures }
    figures.rate = number(record, 2)
    figures.count = number(record, 3)
    guard let signal = lines.dropFirst().first else { return figures }
    figures.gain = number(signal, 2)
    figures.unit = signal.dropFirst(2).first.flatMap { field in
      field.firstIndex(of: "/").map { String(field[field.index(after: $0)...]) }
    }
    figures.first = number(signal, 5)
    figures.sum = number(signal, 6)
    return figures
  }

  /// What a header says that the recording's samples, or the course, contradict: the rate, the gain, the
  /// number of samples, the first of them, their sum where the header has one (PhysioNet's own have 0);
  /// nil where all agrees.
  /// What is not said, or not readable, contradicts nothing.
  package static func contradiction(_ text: [UInt8], of samples: [Int16]) -> String? {
    let said = figures(text)
    var problems: [String] = []
    if let rate = said.rate, rate != Double(Recording.samplesPerSecond) {
      problems.append("its header says \(plain(rate)) Hz")
    }
    if let count = said.count, count != 0, count != Double(samples.count) {
      problems.append("its header says \(plain(count)) samples, its file has \(samples.count)")
    }
    // 0 stands for a gain that nobody knows
    if let gain = said.gain, gain != 0 {
      let perMillivolt = gain * (said.unit == "uV" ? 1000 : said.unit == "V" ? 0.001 : 1)
      if perMillivolt != Double(Recording.unitsPerMillivolt) {
        problems.append("its header says \(plain(perMillivolt)) units to the millivolt")
      }
    }
    if let first = said.first, let sample = samples.first, first != Double(sample) {
      problems.append(
        "its header says that it begins with \(plain(first)), it does with \(sample)")
    }
    let sum = samples.reduce(Int16(0)) { $0 &+ $1 }
    if let said = said.sum, said != 0, said != Double(sum), problems.isEmpty {
      problems.append("its header has the check sum \(plain(said)), its samples have \(sum)")
    }
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }

  private static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  /// Whether a header says that its recording is a synthetic one.
  package static func isSynthetic(_ text: [UInt8]) -> Bool {
    text.split(separator: UInt8(ascii: "\n")).contains { Array($0) == Array(comment.utf8) }
  }

  private static let comment = "# synthetic recording made by RhythmLab"
}
