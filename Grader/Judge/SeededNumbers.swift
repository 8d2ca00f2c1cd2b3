import TensorCore
import WorkerPipe

/// The inputs of checks, drawn from the run's secret seed and the check's name, so that every
/// check has its own and a run can be repeated.
public struct SeededNumbers {
  private var generator: RandomGenerator

  /// Starts from a seed and a name.
  public init(seed: UInt64, name: String) {
    // FNV-1a: the same on every machine, unlike Swift's own hashes
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    generator = RandomGenerator(seed: hash ^ (hash >> 32))
  }

  /// A tensor of normally distributed numbers.
  public mutating func normal(
    _ name: String, _ shape: [Int], standardDeviation: Float = 1
  ) -> PipeTensor {
    let count = shape.reduce(1, *)
    return PipeTensor(
      name: name, shape: shape,
      values: (0..<count).map { _ in generator.nextNormal() * standardDeviation })
  }

  /// A whole number from a range.
  public mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(generator.nextUniform() * Float(range.count))
  }

  /// The numbers 0 ..< count in random order.
  public mutating func permutation(_ count: Int) -> [Int] { generator.permutation(count) }
}
