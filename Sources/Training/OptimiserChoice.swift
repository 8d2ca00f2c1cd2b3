import NeuralNetworks
import Optimisation
import TensorCore

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

  /// In a few words, such as `sgd, momentum 0.9`.
  public var text: String {
    let numbers = [("momentum", momentum), ("decay", weightDecay)].compactMap { name, value in
      value.map { "\(name) \($0)" }
    }
    return ([kind.rawValue] + (nesterov == true ? ["nesterov"] : []) + numbers)
      .joined(separator: ", ")
  }

  /// The optimiser that an assignment file or a command names.
  ///
  /// - Throws: a sentence where there is no such optimiser, or it takes no such number.
  public static func named(
    _ name: String, momentum: Float? = nil, nesterov: Bool? = nil, weightDecay: Float? = nil
  ) throws(TensorError) -> OptimiserChoice {
    let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    guard let kind = Kind(rawValue: name) else {
      throw TensorError("optimiser", "there is no \(name)", remedy: "Give one of \(names)")
    }
    guard momentum == nil || [.sgd, .rmsProp].contains(kind) else {
      throw TensorError(
        "optimiser", "\(name) takes no momentum",
        remedy: "Leave momentum out, or choose the optimiser sgd or rmsprop")
    }
    guard (0..<1).contains(momentum ?? 0) else {
      throw TensorError(
        "optimiser", "a momentum of \(momentum ?? 0)",
        remedy: "Give a number from 0 to below 1, such as 0.9")
    }
    guard nesterov != true || (kind == .sgd && momentum ?? 0 > 0) else {
      throw TensorError(
        "optimiser", "nesterov looks along a momentum, which \(name) has not been given",
        remedy: "Leave nesterov out, or give the optimiser sgd a momentum above 0")
    }
    guard let decay = weightDecay, !(decay >= 0 && decay.isFinite) else {
      return OptimiserChoice(
        kind, momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    }
    throw TensorError(
      "optimiser", "a weight decay of \(decay)", remedy: "Give 0 or more, such as 0.0001")
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
