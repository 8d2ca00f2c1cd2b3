import NeuralNetworks
import TensorCore

/// Your blocks without dilation (section 8.9, given): as many layers and parameters as your network's, and a field of
/// less than a heartbeat.
public final class UndilatedNet: Module, Network {
  let stem: Stem
  let stemNorm: BatchNormalisation
  let blocks: [ResidualBlock]
  let head: ClassActivation

  /// Makes the parts; arguments as your own network's.
  public init(
    channels: Int, blocks: Int, classes: Int, using generator: inout RandomGenerator
  ) throws {
    stem = Stem(channels: channels, using: &generator)
    stemNorm = try BatchNormalisation(channels: channels)
    var made: [ResidualBlock] = []
    for _ in 0..<blocks {
      made.append(try ResidualBlock(channels: channels, dilation: 1, using: &generator))
    }
    self.blocks = made
    head = try ClassActivation(channels: channels, classes: classes, using: &generator)
  }

  /// The logits `[samples, classes]` of a batch `[samples, L, 1]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    var f = try stemNorm(stem(X.transposed(1, 2))).relu()
    for block in blocks { f = try block(f) }
    return try head.logits(f)
  }
}
