import CKernels
import NeuralNetworks
import TensorCore

/// Steps scaled by a running mean of the squared gradient: `v ← α v + (1 − α) g²`,
/// `u ← μ u + g / (√v + ε)`, `θ ← θ − η · u`.
///
/// Source: Tieleman and Hinton 2012 (lecture 6.5), and PyTorch's `RMSprop` with its defaults.
public final class RMSprop: Optimiser {
  /// The step size η.
  public var learningRate: Float
  private let alpha: Float
  private let epsilon: Float
  private let momentum: Float
  private let weightDecay: Float
  private var memory: ParameterMemory

  /// Makes an optimiser for the parameters of a module.
  ///
  /// - Parameters:
  ///   - alpha: what the running mean keeps, α.
  ///   - momentum: μ; 0 for none.
  ///   - weightDecay: λ; `λ θ` is added to the gradient.
  public init(
    _ module: Module, learningRate: Float = 0.01, alpha: Float = 0.99, epsilon: Float = 1e-8,
    momentum: Float = 0, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
    memory = ParameterMemory(
      module, remembering: ["squares"] + (momentum == 0 ? [] : ["velocity"]))
  }

  /// Moves every parameter that has a gradient.
  ///
  /// - Returns: the sum of the squares of each parameter's gradient, in the module's order.
  @discardableResult
  public func step() -> [Double?] {
    let settings = rk_rmsprop_settings(
      learningRate: learningRate, alpha: alpha, epsilon: epsilon, momentum: momentum,
      decay: weightDecay)
    return memory.step { elements, gradient, slot in
      rk_rmsprop(
        elements, gradient, slot.means[0].pointer, slot.means.dropFirst().first?.pointer,
        slot.parameter.count, settings)
    }
  }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() { memory.zeroGrad() }
  /// The running means and the number of steps of each parameter.
  public func stateEntries() -> [SafeTensors.Entry] { memory.entries() }
  /// Goes on from where `stateEntries()` was taken.
  public func load(_ entries: [SafeTensors.Entry]) throws(TensorError) { try memory.load(entries) }
}
