import NeuralNetworks
import Optimisation

/// One of the core's optimisers, with its numbers; those that are left out are PyTorch's.
public struct OptimiserChoice: Codable, Sendable, Hashable {
  /// The optimisers of the core.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Kingma and Ba 2015.
    case adam
    /// Loshchilov and Hutter 2019.
    case adamW = "adamw"
    /// Stochastic gradient descent, with a momentum if one is given.
    case sgd
    /// Tieleman and Hinton 2012.
    case rmsProp = "rmsprop"
  }

  /// Which one.
  public var kind: Kind
  /// For `sgd` and `rmsProp`.
  public var momentum: Float?
  /// For `sgd`: the gradient is that of the point that the momentum leads to.
  public var nesterov: Bool?
  /// How much of a parameter's own value is added to its gradient; for `adamW`, taken from it.
  public var weightDecay: Float?

  /// Chooses an optimiser; Adam if nothing is said.
  public init(
    _ kind: Kind = .adam, momentum: Float? = nil, nesterov: Bool? = nil, weightDecay: Float? = nil
  ) {
    self.kind = kind
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  /// The optimiser of a module's parameters.
  func make(_ module: Module, learningRate: Float) -> any Optimiser {
    switch kind {
    case .adam: Adam(module, learningRate: learningRate, weightDecay: weightDecay ?? 0)
    case .adamW: AdamW(module, learningRate: learningRate, weightDecay: weightDecay ?? 0.01)
    case .sgd:
      SGD(
        module, learningRate: learningRate, momentum: momentum ?? 0, nesterov: nesterov ?? false,
        weightDecay: weightDecay ?? 0)
    case .rmsProp:
      RMSprop(
        module, learningRate: learningRate, momentum: momentum ?? 0, weightDecay: weightDecay ?? 0)
    }
  }
}
