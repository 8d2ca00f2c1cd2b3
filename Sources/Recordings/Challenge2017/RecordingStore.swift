import Dispatch
import Foundation
import Synchronization

/// The store of the challenge's recordings: a line `name,label,samples` each, and the samples as Int16.
public enum RecordingStore {
  /// The store's usual folder, in the working copy.
  public static let folderName = ".rhythmlab"
  /// The store's file in its folder.
  public static let fileName = "recordings.store"

  static let format = StoreFile(magic: "RHYTHMEC", version: 1, elementBytes: 2)

  /// The store's file for a store folder.
  public static func file(in folder: String) -> String {
    folder.hasSuffix("/") ? folder + fileName : folder + "/" + fileName
  }

  /// Writes the store into `folder`, which is made if it is not there. The old store stays whole
  /// until the new one is; after an error nothing is left behind. Throws `RecordingError.unwritable`.
  public static func save(_ recordings: RecordingSet, in folder: String) throws {
    try format.write(
      to: file(in: folder), in: folder, source: recordings.source,
      isSynthetic: recordings.isSynthetic,
      lines: recordings.map { "\($0.name),\($0.label.rawValue),\($0.samples.count)" },
      elementCount: recordings.reduce(0) { $0 + $1.samples.count }
    ) { bytes in
      for recording in recordings {
        recording.samples.withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
    }
  }

  /// Reads a store file. Throws `RecordingError.missing`, `.unreadable` or `.damagedStore`.
  public static func load(_ path: String) throws -> RecordingSet {
    try format.read(path) { try decode($0, path: path) }
  }

  private static func decode(_ store: StoreFile.Contents, path: String) throws -> RecordingSet {
    func damaged(_ problem: String) -> RecordingError {
      .damagedStore(path: path, problem: problem)
    }
    var place = store.start
    var rows: [Row] = []
    rows.reserveCapacity(store.entries.count)
    for fields in store.entries {
      guard fields.count == 3, let label = RhythmLabel(rawValue: fields[1]),
        let length = Int(fields[2]),
        length >= 0, length <= (store.bytes.count - place) / 2
      else { throw damaged("its table is wrong") }
      rows.append(Row(name: fields[0], label: label, bytes: place..<(place + 2 * length)))
      place += 2 * length
    }
    guard place == store.bytes.count else { throw damaged("its table is wrong") }
    guard let recordings = recordings(rows, in: store) else {
      throw damaged("its check sum is wrong")
    }
    return RecordingSet(recordings, source: store.source, isSynthetic: store.isSynthetic)
  }

  /// A line of the table: a recording, and where its samples are.
  private struct Row: Sendable {
    let name: String
    let label: RhythmLabel
    let bytes: Range<Int>
  }

  /// The recordings with their samples; nil when the check sum is another one. The sum is taken on
  /// one thread while others copy: both wait for the disk and for fresh pages.
  private static func recordings(
    _ rows: [Row], in store: StoreFile.Contents
  ) -> [Recording]? {
    let blockSize = 256
    let blocks = (rows.count + blockSize - 1) / blockSize
    let results = Mutex((isWhole: false, blocks: [[Recording]](repeating: [], count: blocks)))
    nonisolated(unsafe) let store = store
    DispatchQueue.concurrentPerform(iterations: blocks + 1) { part in
      guard part > 0 else {
        let isWhole = store.isWhole
        return results.withLock { $0.isWhole = isWhole }
      }
      let block = rows[((part - 1) * blockSize)..<min(part * blockSize, rows.count)].map { row in
        let samples = [Int16](unsafeUninitializedCapacity: row.bytes.count / 2) { buffer, filled in
          UnsafeMutableRawBufferPointer(buffer)
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: store.bytes[row.bytes]))
          filled = row.bytes.count / 2
        }
        return Recording(name: row.name, label: row.label, samples: samples)
      }
      results.withLock { $0.blocks[part - 1] = block }
    }
    return results.withLock { $0.isWhole ? $0.blocks.flatMap { $0 } : nil }
  }
}
