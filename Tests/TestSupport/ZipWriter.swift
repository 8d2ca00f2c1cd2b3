import Foundation

/// Writes zip files without compression (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16), with any names at
/// all: an ordinary archiver refuses the ones that tests need.
package enum ZipWriter {
  /// Writes entries of text.
  package static func write(_ entries: [(name: String, text: String)], to path: String) throws {
    try Data(bytes(entries.map { ($0.name, Array($0.text.utf8)) }))
      .write(to: URL(fileURLWithPath: path))
  }

  /// The bytes of a zip file.
  package static func bytes(_ entries: [(name: String, contents: [UInt8])]) -> [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in entries {
      let nameBytes = Array(name.utf8)
      let offset = body.count
      // Version 2.0, UTF-8 names, stored, no date, then checksum, sizes, lengths.
      let common =
        little(20, 2) + little(0x800, 2) + little(0, 2) + little(0, 4) + little(checksum(bytes), 4)
        + little(bytes.count, 4) + little(bytes.count, 4) + little(nameBytes.count, 2)
        + little(0, 2)
      body += little(0x0403_4b50, 4) + common + nameBytes + bytes
      directory += little(0x0201_4b50, 4) + little(20, 2) + common + little(0, 2) + little(0, 2)
      directory += little(0, 2) + little(0, 4) + little(offset, 4) + nameBytes
    }
    let end =
      little(0x0605_4b50, 4) + little(0, 4) + little(entries.count, 2) + little(entries.count, 2)
      + little(directory.count, 4) + little(body.count, 4) + little(0, 2)
    return body + directory + end
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func checksum(_ bytes: [UInt8]) -> Int {
    var value: UInt32 = 0xffff_ffff
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
    return Int(~value)
  }
}
