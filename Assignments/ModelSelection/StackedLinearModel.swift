import Coursework
import NeuralNetworks
import TensorCore

/// Linear layers one upon the other, most of whose units are dropped now and then (section 7.5, task 7.5a).
///
///     h = LeakyReLU(Linear(X))                          inputSize → width
///     h = Dropout(LeakyReLU(Linear(h)))                 width → width, `hiddenLayers` times
///     logits = Linear(h)                                width → 5
///
/// LeakyReLU(x) is x where that is above 0, and 0.01 x elsewhere. There is no dropout behind the first layer and none
/// behind the last, and no activation behind the last. Each hidden layer has parameters of its own.
///
/// Part: `layers`, a `Sequential` of all layers in their order, so that parameters are called `layers.layers.0.weight` and
/// so on.
/// `Sequential(layers: list)` makes it of a list `[any UnaryLayer]`; a layer that is made and not put into the list is none
/// of the network's.
public final class StackedLinearModel: Module, Network {
  let layers: Sequential

  /// Makes the layers.
  ///
  /// - Parameters:
  ///   - inputSize: how many numbers a beat has.
  ///   - width: the units of each layer but the last.
  ///   - hiddenLayers: how many layers lie between the first and the last, at least 1.
  ///   - dropout: the probability with which a unit is dropped while training.
  ///   - generator: where the draws come from.
  public init(
    inputSize: Int, width: Int, hiddenLayers: Int, dropout: Float,
    using generator: inout RandomGenerator
  ) throws {
    // TODO: Task 7.5a: a list of layers, and a Sequential of it
    throw Unimplemented("7.5a")
  }

  /// The logits of a batch.
  ///
  /// - Parameter X: `[samples, inputSize]`.
  /// - Returns: `[samples, 5]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // TODO: Task 7.5a: the layers in order
    throw Unimplemented("7.5a")
  }
}
