import Dispatch
import Foundation
import Synchronization

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
    4 * HeartbeatSet.width + 2 + (origin == .records ? 4 : 0)
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
    ) { bytes in
      beats.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: beats.classes)
      bytes.append(contentsOf: beats.isOfTestFile.map { $0 ? 1 : 0 })
      beats.samples.withUnsafeBytes { bytes.append(contentsOf: $0) }
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
    for line in store.lines {
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
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
    let width = 4 * HeartbeatSet.width
    let (values, isWhole) = floats(in: store, count: count * HeartbeatSet.width)
    guard isWhole else { throw damaged("its check sum is wrong") }
    let classes = store.start + count * width
    let tests = store.bytes[(classes + count)..<(classes + 2 * count)]
    let known = Array(store.bytes[classes..<(classes + count)])
    guard known.allSatisfy({ HeartbeatClass.allCases.indices.contains(Int($0)) }) else {
      throw damaged("it has a class that there is not")
    }
    return HeartbeatSet(
      origin, records: records, values: values, classes: known,
      samples: origin == .tables
        ? []
        : (0..<count).map {
          store.bytes.loadUnaligned(
            fromByteOffset: classes + 2 * count + 4 * $0, as: Int32.self)
        },
      isOfTestFile: tests.map { $0 != 0 }, source: store.source, isSynthetic: store.isSynthetic)
  }

  /// The rows, and whether the check sum is right. The sum is taken on one thread while others copy.
  private static func floats(
    in store: StoreFile.Contents, count: Int
  ) -> (values: [Float], isWhole: Bool) {
    let isWhole = Mutex(false)
    let values = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      // Threads write disjoint stretches.
      nonisolated(unsafe) let target = UnsafeMutableRawBufferPointer(buffer)
      nonisolated(unsafe) let store = store
      let block = 1 << 22
      DispatchQueue.concurrentPerform(iterations: 1 + (4 * count + block - 1) / block) { part in
        guard part > 0 else {
          let sum = store.isWhole
          return isWhole.withLock { $0 = sum }
        }
        let range = ((part - 1) * block)..<min(part * block, 4 * count)
        let source = store.bytes[
          (store.start + range.lowerBound)..<(store.start + range.upperBound)]
        UnsafeMutableRawBufferPointer(rebasing: target[range])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
      }
      filled = count
    }
    return (values, isWhole.withLock { $0 })
  }
}
