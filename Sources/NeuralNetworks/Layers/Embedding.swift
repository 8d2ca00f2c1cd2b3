import TensorCore

/// A table of vectors: `[…]` of entry numbers becomes `[…, D]`.
///
/// Parameters: `weight` `[entries, D]`, normal with standard deviation 1 (PyTorch's default).
public final class Embedding: Module, UnaryLayer {
  /// `[entries, D]`.
  @Parameter public var weight: Tensor

  /// Makes a table with randomly drawn entries.
  public init(_ entries: Int, _ size: Int, using generator: inout RandomGenerator) {
    Shape([entries, size]).requireRoom("Embedding")
    weight = .randn([entries, size], using: &generator)
  }

  /// The entries of the given numbers.
  ///
  /// - Throws: when a number is not a whole one below the number of entries.
  public func callAsFunction(_ indices: Tensor) throws(TensorError) -> Tensor {
    try weight.embedding(indices)
  }

  /// The sizes.
  public override var details: String { "\(weight.shape[0]) × \(weight.shape[1])" }
}
