import CKernels
import NeuralNetworks
import TensorCore

/// Stochastic gradient descent: `θ ← θ − η · g`. Source: PyTorch's `SGD` without momentum.
public final class SGD: Optimiser {
  /// The step size η.
  public var learningRate: Float
  private let parameters: [Tensor]

  /// Makes an optimiser for the parameters of a module.
  public init(_ module: Module, learningRate: Float) {
    parameters = module.parameters
    self.learningRate = learningRate
  }

  /// Moves every parameter that has a gradient.
  public func step() {
    for parameter in parameters {
      guard let gradient = parameter.grad else { continue }
      parameter.withMutableElements { elements in
        rk_sgd(elements, gradient.storage.pointer, parameter.count, learningRate)
      }
    }
  }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() {
    for parameter in parameters { parameter.zeroGrad() }
  }
}
