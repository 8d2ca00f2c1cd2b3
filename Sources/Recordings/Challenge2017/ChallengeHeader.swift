import Signals

/// The header file beside a recording's `.mat` file, as the challenge has it.
package enum ChallengeHeader {
  /// The text of `NAME.hea`: name, signals, rate and samples; then file, format 16 after 24 bytes,
  /// units to the millivolt, bits, zero, first sample, check sum, block size and the signal's name. A
  /// comment, as the format has them, says of a synthetic one what it is.
  package static func text(_ recording: Recording, isSynthetic: Bool) -> String {
    let sum = WFDBSignals.checkSum(of: recording.samples)
    let rate = Recording.samplesPerSecond
    let gain = Recording.unitsPerMillivolt
    return """
      \(recording.name) 1 \(rate) \(recording.sampleCount)
      \(recording.name).mat 16+24 \(gain)/mV 16 0 \(recording.samples.first ?? 0) \(sum) 0 ECG

      """ + (isSynthetic ? WFDBHeader.syntheticLine + "\n" : "")
  }

  /// What a header says that the recording's samples, or the course, contradict: the rate, the gain, the
  /// number of samples, and where it has a sum of them, that and the first one; nil where all agrees.
  ///
  /// PhysioNet's own headers have 0 for the sum, and one in twenty of them the first sample of another piece of the
  /// recording (16 of the 300 of the validation set): that says nothing.
  /// What is not said, or not readable, contradicts nothing.
  package static func contradiction(_ text: [UInt8], of samples: [Int16]) -> String? {
    let header = WFDBHeader(text)
    var problems: [String] = []
    if let rate = header.rate, rate != Double(Recording.samplesPerSecond) {
      problems.append("its header says \(WFDBHeader.plain(rate)) Hz")
    }
    if let count = header.sampleCount, count != 0, count != samples.count {
      problems.append("its header says \(count) samples, its file has \(samples.count)")
    }
    if let signal = header.signals.first {
      // 0 stands for a gain that nobody knows
      if let gain = signal.gain, gain != 0 {
        let perMillivolt = gain * (signal.unit == "uV" ? 1000 : signal.unit == "V" ? 0.001 : 1)
        if perMillivolt != Double(Recording.unitsPerMillivolt) {
          problems.append(
            "its header says \(WFDBHeader.plain(perMillivolt)) units to the millivolt")
        }
      }
      let hasSum = signal.checkSum.map { $0 != 0 } ?? false
      if hasSum, let first = signal.first, let sample = samples.first, first != Int(sample) {
        problems.append("its header says that it begins with \(first), it does with \(sample)")
      }
      let sum = WFDBSignals.checkSum(of: samples)
      if problems.isEmpty, !signal.agrees(Int(sum)), let said = signal.checkSum {
        problems.append("its header has the check sum \(said), its samples have \(sum)")
      }
    }
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }
}
