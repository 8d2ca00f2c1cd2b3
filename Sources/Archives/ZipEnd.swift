import Foundation

/// Tells a zip archive that was cut off. libarchive reads such a file as a stream and then complains
/// of whatever the cut happened to damage.
///
/// And one whose directory was: the record at the end says how many entries there are.
enum ZipEnd {
  // The end record is 22 bytes and a comment of at most 65535.
  private static let tailBytes = 22 + 65535
  private static let start: [UInt8] = [0x50, 0x4B, 3, 4]
  private static let end: [UInt8] = [0x50, 0x4B, 5, 6]

  /// Whether the bytes begin as a zip but lack the directory that ends one.
  static func isMissing(in bytes: [UInt8]) -> Bool {
    bytes.starts(with: start) && Data(bytes.suffix(tailBytes)).range(of: Data(end)) == nil
  }

  /// The same for an open file.
  static func isMissing(in file: FileHandle) -> Bool {
    guard let tail = tail(of: file) else { return false }
    return Data(tail).range(of: Data(end)) == nil
  }

  /// How many entries the record at the end of a zip announces; nil where there is no such record, or more
  /// than it can count.
  static func announcedEntries(in bytes: [UInt8]) -> Int? {
    let tail = Array(bytes.suffix(tailBytes))
    // the record is followed by its comment alone; APPNOTE.TXT 4.3.16
    let records = tail.indices.dropLast(21).reversed().lazy.filter {
      tail[$0...].starts(with: end)
    }
    func number(_ place: Int) -> Int { Int(tail[place]) | Int(tail[place + 1]) << 8 }
    guard let record = records.first(where: { $0 + 22 + number($0 + 20) == tail.count }) else {
      return nil
    }
    let count = number(record + 10)
    return count == 0xFFFF ? nil : count
  }

  /// The same for an open file.
  static func announcedEntries(in file: FileHandle) -> Int? {
    tail(of: file).flatMap { announcedEntries(in: $0) }
  }

  /// The end of a file that begins as a zip.
  private static func tail(of file: FileHandle) -> [UInt8]? {
    guard (try? file.seek(toOffset: 0)) != nil, let head = try? file.read(upToCount: 4),
      head == Data(start), let size = try? file.seekToEnd()
    else { return nil }
    let offset = size > UInt64(tailBytes) ? size - UInt64(tailBytes) : 0
    guard (try? file.seek(toOffset: offset)) != nil, let tail = try? file.readToEnd() else {
      return nil
    }
    return [UInt8](tail)
  }
}
