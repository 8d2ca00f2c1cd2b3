import NeuralNetworks
import TensorCore

/// Changes parameters by their gradients.
public protocol Optimiser: AnyObject {
  /// The step size.
  var learningRate: Float { get set }
  /// Moves every parameter that has a gradient.
  func step()
  /// Forgets the gradients of all parameters.
  func zeroGrad()
}
