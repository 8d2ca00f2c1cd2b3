import NeuralNetworks
import TensorCore

/// Changes parameters by their gradients.
public protocol Optimiser: AnyObject {
  /// The step size.
  var learningRate: Float { get set }
  /// Moves every parameter that has a gradient.
  ///
  /// - Returns: the sum of the squares of each parameter's gradient, which the step reads anyway, in the
  ///   order of the module's `namedParameters()`; `nil` where there is no gradient.
  @discardableResult
  func step() -> [Double?]
  /// Forgets the gradients of all parameters.
  func zeroGrad()
  /// What the optimiser remembers from step to step, by name: for checkpoints. Empty when it
  /// remembers nothing.
  func stateEntries() -> [SafeTensors.Entry]
  /// Goes on from where `stateEntries()` was taken, by an optimiser of the same kind for the same
  /// parameters.
  ///
  /// - Throws: one error that lists all missing, unexpected and wrongly shaped entries. Nothing is
  ///   changed then.
  func load(_ entries: [SafeTensors.Entry]) throws(TensorError)
}
