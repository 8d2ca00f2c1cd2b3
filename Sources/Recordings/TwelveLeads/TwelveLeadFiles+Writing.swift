import Foundation
import Signals

extension TwelveLeadFiles {
  /// Writes synthetic records as the challenge has them: `NAME.hea`, and `NAME.mat`, a MATLAB file of level 4 with the
  /// variable `val`, a row a lead. The same records give the same bytes. Throws `RecordingError.notEmpty` or
  /// `.unwritable`.
  static func write(
    _ plans: [SyntheticTwelveLeads.Plan], to path: String, progress: RecordingProgress
  ) throws {
    try PublishedFiles.write(to: path) { folder in
      var names: [String] = []
      var done = 0
      try SyntheticTwelveLeads.forEach(plans) { plan, leads in
        for (ending, bytes) in [
          ("hea", Array(header(plan, leads).utf8)), ("mat", matrix(leads)),
        ] {
          let name = "\(plan.name).\(ending)"
          try Data(bytes).write(to: folder.appendingPathComponent(name))
          names.append(name)
        }
        done += 1
        progress(done, plans.count)
      }
      return names
    }
  }

  /// The text of `NAME.hea`.
  static func header(_ plan: SyntheticTwelveLeads.Plan, _ leads: [[Int16]]) -> String {
    let rate = DipoleHeart.samplesPerSecond
    let signals = zip(StandardLead.allCases, leads).map { lead, samples in
      "\(plan.name).mat 16+\(matrixStart) \(DipoleHeart.unitsPerMillivolt)/mV 16 0 \(samples.first ?? 0) "
        + "\(WFDBSignals.checkSum(of: samples)) 0 \(lead.name)\n"
    }
    return "\(plan.name) \(leads.count) \(rate) \(leads.first?.count ?? 0)\n" + signals.joined()
      + "#Age: Unknown\n#Sex: Unknown\n#Dx: \(plan.diagnoses.map(\.code).joined(separator: ","))\n"
      + "#Rx: Unknown\n#Hx: Unknown\n#Sx: Unknown\n#\(TwelveLeadDigits.foldName): \(plan.fold)\n"
      + WFDBHeader.syntheticLine + "\n"
  }

  /// Where the numbers of such a file begin.
  private static let matrixStart = 24

  /// A MATLAB file of level 4 (MathWorks, "MAT-File Format", R2019b): little-endian 16-bit numbers, column after column.
  private static func matrix(_ leads: [[Int16]]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(matrixStart + 2 * leads.reduce(0) { $0 + $1.count })
    for number in [30, leads.count, leads.first?.count ?? 0, 0, 4] {
      withUnsafeBytes(of: Int32(number).littleEndian) { bytes.append(contentsOf: $0) }
    }
    bytes += Array("val\0".utf8)
    return bytes + WFDBSignals.packed16(leads)
  }
}
