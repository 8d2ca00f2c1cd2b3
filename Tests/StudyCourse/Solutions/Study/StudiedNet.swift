import NeuralNetworks
import TensorCore

/// Layers of one width, with dropout after each hidden one.
public final class StudiedNet: Module, Network {
  let layers: Sequential

  /// Makes the network with the numbers that the generator gives.
  public init(
    inputCount: Int, width: Int, hiddenLayers: Int, dropout: Float,
    using generator: inout RandomGenerator
  ) throws {
    var list: [any UnaryLayer] = [Linear(inputCount, width, using: &generator), ReLU()]
    for _ in 0..<hiddenLayers {
      list += [
        Linear(width, width, using: &generator), ReLU(),
        try Dropout(probability: dropout, using: &generator),
      ]
    }
    layers = Sequential(layers: list + [Linear(width, 5, using: &generator)])
  }

  /// The logits `[samples, 5]` of features `[samples, inputCount]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor { try layers(X) }
}
