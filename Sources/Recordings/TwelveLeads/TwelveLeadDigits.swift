import Signals

/// The twelve leads of a record as its files have them, in the order of `StandardLead`, whatever the order of the files.
package struct TwelveLeadDigits {
  /// The numbers of each lead.
  package let leads: [[Int16]]
  /// What a number means, lead by lead.
  let scales: [TwelveLeadSignal.Scale]
  /// Samples a second.
  let rate: Double
  /// The lines of the header after a `#`.
  let comments: [String]

  init(
    leads: [[Int16]], scales: [TwelveLeadSignal.Scale], rate: Double, comments: [String] = []
  ) {
    self.leads = leads
    self.scales = scales
    self.rate = rate
    self.comments = comments
  }

  /// Reads the samples that a header describes, compared with it: number, first value and check sum of each signal.
  ///
  /// A `.mat` file of the challenge is a MATLAB file of level 4 whose one variable `val` is a matrix of a row a signal:
  /// behind its 24 bytes lies what format 16 has, and so headers say `16+24`.
  ///
  /// - Parameters:
  ///   - name: what the record should be called; its header may add `.mat`.
  ///   - file: gives the bytes of a signal file by its name; nil where there is none.
  /// - Throws: `WFDBError`, and what `file` throws.
  package init(
    _ header: WFDBHeader, name: String, file: (String) throws -> [UInt8]?
  ) throws {
    guard header.name == name || header.name == name + ".mat" else {
      throw WFDBError("its header is that of \(header.name.debugDescription)")
    }
    guard let rate = header.rate else { throw WFDBError("its header says no rate") }
    var places: [Int] = []
    var scales: [TwelveLeadSignal.Scale] = []
    for lead in StandardLead.allCases {
      let own = header.signals.indices.filter { index in
        header.signals[index].description.flatMap(StandardLead.init(name:)) == lead
      }
      guard let place = own.first else { throw WFDBError("its header has no lead \(lead.name)") }
      guard own.count == 1 else { throw WFDBError("its header has the lead \(lead.name) twice") }
      places.append(place)
      scales.append(try Self.scale(header.signals[place], lead))
    }
    leads = try WFDBSignals.samples(of: header, signals: places) { name in
      guard let bytes = try file(name) else { return nil }
      if name.hasSuffix(".mat") { try Self.check(bytes, header, file: name) }
      return bytes
    }
    for (lead, samples) in zip(StandardLead.allCases, leads)
    where samples.count != leads[0].count || samples.isEmpty {
      throw WFDBError("lead \(lead.name) has \(samples.count) samples, lead I \(leads[0].count)")
    }
    self.scales = scales
    self.rate = rate
    comments = header.comments
  }

  /// Numbers to a millivolt, and the number of 0 mV: the one in parentheses goes before the converter's.
  private static func scale(
    _ signal: WFDBHeader.Signal, _ lead: StandardLead
  ) throws(WFDBError) -> TwelveLeadSignal.Scale {
    let perMillivolt: Double
    switch (signal.unit ?? "mV").lowercased() {
    case "mv": perMillivolt = 1
    case "uv": perMillivolt = 1000
    case "v": perMillivolt = 0.001
    case let unit:
      throw WFDBError("lead \(lead.name) is measured in \(unit.debugDescription), not in mV")
    }
    guard let gain = signal.gain, gain != 0 else {
      throw WFDBError("its header says no gain of lead \(lead.name)")
    }
    guard gains.contains(gain * perMillivolt) else {
      throw WFDBError(
        "lead \(lead.name) has the gain \(WFDBHeader.plain(gain)), which no device has")
    }
    return .init(gain: gain * perMillivolt, zero: signal.baseline ?? signal.zero ?? 0)
  }

  /// Numbers to a millivolt that 16 bits can be of use with.
  private static let gains = 0.1...1e6

  /// Whether a MATLAB file has what its header says: a matrix of 16-bit numbers where the samples should begin.
  private static func check(
    _ bytes: [UInt8], _ header: WFDBHeader, file: String
  ) throws(WFDBError) {
    let variable: MATLABVariable?
    do {
      variable = try MATLABVariable.find("val", in: bytes)
    } catch {
      switch error {
      case .noMATLABFile: throw WFDBError("\(file) is not a MATLAB file or is cut off")
      case .newer: throw WFDBError("\(file) is a MATLAB file of level 7.3; level 4 is read")
      case .damaged(let problem): throw WFDBError("\(file) is damaged: \(problem)")
      }
    }
    guard let variable else { throw WFDBError("\(file) has no variable val") }
    // level 4, little-endian, a matrix of 16-bit numbers
    guard variable.level == .four, Array(variable.file.prefix(4)) == [30, 0, 0, 0] else {
      throw WFDBError("\(file) has no matrix of 16-bit numbers of MATLAB's level 4")
    }
    let own = header.signals.filter { $0.file == file }
    let (rows, columns) = (variable.dimensions[0], variable.dimensions[1])
    guard rows == own.count else {
      throw WFDBError("its header has \(own.count) signals in \(file), which has \(rows) rows")
    }
    let start = variable.file.endIndex - 2 * rows * columns
    guard let offset = own.first?.offset, offset == start, variable.file.endIndex == bytes.count
    else {
      throw WFDBError(
        "its header says that the samples of \(file) begin at byte \(own.first?.offset ?? 0), they do at \(start)"
      )
    }
  }

  /// The record at 100 Hz.
  ///
  /// - Throws: `WFDBError`.
  package func record(
    _ name: String, codes: [String]?, fold: Int?
  ) throws(WFDBError) -> TwelveLeadRecord {
    TwelveLeadRecord(
      name: name, rate: rate, gain: scales[0].gain,
      codes: codes ?? DiagnosisCodes.inComments(comments),
      fold: fold ?? DiagnosisCodes.value(of: Self.foldName, in: comments).flatMap { Int($0) },
      signal: try TwelveLeadSignal(leads, scales: scales, rate: rate))
  }

  /// What the line of the official part is called in headers of ours.
  static let foldName = "Fold"
}
