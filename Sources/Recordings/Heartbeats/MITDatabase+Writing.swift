import Foundation
import Signals

extension MITDatabase {
  /// Writes records as PhysioNet has them: `NAME.hea`, `NAME.dat` in format 212 and `NAME.atr` of each, and
  /// `RECORDS`. The same records give the same bytes. Throws `RecordingError.notEmpty` or `.unwritable`.
  static func write(
    _ beats: HeartbeatSet, to path: String, progress: RecordingProgress
  ) throws {
    try PublishedFiles.write(to: path) { folder in
      var names: [String] = []
      for (index, record) in beats.signals.enumerated() {
        for (ending, bytes) in [
          ("hea", Array(header(of: record, isSynthetic: beats.isSynthetic).utf8)),
          ("dat", WFDBSignals.packed212(record.leads.map(\.samples))),
          ("atr", record.annotations.bytes()),
        ] {
          let name = "\(record.name).\(ending)"
          try Data(bytes).write(to: folder.appendingPathComponent(name))
          names.append(name)
        }
        progress(index + 1, beats.signals.count)
      }
      let list = beats.signals.map { $0.name + "\n" }.joined()
      try Data(list.utf8).write(to: folder.appendingPathComponent(listFile))
      return names + [listFile]
    }
  }

  /// The text of `NAME.hea`.
  private static func header(of record: HeartRecord, isSynthetic: Bool) -> String {
    let count = record.leads.first?.samples.count ?? 0
    let signals = record.leads.map { lead in
      let sum = WFDBSignals.checkSum(of: lead.samples)
      return "\(record.name).dat 212 \(HeartRecord.unitsPerMillivolt) 11 \(HeartRecord.zero) "
        + "\(lead.samples.first ?? 0) \(sum) 0 \(lead.name)\n"
    }
    return "\(record.name) \(record.leads.count) \(HeartRecord.samplesPerSecond) \(count)\n"
      + signals.joined() + (isSynthetic ? WFDBHeader.syntheticLine + "\n" : "")
  }
}
