/// The bytes of a store's file, apart from its header.
package enum StoreBytes {
  /// The check sum of nothing.
  package static let noSum: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The check sum with further bytes: FNV's step on words of 8 of them. All pieces but the last have whole words.
  package static func checkSum(
    _ sum: UInt64, adding bytes: UnsafeRawBufferPointer
  ) -> UInt64 {
    var sum = sum
    var place = 0
    while place + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      sum = (sum ^ UInt64(littleEndian: word)) &* 0x0000_0100_0000_01B3
      sum ^= sum >> 29
      place += 8
    }
    for byte in bytes[place...] { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return sum
  }

  /// The lines of a table, of which each but the first has fields between commas; empty lines are passed
  /// over.
  package static func table(
    _ bytes: Slice<UnsafeRawBufferPointer>
  ) -> (first: String?, entries: [[String]]) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    return (
      lines.first.map { String(decoding: $0, as: UTF8.self) },
      lines.dropFirst().map { line in
        line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
          .map { String(decoding: $0, as: UTF8.self) }
      }
    )
  }
}
