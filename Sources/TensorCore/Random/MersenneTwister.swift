/// The Mersenne Twister MT19937 of Matsumoto and Nishimura (1998), drawing exactly what PyTorch's
/// CPU generator draws after `torch.manual_seed(seed)`, so that a published split is reproduced to
/// the record. A value type: a copy goes on from the same point.
public struct MersenneTwister: RandomNumberGenerator, Sendable {
  private static let wordCount = 624
  private static let shift = 397

  private var words: [UInt32]
  /// The next word to hand out; `wordCount` when the block is used up.
  private var position: Int

  /// A generator as after `torch.manual_seed(seed)`, which keeps the low 32 bits.
  public init(seed: UInt64) {
    words = [UInt32](repeating: 0, count: Self.wordCount)
    words[0] = UInt32(truncatingIfNeeded: seed)
    for index in 1..<Self.wordCount {
      let previous = words[index - 1]
      words[index] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index)
    }
    position = Self.wordCount
  }

  /// The whole state as 625 numbers, the words and then the position, for checkpoints.
  public var state: [UInt32] { words + [UInt32(position)] }

  /// A generator that goes on where `state` was taken; nil for anything that is no such state.
  public init?(state: [UInt32]) {
    guard state.count == Self.wordCount + 1, let last = state.last,
      last <= UInt32(Self.wordCount)
    else { return nil }
    words = Array(state.dropLast())
    position = Int(last)
  }

  /// The next 32 random bits: torch's `random()`.
  public mutating func next32() -> UInt32 {
    if position == Self.wordCount { refill() }
    var bits = words[position]
    position += 1
    bits ^= bits >> 11
    bits ^= (bits << 7) & 0x9D2C_5680
    bits ^= (bits << 15) & 0xEFC6_0000
    return bits ^ (bits >> 18)
  }

  /// The next 64 random bits, the first draw on top: torch's `random64()`.
  public mutating func next64() -> UInt64 {
    let high = UInt64(next32())
    return high << 32 | UInt64(next32())
  }

  /// The next 64 random bits, for Swift's own `shuffled(using:)` and the like.
  public mutating func next() -> UInt64 { next64() }

  /// A number in [0, 1) with 24 random bits: torch's `uniform_` for float32.
  public mutating func uniform() -> Float {
    Float(next32() & 0xFF_FFFF) * 0x1p-24
  }

  /// A number in `0..<bound` by remainder, as torch's `randint` draws it. `bound` is at least 1
  /// and below 2³²; the bias towards small numbers is at most bound / 2³².
  public mutating func nextIndex(below bound: Int) -> Int {
    guard bound > 0, bound <= Int(UInt32.max) else {
      stop("nextIndex", "the bound \(bound) is not in 1 ..< 2³²")
    }
    return Int(next32() % UInt32(bound))
  }

  /// A random order of `0..<count`: `torch.randperm(count)`, a Fisher-Yates shuffle from the front.
  public mutating func permutation(_ count: Int) -> [Int] {
    guard count >= 0, count <= Int(UInt32.max) else {
      stop("permutation", "\(count) is not in 0 ..< 2³²")
    }
    if let reason = Shape([2 * count]).shortage { stop("permutation", "the result \(reason)") }
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for index in 0..<(count - 1) {
      order.swapAt(index, index + nextIndex(below: count - index))
    }
    return order
  }

  private mutating func refill() {
    words.withUnsafeMutableBufferPointer { words in
      let count = Self.wordCount
      for index in 0..<count {
        let next = words[index + 1 == count ? 0 : index + 1]
        let mixed = (words[index] & 0x8000_0000) | (next & 0x7FFF_FFFF)
        let far = index + Self.shift
        let twisted = words[far < count ? far : far - count] ^ (mixed >> 1)
        words[index] = mixed & 1 == 0 ? twisted : twisted ^ 0x9908_B0DF
      }
    }
    position = 0
  }
}
