import Coursework
import NeuralNetworks
import TensorCore

/// The whole network: ECGs in, a logit for each class out, and on request the maps (section 8.8, task 8.8).
///
///     x = X with its last two axes exchanged             [N, 1, L]
///     f = ReLU(stemNorm(stem(x)))                        [N, C, T]
///     f = block(f)       for each of the B blocks        [N, C, T]
///     logits = head.logits(f),  maps = head.maps(f)      [N, classes], [N, classes, T]
///
/// Block i, from 0, has the dilation 2^i: each sees twice as far as the one before.
///
/// Parts: `stem`, a `Stem`; `stemNorm`, a `BatchNormalisation`; `blocks`, a list of `B` blocks, each with parameters of
/// its own; `head`, a `ClassActivation`.
public final class DilatedNet: Module, Network {
  let stem: Stem
  let stemNorm: BatchNormalisation
  let blocks: [ResidualBlock]
  let head: ClassActivation

  /// Makes the parts.
  ///
  /// - Parameters:
  ///   - channels: `C`, the number of channels within the network.
  ///   - blocks: `B`, the number of blocks.
  ///   - classes: the number of classes.
  ///   - generator: where the draws come from.
  public init(
    channels: Int, blocks: Int, classes: Int, using generator: inout RandomGenerator
  ) throws {
    // BEGIN SOLUTION 8.8: the four parts, in the order of their declarations
    stem = Stem(channels: channels, using: &generator)
    stemNorm = try BatchNormalisation(channels: channels)
    var made: [ResidualBlock] = []
    for i in 0..<blocks {
      made.append(try ResidualBlock(channels: channels, dilation: 1 << i, using: &generator))
    }
    self.blocks = made
    head = try ClassActivation(channels: channels, classes: classes, using: &generator)
    // END SOLUTION
  }

  /// The features behind the last block.
  ///
  /// - Parameter X: `[samples, L, 1]`.
  /// - Returns: `f`, `[samples, C, T]`.
  public func features(_ X: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 8.8: the first three lines above
    var f = try stemNorm(stem(X.transposed(1, 2))).relu()
    for block in blocks { f = try block(f) }
    return f
    // END SOLUTION
  }

  /// The logits of a batch.
  ///
  /// - Parameter X: `[samples, L, 1]`.
  /// - Returns: `[samples, classes]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 8.8: the logits of the features
    return try head.logits(features(X))
    // END SOLUTION
  }

  /// The maps of all classes.
  ///
  /// - Parameter X: `[samples, L, 1]`.
  /// - Returns: `[samples, classes, T]`.
  public func maps(_ X: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 8.8: the maps of the features
    return try head.maps(features(X))
    // END SOLUTION
  }
}
