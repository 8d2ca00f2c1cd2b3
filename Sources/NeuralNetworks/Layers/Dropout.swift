import TensorCore

/// Sets elements to zero with the given probability while training and scales the others by
/// 1 / (1 − probability); does nothing in evaluation mode. Source: PyTorch's `Dropout`.
///
/// Each call draws 64 bits from the layer's generator, and by these each element is kept or dropped by its
/// place alone, whatever the number of threads.
public final class Dropout: Module, UnaryLayer, RandomModule {
  private let probability: Float
  /// What the layer draws from.
  public var generator: RandomGenerator

  /// Makes a layer with a generator of its own, split off from the given one.
  ///
  /// - Throws: when the probability is not in [0, 1).
  public init(
    probability: Float, using generator: inout RandomGenerator
  ) throws(TensorError) {
    guard probability >= 0, probability < 1 else {
      throw TensorError("Dropout", "the probability \(probability) is not in [0, 1)")
    }
    self.probability = probability
    self.generator = generator.split()
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    guard isTraining, probability > 0 else { return x }
    return try x.dropout(probability, CounterGenerator(key: generator.nextKey()))
  }

  /// The probability.
  public override var details: String { "\(probability)" }
}
