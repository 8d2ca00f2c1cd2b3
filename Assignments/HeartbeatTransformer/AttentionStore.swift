import TensorCore

/// Where the layers of a network leave their attention weights, for whoever wants to look at them (section 5.10,
/// given).
///
/// One store is for one call: make a new one for the next.
public final class AttentionStore {
  /// The weights of each layer, from the first to the last: `[samples, heads, queries, keys]`.
  public private(set) var weights: [Tensor] = []

  /// Makes an empty store.
  public init() {}

  /// Keeps the weights of the next layer.
  public func append(_ weights: Tensor) { self.weights.append(weights) }
}
