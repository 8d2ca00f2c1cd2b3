import Files
import TensorCore
import WorkerPipe

/// The inputs of checks, drawn from the run's secret seed and the check's name, so that every
/// check has its own and a run can be repeated.
///
/// The way from the seed to the numbers is SHA-256 and all 19937 bits of the generator's state: who
/// sees the numbers of one check learns neither the seed nor the numbers of another.
public struct SeededNumbers: Sendable {
  private var generator: RandomGenerator

  /// Starts from a seed and a name.
  public init(seed: UInt64, name: String) {
    let state = Self.state(byArray: Self.digest(seed, name))
    // the generator's position, then its spare normal number, of which there is none
    generator = RandomGenerator(state: state + [UInt32(state.count), 0, 0]) ?? .init(seed: seed)
  }

  /// A seed that a student's worker may see: it tells nothing of the secret one. 53 bits, which
  /// every reader of JSON keeps.
  public static func openSeed(from seed: UInt64, name: String) -> UInt64 {
    let words = digest(seed, "open " + name)
    return (UInt64(words[0]) << 32 | UInt64(words[1])) >> 11
  }

  /// The seed that a submission's checks draw from: it follows from the run's secret seed and what was
  /// handed in, so that what one attempt learns of its inputs is no help to the next.
  ///
  /// - Parameter content: the hash of the submission's files.
  public static func seed(of run: UInt64, content: String) -> UInt64 {
    let words = digest(run, "content " + content)
    return (UInt64(words[0]) << 32 | UInt64(words[1])) >> 11
  }

  private static func digest(_ seed: UInt64, _ name: String) -> [UInt32] {
    SHA256.words(withUnsafeBytes(of: seed.littleEndian) { Array($0) } + Array(name.utf8))
  }

  /// The Mersenne Twister's state for a seed of any length: `init_by_array` of Matsumoto and
  /// Nishimura's mt19937ar.c (2002).
  static func state(byArray key: [UInt32]) -> [UInt32] {
    let count = 624
    func mixed(_ word: UInt32) -> UInt32 { word ^ word >> 30 }
    var words = [UInt32](repeating: 19_650_218, count: count)
    for i in 1..<count { words[i] = 1_812_433_253 &* mixed(words[i - 1]) &+ UInt32(i) }
    var (i, j) = (1, 0)
    func advance() {
      i += 1
      guard i == count else { return }
      words[0] = words[count - 1]
      i = 1
    }
    for _ in 0..<max(count, key.count) {
      words[i] = (words[i] ^ mixed(words[i - 1]) &* 1_664_525) &+ key[j] &+ UInt32(j)
      j = (j + 1) % key.count
      advance()
    }
    for _ in 1..<count {
      words[i] = (words[i] ^ mixed(words[i - 1]) &* 1_566_083_941) &- UInt32(i)
      advance()
    }
    words[0] = 0x8000_0000
    return words
  }

  /// A tensor of normally distributed numbers.
  public mutating func normal(
    _ name: String, _ shape: [Int], standardDeviation: Float = 1
  ) -> PipeTensor {
    PipeTensor(
      name: name, shape: shape,
      values: generator.normals(shape.reduce(1, *), standardDeviation: standardDeviation))
  }

  /// A whole number from a range.
  public mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(generator.nextUniform() * Float(range.count))
  }

  /// A seed for a generator of the question's own, which both sides are given.
  mutating func seed() -> UInt64 {
    (0..<2).reduce(0) { seed, _ in seed << 24 | UInt64(generator.nextUniform() * 16_777_216) }
  }

  /// A number from a range.
  public mutating func number(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + generator.nextUniform() * (range.upperBound - range.lowerBound)
  }

  /// The numbers 0 ..< count in random order.
  public mutating func permutation(_ count: Int) -> [Int] { generator.permutation(count) }
}
