import Foundation
import Signals

/// The store of heartbeats: a line `origin,name,lead,annotations,beats,rows` a record; then the rows as
/// 32-bit numbers, the class of each, whether each is of the test file, and the sample of each (Int32; none
/// of tables).
enum HeartbeatStore {
  /// The store's file in its folder.
  static let fileName = "heartbeats.store"

  static let format = StoreFile(magic: "RHYTHMHB", version: 1, elementBytes: 1)

  /// The store's file for a store folder.
  static func file(in folder: String) -> String {
    folder.hasSuffix("/") ? folder + fileName : folder + "/" + fileName
  }

  /// Bytes of a beat: its row, class and membership, and its sample where samples are known.
  private static func size(_ origin: HeartbeatSet.Origin) -> Int {
    StoredHeartbeats.size(hasSamples: origin == .records)
  }

  /// Writes a store. Throws `RecordingError.unwritable`.
  ///
  /// - Returns: its path.
  static func save(_ beats: HeartbeatSet, in folder: String) throws -> String {
    func field(_ text: String) -> String {
      String(text.unicodeScalars.map { $0 == "," || $0.value < 32 ? " " : Character($0) })
    }
    let path = file(in: folder)
    try format.write(
      to: path, in: folder, source: beats.source, isSynthetic: beats.isSynthetic,
      lines: beats.records.map {
        [
          beats.origin.rawValue, field($0.name), field($0.lead), "\($0.annotationCount)",
          "\($0.beatCount)", "\($0.rows.count)",
        ].joined(separator: ",")
      },
      elementCount: beats.beatCount * size(beats.origin)
    ) { append in
      try beats.values.withUnsafeBytes(append)
      try beats.classes.withUnsafeBytes(append)
      try StoredHeartbeats.bytes(beats.isOfTestFile).withUnsafeBytes(append)
      try beats.samples.withUnsafeBytes(append)
    }
    return path
  }

  /// Reads a store. Throws `RecordingError.missing`, `.unreadable` or `.damagedStore`.
  static func load(_ path: String) throws -> HeartbeatSet {
    try format.read(path) { try decode($0, path: path) }
  }

  private static func decode(_ store: StoreFile.Contents, path: String) throws -> HeartbeatSet {
    func damaged(_ problem: String) -> RecordingError {
      .damagedStore(path: path, problem: problem)
    }
    var records: [HeartbeatSet.Record] = []
    var origin = HeartbeatSet.Origin.records
    let most = store.bytes.count / size(.tables)
    for fields in store.entries {
      guard fields.count == 6, let own = HeartbeatSet.Origin(rawValue: fields[0]),
        let annotationCount = Int(fields[3]), let beatCount = Int(fields[4]),
        let rowCount = Int(fields[5]), (0...most).contains(rowCount)
      else { throw damaged("its table is wrong") }
      origin = own
      let first = records.last?.rows.upperBound ?? 0
      records.append(
        .init(
          name: fields[1], lead: fields[2], annotationCount: annotationCount,
          beatCount: beatCount, rows: first..<(first + rowCount)))
    }
    let count = records.last?.rows.upperBound ?? 0
    guard store.bytes.count - store.start == count * size(origin) else {
      throw damaged("its table is wrong")
    }
    nonisolated(unsafe) let whole = store
    let stored = StoredHeartbeats(
      store.bytes, from: store.start, count: count, hasSamples: origin == .records
    ) { whole.isWhole }
    guard stored.isWhole else { throw damaged("its check sum is wrong") }
    guard stored.hasKnownClasses else { throw damaged("it has a class that there is not") }
    return HeartbeatSet(
      origin, records: records, values: stored.values, classes: stored.classes,
      samples: stored.samples, isOfTestFile: stored.isOfTestFile, source: store.source,
      isSynthetic: store.isSynthetic)
  }
}
