import Examples
import TensorCore

/// A whole network: a batch of examples in, one row of logits for each out.
public protocol Network: Trainable {
  /// The logits `[N, K]` of a batch of examples; `K` is 1 for two classes.
  func callAsFunction(_ X: Tensor) throws -> Tensor
}

extension Network {
  /// The logits of the batch's first input.
  public func predictions(_ batch: Batch) throws -> Predictions {
    Predictions([("logits", try self(batch.X))])
  }
}
