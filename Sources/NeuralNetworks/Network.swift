import TensorCore

/// A whole network: a batch of examples in, one row of logits for each out.
public protocol Network: Module {
  /// The logits `[N, K]` of a batch of examples; `K` is 1 for two classes.
  func callAsFunction(_ X: Tensor) throws -> Tensor
}
