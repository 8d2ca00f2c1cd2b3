import Foundation

/// Tells a zip archive that was cut off. libarchive reads such a file as a stream and then complains
/// of whatever the cut happened to damage.
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
    guard (try? file.seek(toOffset: 0)) != nil, let head = try? file.read(upToCount: 4),
      head == Data(start), let size = try? file.seekToEnd()
    else { return false }
    let offset = size > UInt64(tailBytes) ? size - UInt64(tailBytes) : 0
    guard (try? file.seek(toOffset: offset)) != nil, let tail = try? file.readToEnd() else {
      return false
    }
    return tail.range(of: Data(end)) == nil
  }
}
