import CKernels
import NeuralNetworks
import TensorCore

/// Adam: steps scaled by running means of the gradient and its square.
///
/// `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
/// `θ ← θ − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)`.
/// Source: Kingma and Ba 2015, and PyTorch's `Adam` with its defaults.
public final class Adam: Optimiser {
  /// The step size η.
  public var learningRate: Float {
    get { rule.learningRate }
    set { rule.learningRate = newValue }
  }
  private var rule: AdamRule

  /// Makes an optimiser for the parameters of a module.
  ///
  /// - Parameter weightDecay: λ; `λ θ` is added to the gradient.
  public init(
    _ module: Module, learningRate: Float = 0.001, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Float = 1e-8, weightDecay: Float = 0
  ) {
    rule = AdamRule(module, learningRate, betas, epsilon, addedDecay: weightDecay)
  }

  /// Moves every parameter that has a gradient.
  ///
  /// - Returns: the sum of the squares of each parameter's gradient, in the module's order.
  @discardableResult
  public func step() -> [Double?] { rule.step() }
  /// Forgets the gradients of all parameters.
  public func zeroGrad() { rule.memory.zeroGrad() }
  /// The moments and the number of steps of each parameter.
  public func stateEntries() -> [SafeTensors.Entry] { rule.memory.entries() }
  /// Goes on from where `stateEntries()` was taken.
  public func load(_ entries: [SafeTensors.Entry]) throws(TensorError) {
    try rule.memory.load(entries)
  }
}

/// Adam with the weight decay apart from the gradient, and so from its scaling:
/// `θ ← (1 − η λ) θ`, then Adam's step.
///
/// Source: Loshchilov and Hutter 2019, and PyTorch's `AdamW` with its defaults.
public final class AdamW: Optimiser {
  /// The step size η.
  public var learningRate: Float {
    get { rule.learningRate }
    set { rule.learningRate = newValue }
  }
  private var rule: AdamRule

  /// Makes an optimiser for the parameters of a module.
  ///
  /// - Parameter weightDecay: λ.
  public init(
    _ module: Module, learningRate: Float = 0.001, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Float = 1e-8, weightDecay: Float = 0.01
  ) {
    rule = AdamRule(module, learningRate, betas, epsilon, separateDecay: weightDecay)
  }

  /// Moves every parameter that has a gradient.
  ///
  /// - Returns: the sum of the squares of each parameter's gradient, in the module's order.
  @discardableResult
  public func step() -> [Double?] { rule.step() }
  /// Forgets the gradients of all parameters.
  public func zeroGrad() { rule.memory.zeroGrad() }
  /// The moments and the number of steps of each parameter.
  public func stateEntries() -> [SafeTensors.Entry] { rule.memory.entries() }
  /// Goes on from where `stateEntries()` was taken.
  public func load(_ entries: [SafeTensors.Entry]) throws(TensorError) {
    try rule.memory.load(entries)
  }
}

/// What Adam and AdamW share.
private struct AdamRule {
  var learningRate: Float
  var memory: ParameterMemory
  private let betas: (Double, Double)
  private let epsilon: Float
  private let addedDecay: Float
  private let separateDecay: Float

  init(
    _ module: Module, _ learningRate: Float, _ betas: (Double, Double), _ epsilon: Float,
    addedDecay: Float = 0, separateDecay: Float = 0
  ) {
    memory = ParameterMemory(module, remembering: ["moment1", "moment2"])
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.addedDecay = addedDecay
    self.separateDecay = separateDecay
  }

  mutating func step() -> [Double?] {
    let (rate, betas, epsilon) = (learningRate, betas, epsilon)
    let (keep, decay) = (1 - learningRate * separateDecay, addedDecay)
    return memory.step { elements, gradient, slot in
      rk_adam(
        elements, gradient, slot.means[0].pointer, slot.means[1].pointer, slot.parameter.count,
        rate, betas.0, betas.1, Float(1 - Self.power(betas.0, slot.steps)),
        Float(1 - Self.power(betas.1, slot.steps)), epsilon, keep, decay)
    }
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
