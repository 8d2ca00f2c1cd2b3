import Dispatch
import Foundation
import Synchronization

/// The local store: all recordings in one file, so that a command starts at once.
///
/// Layout, little-endian: 8 bytes magic, version (UInt32), number of recordings (UInt32), bytes of
/// the table (UInt64), number of samples (UInt64), check sum of all that follows (UInt64); the
/// table as text (a line with the source, at whose end a tab and a word
/// tell synthetic ones, then `name,label,samples` lines, blanks up to a multiple
/// of 8); the samples as Int16.
public enum RecordingStore {
  /// The store's usual folder, in the working copy.
  public static let folderName = ".rhythmlab"
  /// The store's file in its folder.
  public static let fileName = "recordings.store"

  private static let magic = Array("RHYTHMEC".utf8)
  private static let version: UInt32 = 1
  private static let headerBytes = 40
  /// Ends the line of the source when the recordings are synthetic; no source has a tab.
  private static let syntheticMark = "\tsynthetic"

  /// The store's file for a store folder.
  public static func file(in folder: String) -> String {
    folder.hasSuffix("/") ? folder + fileName : folder + "/" + fileName
  }

  /// Writes the store into `folder`, which is made if it is not there. The old store stays whole
  /// until the new one is; after an error nothing is left behind. Throws `RecordingError.unwritable`.
  public static func save(_ recordings: RecordingSet, in folder: String) throws {
    var bytes = Data()
    let sampleCount = recordings.reduce(0) { $0 + $1.samples.count }
    let table = table(recordings)
    bytes.reserveCapacity(headerBytes + table.count + 2 * sampleCount)
    bytes.append(contentsOf: magic)
    append(version, to: &bytes)
    append(UInt32(recordings.count), to: &bytes)
    append(UInt64(table.count), to: &bytes)
    append(UInt64(sampleCount), to: &bytes)
    append(UInt64(0), to: &bytes)
    bytes.append(contentsOf: table)
    for recording in recordings {
      recording.samples.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    let sum = bytes.withUnsafeBytes { checkSum(of: $0, from: headerBytes) }
    withUnsafeBytes(of: sum.littleEndian) {
      bytes.replaceSubrange((headerBytes - 8)..<headerBytes, with: $0)
    }
    try writeAtomically(bytes, to: file(in: folder), makingFolder: folder)
  }

  /// Reads a store file. Throws `RecordingError.missing`, `.unreadable` or `.damagedStore`.
  public static func load(_ path: String) throws -> RecordingSet {
    guard FileManager.default.fileExists(atPath: path) else {
      throw RecordingError.missing(path: path)
    }
    let bytes: Data
    do {
      // safe: a store is only ever replaced as a whole, by renaming
      bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      throw RecordingError.unreadable(path: path, detail: reason(error))
    }
    return try bytes.withUnsafeBytes { try decode($0, path: path) }
  }

  /// Whether a store holds synthetic recordings, without reading them.
  static func isSynthetic(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    guard let start = try? file.read(upToCount: headerBytes + (64 << 10)) else { return false }
    let line = start.dropFirst(headerBytes).prefix { $0 != UInt8(ascii: "\n") }
    return String(decoding: line, as: UTF8.self).hasSuffix(syntheticMark)
  }

  /// Whether the file at `path` begins as a store does.
  static func isStore(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: magic.count)).map { Array($0) } == magic
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer, path: String) throws -> RecordingSet {
    func damaged(_ problem: String) -> RecordingError {
      .damagedStore(path: path, problem: problem)
    }
    guard bytes.count >= headerBytes else { throw damaged("it ends in the header") }
    guard bytes.prefix(magic.count).elementsEqual(magic) else { throw damaged("it is no store") }
    let found: UInt32 = number(bytes, at: 8)
    guard found == version else {
      throw damaged("it has version \(found), this program reads version \(version)")
    }
    let count = Int(number(bytes, at: 12) as UInt32)
    let tableBytes: UInt64 = number(bytes, at: 16)
    let sampleCount: UInt64 = number(bytes, at: 24)
    let rest = UInt64(bytes.count - headerBytes)
    guard tableBytes <= rest, sampleCount <= rest, tableBytes + 2 * sampleCount == rest else {
      throw damaged("it has \(bytes.count) bytes, not as many as its header says")
    }
    var place = headerBytes + Int(tableBytes)
    let table = bytes[headerBytes..<place]
    let lines = table.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    guard lines.count >= count + 1 else { throw damaged("its table is short") }
    let first = String(decoding: lines[0], as: UTF8.self)
    let isSynthetic = first.hasSuffix(syntheticMark)
    let source = isSynthetic ? String(first.dropLast(syntheticMark.count)) : first
    var rows: [Row] = []
    rows.reserveCapacity(count)
    for line in lines[1..<(count + 1)] {
      let fields = line.split(separator: UInt8(ascii: ","))
        .map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 3, let label = RhythmLabel(rawValue: fields[1]),
        let length = Int(fields[2]),
        length >= 0, length <= (bytes.count - place) / 2
      else { throw damaged("its table is wrong") }
      rows.append(Row(name: fields[0], label: label, bytes: place..<(place + 2 * length)))
      place += 2 * length
    }
    guard place == bytes.count else { throw damaged("its table is wrong") }
    guard let recordings = recordings(rows, in: bytes, checkSum: number(bytes, at: 32)) else {
      throw damaged("its check sum is wrong")
    }
    return RecordingSet(recordings, source: source, isSynthetic: isSynthetic)
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
    _ rows: [Row], in bytes: UnsafeRawBufferPointer, checkSum expected: UInt64
  ) -> [Recording]? {
    let blockSize = 256
    let blocks = (rows.count + blockSize - 1) / blockSize
    let results = Mutex((sum: UInt64(0), blocks: [[Recording]](repeating: [], count: blocks)))
    nonisolated(unsafe) let bytes = bytes
    DispatchQueue.concurrentPerform(iterations: blocks + 1) { part in
      guard part > 0 else {
        let sum = checkSum(of: bytes, from: headerBytes)
        return results.withLock { $0.sum = sum }
      }
      let block = rows[((part - 1) * blockSize)..<min(part * blockSize, rows.count)].map { row in
        let samples = [Int16](unsafeUninitializedCapacity: row.bytes.count / 2) { buffer, filled in
          UnsafeMutableRawBufferPointer(buffer)
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[row.bytes]))
          filled = row.bytes.count / 2
        }
        return Recording(name: row.name, label: row.label, samples: samples)
      }
      results.withLock { $0.blocks[part - 1] = block }
    }
    return results.withLock { $0.sum == expected ? $0.blocks.flatMap { $0 } : nil }
  }

  private static func table(_ recordings: RecordingSet) -> [UInt8] {
    let source = recordings.source.unicodeScalars.map {
      $0 == "\n" || $0 == "\t" ? " " : Character($0)
    }
    var text = String(source) + (recordings.isSynthetic ? syntheticMark : "") + "\n"
    for recording in recordings {
      text += "\(recording.name),\(recording.label.rawValue),\(recording.samples.count)\n"
    }
    var bytes = Array(text.utf8)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: "\n")) }
    return bytes
  }

  /// A check against damage, not against forgery: FNV's step on words of 8 bytes.
  private static func checkSum(of bytes: UnsafeRawBufferPointer, from start: Int) -> UInt64 {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    var place = start
    while place + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      sum = (sum ^ UInt64(littleEndian: word)) &* 0x0000_0100_0000_01B3
      sum ^= sum >> 29
      place += 8
    }
    for byte in bytes[place...] { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return sum
  }

  private static func append(_ number: some FixedWidthInteger, to bytes: inout Data) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) -> Number {
    Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }
}

/// Writes a file whole or not at all, and takes a folder away again that was made for nothing.
private func writeAtomically(_ bytes: Data, to path: String, makingFolder folder: String) throws {
  let manager = FileManager.default
  let existed = manager.fileExists(atPath: folder)
  do {
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
  } catch {
    if !existed { try? manager.removeItem(atPath: folder) }
    throw RecordingError.unwritable(path: path, detail: reason(error))
  }
}
