import CKernels
import NeuralNetworks
import TensorCore

/// Stochastic gradient descent: `g ← g + λ θ`, `v ← μ v + (1 − τ) g`, at the first step `v ← g`, then
/// `θ ← θ − η · v`; with Nesterov's momentum `θ ← θ − η · (g + μ v)`. One pass over the parameters.
///
/// Source: Sutskever et al. 2013 in the form of PyTorch's `SGD`.
public final class SGD: Optimiser {
  /// The step size η.
  public var learningRate: Float
  private let momentum: Float
  private let dampening: Float
  private let nesterov: Bool
  private let weightDecay: Float
  private var memory: ParameterMemory

  /// Makes an optimiser for the parameters of a module.
  ///
  /// - Parameters:
  ///   - momentum: μ; 0 for none.
  ///   - dampening: τ, the part of a gradient that the velocity does not take; without momentum nothing
  ///     is dampened.
  ///   - nesterov: looks ahead along the momentum. Together with dampening, which PyTorch refuses, it does
  ///     what the formulas say.
  ///   - weightDecay: λ.
  public init(
    _ module: Module, learningRate: Float, momentum: Float = 0, dampening: Float = 0,
    nesterov: Bool = false, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    memory = ParameterMemory(module, remembering: momentum == 0 ? [] : ["velocity"])
  }

  /// Moves every parameter that has a gradient.
  ///
  /// - Returns: the sum of the squares of each parameter's gradient, in the module's order.
  @discardableResult
  public func step() -> [Double?] {
    let (rate, momentum, dampening) = (learningRate, momentum, dampening)
    let (decay, nesterov) = (weightDecay, nesterov)
    return memory.step { elements, gradient, slot in
      // of nothing yet, the first gradient is taken whole
      let settings = rk_sgd_settings(
        learningRate: rate, momentum: momentum, share: slot.steps == 1 ? 1 : 1 - dampening,
        decay: decay, looksAhead: nesterov)
      return rk_sgd(elements, gradient, slot.means.first?.pointer, slot.parameter.count, settings)
    }
  }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() { memory.zeroGrad() }
  /// The velocity and the number of steps of each parameter.
  public func stateEntries() -> [SafeTensors.Entry] { memory.entries() }
  /// Goes on from where `stateEntries()` was taken.
  public func load(_ entries: [SafeTensors.Entry]) throws(TensorError) { try memory.load(entries) }
}
