import Examples
import Files
import Foundation
import Signals

/// A file of the local store: what was read once, so that a command starts at once.
///
/// Layout, little-endian: 8 bytes magic, version (UInt32), number of entries (UInt32), bytes of the table
/// (UInt64), number of elements (UInt64), check sum of all that follows (UInt64); the table as text (a line with the
/// source, at whose end a tab and a word tell synthetic ones, then a line an entry, blanks up to a multiple
/// of 8); the elements.
struct StoreFile {
  /// The first 8 bytes.
  let magic: String
  /// The version that is written and read.
  let version: UInt32
  /// Bytes of an element.
  let elementBytes: Int

  private static let headerBytes = 40
  /// Ends the line of the source when the recordings are synthetic; no source has a tab.
  private static let syntheticMark = "\tsynthetic"

  /// What a store holds.
  struct Contents {
    /// Where the recordings came from.
    let source: String
    let isSynthetic: Bool
    /// The fields of the entries.
    let entries: [[String]]
    /// The file, and all bytes of it; those of elements come into memory as they are looked at.
    let file: NumberFile
    let bytes: UnsafeRawBufferPointer
    /// The place of the first element.
    let start: Int
    /// The check sum that the header has.
    let checkSum: UInt64

    /// Whether the bytes are those that were written: a check against damage, not against forgery. Read piece by piece,
    /// so that elements which stay in the file need no memory.
    var isWhole: Bool {
      var sum = StoreBytes.noSum
      var place = headerBytes
      return withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 8) { buffer in
        while place < bytes.count {
          let piece = UnsafeMutableRawBufferPointer(
            rebasing: buffer[..<min(buffer.count, bytes.count - place)])
          guard file.read(piece, at: place) else { return false }
          sum = StoreBytes.checkSum(sum, adding: UnsafeRawBufferPointer(piece))
          place += piece.count
        }
        return sum == checkSum
      }
    }
  }

  /// Writes a store into `folder`, which is made if it is not there. The old store stays whole until the new
  /// one is; after an error nothing is left behind.
  ///
  /// - Parameters:
  ///   - lines: an entry each.
  ///   - elements: gives the bytes of the elements, in as many pieces as it likes: they need not be in memory at once.
  /// - Throws: `RecordingError.unwritable`.
  func write(
    to path: String, in folder: String, source: String, isSynthetic: Bool, lines: [String],
    elementCount: Int, elements: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let line = String(source.unicodeScalars.map { $0 == "\n" || $0 == "\t" ? " " : Character($0) })
    let text = ([line + (isSynthetic ? Self.syntheticMark : "")] + lines)
      .map { $0 + "\n" }.joined()
    var table = Array(text.utf8)
    while table.count % 8 != 0 { table.append(UInt8(ascii: "\n")) }

    var header = Data(magic.utf8)
    Self.append(version, to: &header)
    Self.append(UInt32(lines.count), to: &header)
    Self.append(UInt64(table.count), to: &header)
    Self.append(UInt64(elementCount), to: &header)
    let placeOfSum = header.count
    Self.append(UInt64(0), to: &header)
    try writing(to: path, makingFolder: folder) { file in
      try header.withUnsafeBytes { try file.append($0) }
      var rest = SummedPieces(file)
      try table.withUnsafeBytes { try rest.append($0) }
      try elements { try rest.append($0) }
      try withUnsafeBytes(of: try rest.finish().littleEndian) {
        try file.overwrite(at: placeOfSum, with: $0)
      }
    }
  }

  /// Reads a store; `body` looks at the check sum.
  ///
  /// - Throws: `RecordingError.missing`, `.unreadable` or `.damagedStore`, and what `body` throws.
  func read<Result>(_ path: String, _ body: (Contents) throws -> Result) throws -> Result {
    guard FileManager.default.fileExists(atPath: path) else {
      throw RecordingError.missing(path: path)
    }
    guard let file = NumberFile(reading: path) else {
      throw RecordingError.unreadable(path: path, detail: String(cString: strerror(errno)))
    }
    let bytes: Data
    do {
      // of the file that is open: the store may be replaced meanwhile, as a whole, by renaming
      bytes = try Data(
        contentsOf: URL(fileURLWithPath: "/proc/self/fd/\(file.descriptor)"),
        options: .alwaysMapped)
    } catch {
      throw RecordingError.unreadable(path: path, detail: reason(error))
    }
    return try bytes.withUnsafeBytes { try body(try contents($0, of: file, path: path)) }
  }

  private func contents(
    _ bytes: UnsafeRawBufferPointer, of file: NumberFile, path: String
  ) throws -> Contents {
    func damaged(_ problem: String) -> RecordingError {
      .damagedStore(path: path, problem: problem)
    }
    guard bytes.count >= Self.headerBytes else { throw damaged("it ends in the header") }
    guard bytes.prefix(magic.utf8.count).elementsEqual(magic.utf8) else {
      throw damaged("it is no store")
    }
    let found: UInt32 = Self.number(bytes, at: 8)
    guard found == version else {
      throw damaged("it has version \(found), this program reads version \(version)")
    }
    let count = Int(Self.number(bytes, at: 12) as UInt32)
    let tableBytes: UInt64 = Self.number(bytes, at: 16)
    let elementCount: UInt64 = Self.number(bytes, at: 24)
    let rest = UInt64(bytes.count - Self.headerBytes)
    let (size, overflow) = elementCount.multipliedReportingOverflow(by: UInt64(elementBytes))
    guard !overflow, tableBytes <= rest, size == rest - tableBytes else {
      throw damaged("it has \(bytes.count) bytes, not as many as its header says")
    }
    let start = Self.headerBytes + Int(tableBytes)
    let table = StoreBytes.table(bytes[Self.headerBytes..<start])
    guard let first = table.first, table.entries.count >= count else {
      throw damaged("its table is short")
    }
    let isSynthetic = first.hasSuffix(Self.syntheticMark)
    return Contents(
      source: isSynthetic ? String(first.dropLast(Self.syntheticMark.count)) : first,
      isSynthetic: isSynthetic, entries: Array(table.entries[..<count]), file: file, bytes: bytes,
      start: start, checkSum: Self.number(bytes, at: 32))
  }

  /// Whether a store holds synthetic recordings, without reading them.
  func isSynthetic(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    guard let start = try? file.read(upToCount: Self.headerBytes + (64 << 10)) else { return false }
    let line = start.dropFirst(Self.headerBytes).prefix { $0 != UInt8(ascii: "\n") }
    return String(decoding: line, as: UTF8.self).hasSuffix(Self.syntheticMark)
  }

  /// Whether the file at `path` begins as such a store does.
  func isStore(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let count = magic.utf8.count
    return (try? file.read(upToCount: count)).map { $0.elementsEqual(magic.utf8) } == true
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
private func writing(
  to path: String, makingFolder folder: String, _ body: (FileWriter) throws -> Void
) throws {
  let manager = FileManager.default
  let existed = manager.fileExists(atPath: folder)
  do {
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try AtomicFile.write(to: path, body)
  } catch {
    if !existed { try? manager.removeItem(atPath: folder) }
    throw RecordingError.unwritable(path: path, detail: reason(error))
  }
}
