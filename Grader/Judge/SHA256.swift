/// SHA-256 (FIPS 180-4), for what a seed is turned into: a cryptography library would be fetched and
/// built by everybody for these few lines.
enum SHA256 {
  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = primes(64).map { fraction(of: $0, root: 3) }
  /// The same of the square roots of the first 8 primes.
  private static let start: [UInt32] = primes(8).map { fraction(of: $0, root: 2) }

  /// The digest as eight words.
  static func words(_ message: [UInt8]) -> [UInt32] {
    var bytes = message + [0x80]
    while bytes.count % 64 != 56 { bytes.append(0) }
    withUnsafeBytes(of: UInt64(message.count * 8).bigEndian) { bytes.append(contentsOf: $0) }
    var state = start
    for block in stride(from: 0, to: bytes.count, by: 64) { compress(&state, bytes[block...]) }
    return state
  }

  private static func compress(_ state: inout [UInt32], _ block: ArraySlice<UInt8>) {
    var w = (0..<16).map { index in
      block.dropFirst(4 * index).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
    for t in 16..<64 {
      let (early, late) = (w[t - 15], w[t - 2])
      let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
      let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
      w.append(w[t - 16] &+ first &+ w[t - 7] &+ second)
    }
    var v = state
    for t in 0..<64 {
      let sum1 = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25)
      let choice = v[4] & v[5] ^ ~v[4] & v[6]
      let sum0 = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)
      let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
      let step = v[7] &+ sum1 &+ choice &+ constants[t] &+ w[t]
      v = [step &+ sum0 &+ majority, v[0], v[1], v[2], v[3] &+ step, v[4], v[5], v[6]]
    }
    for index in 0..<8 { state[index] &+= v[index] }
  }

  private static func primes(_ count: Int) -> [UInt64] {
    var found: [UInt64] = []
    var candidate: UInt64 = 2
    while found.count < count {
      if found.allSatisfy({ candidate % $0 != 0 }) { found.append(candidate) }
      candidate += 1
    }
    return found
  }

  /// 32 bits of the root's fractional part: the largest x with x^root ≤ prime · 2^(32 · root).
  private static func fraction(of prime: UInt64, root: Int) -> UInt32 {
    var (low, high) = (UInt64(0), UInt64(1) << 37)
    while low + 1 < high {
      let middle = (low + high) / 2
      if isPower(of: middle, root, atMost: prime) { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }

  private static func isPower(of base: UInt64, _ root: Int, atMost prime: UInt64) -> Bool {
    // base < 2^37 and prime < 2^9: 111 bits at most
    let power = (1..<root).reduce(UInt128(base)) { product, _ in product * UInt128(base) }
    return power <= UInt128(prime) << (32 * UInt128(root))
  }
}
