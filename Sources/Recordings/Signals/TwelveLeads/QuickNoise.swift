import TensorCore

/// Normally distributed numbers by the hundred thousand, for noise in which nothing but its size matters: sums of eight
/// numbers of 16 bits from SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
struct QuickNoise {
  private var state: UInt64

  /// Begins where a generator of a recording says.
  init(_ generator: inout MersenneTwister) {
    state = UInt64(generator.next32()) << 32 | UInt64(generator.next32())
  }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number of mean 0 and variance 1.
  mutating func normal() -> Double {
    var sum = 0
    for _ in 0..<2 {
      let bits = next()
      sum += Int(bits & 0xFFFF) + Int(bits >> 16 & 0xFFFF)
      sum += Int(bits >> 32 & 0xFFFF) + Int(bits >> 48)
    }
    // the variance of one is (2³² - 1) / 12
    return (Double(sum) - 8 * 32767.5) / 53509.92
  }
}
