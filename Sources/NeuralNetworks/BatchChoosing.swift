import Examples
import TensorCore

/// A module that says itself which examples make a batch, as one does whose loss compares the examples of a batch with each
/// other: of two that are alike each would be asked to be unlike the other.
///
/// A network of any other kind is trained on all examples in a random order, so many at a time.
public protocol BatchChoosing: Trainable {
  /// The batches of an epoch.
  ///
  /// - Parameters:
  ///   - examples: those that are trained on.
  ///   - size: the most examples of a batch.
  ///   - generator: what is drawn is drawn from it.
  /// - Returns: places in `examples`, each once in an epoch at most; no batch is empty.
  func batches(
    of examples: ExampleSet, size: Int, using generator: inout RandomGenerator
  ) throws -> [[Int]]
}
