import Foundation

/// SHA-256 (FIPS 180-4), for what a seed is turned into and for the names of contents: a cryptography
/// library would add minutes to every first build.
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]
  /// What does not fill a block of 64 bytes yet.
  private var rest: [UInt8] = []
  private var length: UInt64 = 0

  /// The digest of nothing yet.
  public init() {}

  /// The digest of a file's bytes, 64 hexadecimal digits; nil where it cannot be read to the end.
  public static func sum(ofFile path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var hash = SHA256()
    do {
      while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
        part.withUnsafeBytes { hash.append($0) }
      }
    } catch {
      return nil
    }
    return hash.hex
  }

  /// The digest of a message as eight words.
  public static func words(_ message: [UInt8]) -> [UInt32] {
    var hash = SHA256()
    message.withUnsafeBytes { hash.append($0) }
    return hash.words
  }

  /// The digest of what was appended so far, as eight words.
  public var words: [UInt32] {
    var copy = self
    let bits = length * 8
    let zeros = (119 - Int(length % 64)) % 64
    ([0x80] + [UInt8](repeating: 0, count: zeros)).withUnsafeBytes { copy.append($0) }
    withUnsafeBytes(of: bits.bigEndian) { copy.append($0) }
    return copy.state
  }

  /// The digest of what was appended so far, 64 hexadecimal digits.
  public var hex: String { words.map { String(format: "%08x", $0) }.joined() }

  /// Appends bytes to the message.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    length += UInt64(bytes.count)
    var bytes = bytes
    if !rest.isEmpty {
      let missing = min(64 - rest.count, bytes.count)
      rest += bytes[..<missing]
      bytes = .init(rebasing: bytes[missing...])
      guard rest.count == 64 else { return }
      rest.withUnsafeBytes { compress($0) }
      rest = []
    }
    while bytes.count >= 64 {
      compress(.init(rebasing: bytes[..<64]))
      bytes = .init(rebasing: bytes[64...])
    }
    rest = Array(bytes)
  }

  /// One block of 64 bytes; the names are the standard's.
  private mutating func compress(_ block: UnsafeRawBufferPointer) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { W in
      for t in 0..<16 {
        W[t] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * t, as: UInt32.self))
      }
      for t in 16..<64 {
        let (x, y) = (W[t - 15], W[t - 2])
        let s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >> 3)
        let s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >> 10)
        W[t] = W[t - 16] &+ s0 &+ W[t - 7] &+ s1
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      for t in 0..<64 {
        let S1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
        let T1 = h &+ S1 &+ ((e & f) ^ (~e & g)) &+ Self.K[t] &+ W[t]
        let S0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
        let T2 = S0 &+ ((a & b) ^ (a & c) ^ (b & c))
        (h, g, f, e, d, c, b, a) = (g, f, e, d &+ T1, c, b, a, T1 &+ T2)
      }
      for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
    }
  }

  private func rotate(_ x: UInt32, _ count: UInt32) -> UInt32 {
    x >> count | x << (32 - count)
  }

  private static let K: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}
