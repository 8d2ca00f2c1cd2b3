import Glibc

/// The generator that initialisers and dropout draw from: PyTorch's Mersenne Twister, seeded
/// explicitly and passed along. The same seed gives the same numbers.
public struct RandomGenerator: Sendable {
  private var twister: MersenneTwister
  private var spare: Float?

  /// Starts a generator; the seed is `torch.manual_seed`'s.
  public init(seed: UInt64) { twister = MersenneTwister(seed: seed) }

  /// The whole state as numbers, for checkpoints.
  public var state: [UInt32] {
    twister.state + [spare == nil ? 0 : 1, (spare ?? 0).bitPattern]
  }

  /// A generator that goes on where `state` was taken; nil for anything that is no such state.
  public init?(state: [UInt32]) {
    guard state.count > 2, state[state.count - 2] <= 1,
      let twister = MersenneTwister(state: Array(state.dropLast(2)))
    else { return nil }
    self.twister = twister
    spare = state[state.count - 2] == 1 ? Float(bitPattern: state[state.count - 1]) : nil
  }

  /// A number from [0, 1), with 24 bits.
  public mutating func nextUniform() -> Float { twister.uniform() }

  /// A number from the normal distribution with mean 0 and standard deviation 1, by Box and
  /// Muller's method.
  public mutating func nextNormal() -> Float {
    if let value = spare {
      spare = nil
      return value
    }
    // 1 − u is in (0, 1], so that the logarithm is finite
    let radius = (-2 * logf(1 - twister.uniform())).squareRoot()
    let angle = 2 * Float.pi * twister.uniform()
    spare = radius * sinf(angle)
    return radius * cosf(angle)
  }

  /// So many numbers from the normal distribution with mean 0.
  package mutating func normals(_ count: Int, standardDeviation: Float) -> [Float] {
    (0..<count).map { _ in nextNormal() * standardDeviation }
  }

  /// A generator of its own, started from this one's next number: for a part that may draw any
  /// amount without disturbing the others.
  public mutating func split() -> RandomGenerator { RandomGenerator(seed: nextKey()) }

  /// 64 bits: a seed, or a key of a `CounterGenerator`.
  package mutating func nextKey() -> UInt64 {
    UInt64(twister.next32()) << 32 | UInt64(twister.next32())
  }

  /// The numbers 0 ..< count in random order, as `torch.randperm` gives them.
  public mutating func permutation(_ count: Int) -> [Int] { twister.permutation(count) }
}
