import CKernels
import NeuralNetworks
import TensorCore

/// Adam: steps scaled by running means of the gradient and its square.
///
/// `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
/// `θ ← θ − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)`.
/// Source: Kingma and Ba 2015, and PyTorch's `Adam` with its defaults.
public final class Adam: Optimiser {
  private struct Slot {
    let parameter: Tensor
    let moment1: Storage
    let moment2: Storage
    var steps = 0
  }

  /// The step size η.
  public var learningRate: Float
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Float
  private var slots: [Slot]

  /// Makes an optimiser for the parameters of a module.
  public init(
    _ module: Module, learningRate: Float = 0.001, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Float = 1e-8
  ) {
    slots = module.parameters.map {
      Slot(
        parameter: $0, moment1: Storage(count: $0.count, filledWith: 0),
        moment2: Storage(count: $0.count, filledWith: 0))
    }
    self.learningRate = learningRate
    (beta1, beta2) = betas
    self.epsilon = epsilon
  }

  /// Moves every parameter that has a gradient.
  public func step() {
    for index in slots.indices {
      guard let gradient = slots[index].parameter.grad else { continue }
      slots[index].steps += 1
      let slot = slots[index]
      slot.parameter.withMutableElements { elements in
        rk_adam(
          elements, gradient.storage.pointer, slot.moment1.pointer, slot.moment2.pointer,
          slot.parameter.count, learningRate, beta1, beta2,
          Float(1 - Self.power(beta1, slot.steps)), Float(1 - Self.power(beta2, slot.steps)),
          epsilon)
      }
    }
  }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() {
    for slot in slots { slot.parameter.zeroGrad() }
  }

  /// By repeated squaring, so that the core needs no mathematics library.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
