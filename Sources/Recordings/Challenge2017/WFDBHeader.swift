/// The header file that the WFDB software reads beside a recording's `.mat` file (PhysioNet, "WFDB
/// Applications Guide", header(5)), as the challenge has it.
enum WFDBHeader {
  /// The text of `NAME.hea`: name, signals, rate and samples; then file, format 16 after 24 bytes,
  /// units to the millivolt, bits, zero, first sample, check sum, block size and the signal's name. A
  /// comment, as the format has them, says of a synthetic one what it is.
  static func text(_ recording: Recording, isSynthetic: Bool) -> String {
    let sum = recording.samples.reduce(Int16(0)) { $0 &+ $1 }
    let rate = Recording.samplesPerSecond
    let gain = Recording.unitsPerMillivolt
    return """
      \(recording.name) 1 \(rate) \(recording.samples.count)
      \(recording.name).mat 16+24 \(gain)/mV 16 0 \(recording.samples.first ?? 0) \(sum) 0 ECG

      """ + (isSynthetic ? comment + "\n" : "")
  }

  /// Whether a header says that its recording is a synthetic one.
  static func isSynthetic(_ text: [UInt8]) -> Bool {
    text.split(separator: UInt8(ascii: "\n")).contains { Array($0) == Array(comment.utf8) }
  }

  private static let comment = "# synthetic recording made by RhythmLab"
}
