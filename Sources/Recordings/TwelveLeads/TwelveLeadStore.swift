import Examples
import Foundation
import Signals

/// The store of twelve-lead records: a line `name,rate,samples,gain,fold,amplitude,constant leads,limb error,codes,
/// samples at 100 Hz` a record; then the leads of each, one after another, as 32-bit numbers.
enum TwelveLeadStore {
  /// The store's file in its folder.
  static let fileName = "twelve-leads.store"

  static let format = StoreFile(magic: "RHYTHM12", version: 1, elementBytes: 4)

  /// The store's file for a store folder.
  static func file(in folder: String) -> String {
    folder.hasSuffix("/") ? folder + fileName : folder + "/" + fileName
  }

  /// Writes a store. Throws `RecordingError.unwritable`.
  ///
  /// - Returns: its path.
  static func save(_ set: TwelveLeadSet, in folder: String) throws -> String {
    func field(_ text: String) -> String {
      String(text.unicodeScalars.map { $0 == "," || $0.value < 32 ? " " : Character($0) })
    }
    let path = file(in: folder)
    try format.write(
      to: path, in: folder, source: set.source, isSynthetic: set.isSynthetic,
      lines: set.records.map { record in
        [
          field(record.name), "\(record.rate)", "\(record.sampleCount)", "\(record.gain)",
          record.fold.map { "\($0)" } ?? "", "\(record.amplitude)", "\(record.constantLeads)",
          "\(record.limbError)", record.codes.map(field).joined(separator: " "), "\(record.count)",
        ].joined(separator: ",")
      },
      elementCount: set.records.reduce(0) { $0 + $1.numbers.count }
    ) { append in
      for record in set.records { try record.values.withUnsafeBytes(append) }
    }
    return path
  }

  /// Reads a store. Throws `RecordingError.missing`, `.unreadable` or `.damagedStore`.
  static func load(_ path: String) throws -> TwelveLeadSet {
    try format.read(path) { try decode($0, path: path) }
  }

  private static func decode(_ store: StoreFile.Contents, path: String) throws -> TwelveLeadSet {
    func damaged(_ problem: String) -> RecordingError {
      .damagedStore(path: path, problem: problem)
    }
    guard store.isWhole else { throw damaged("its check sum is wrong") }
    let size = (store.bytes.count - store.start) / 4
    guard let leads = StoredNumbers<Float>(store.file, offset: store.start, count: size) else {
      throw damaged("its table is wrong")
    }
    var place = 0
    let records = try store.entries.map { fields -> TwelveLeadRecord in
      guard fields.count == 10, let rate = Double(fields[1]), rate.isFinite,
        let sampleCount = Int(fields[2]), sampleCount >= 0, let gain = Double(fields[3]),
        fields[4].isEmpty || Int(fields[4]) != nil, let amplitude = Double(fields[5]),
        let constantLeads = Int(fields[6]), let limbError = Double(fields[7]),
        let count = Int(fields[9]), (0...((size - place) / StandardLead.count)).contains(count)
      else { throw damaged("its table is wrong") }
      let numbers = leads.slice(place..<(place + StandardLead.count * count))
      place += numbers.count
      return TwelveLeadRecord(
        name: fields[0], rate: rate, sampleCount: sampleCount, gain: gain,
        codes: fields[8].split(separator: " ").map(String.init), fold: Int(fields[4]),
        amplitude: amplitude, constantLeads: constantLeads, limbError: limbError, numbers: numbers)
    }
    guard place == size else { throw damaged("its table is wrong") }
    return TwelveLeadSet(records, source: store.source, isSynthetic: store.isSynthetic)
  }
}
