import NeuralNetworks
import Optimisation
import TensorCore

/// One thing whose speed is compared with the peers'.
struct Subject {
  let name: String
  /// Makes what is calculated with, and gives back what is done with it.
  let prepare: (inout RandomGenerator) throws -> Work
}

/// What is timed.
struct Work {
  /// The results alone, without a graph.
  let forward: () throws -> Void
  /// The results and the gradients; of networks the optimiser's step too.
  let training: () throws -> Void
}

extension Subject {
  /// An operation on tensors of normal numbers, all of which want gradients. What arrives at the result is
  /// normal too.
  init(_ name: String, _ shapes: Shape..., operation: @escaping ([Tensor]) throws -> Tensor) {
    self.name = name
    prepare = { generator in
      let inputs = shapes.map { Tensor.randn($0, using: &generator).requiringGrad() }
      let shape = try noGrad { try operation(inputs) }.shape
      let upstream = Tensor.randn(shape, using: &generator)
      return Work {
        _ = try noGrad { try operation(inputs).storage }
      } training: {
        try operation(inputs).backward(gradient: upstream)
        for input in inputs { Self.computeAndDropGradient(of: input) }
      }
    }
  }

  /// A module whose parameters want gradients, and its input too.
  init(
    _ name: String, _ shape: Shape,
    module: @escaping (inout RandomGenerator) throws -> any Module & UnaryLayer
  ) {
    self.name = name
    prepare = { generator in
      let module = try module(&generator)
      let X = Tensor.randn(shape, using: &generator).requiringGrad()
      let upstream = Tensor.randn(try noGrad { try module(X) }.shape, using: &generator)
      return Work {
        _ = try noGrad { try module(X).storage }
      } training: {
        try module(X).backward(gradient: upstream)
        Self.computeAndDropGradient(of: X)
        for (_, parameter) in module.namedParameters() {
          Self.computeAndDropGradient(of: parameter)
        }
      }
    }
  }

  /// A large gradient waits for who asks for it, and would be dropped without having been computed.
  private static func computeAndDropGradient(of tensor: Tensor) {
    _ = tensor.grad
    tensor.zeroGrad()
  }

  /// A network that learns to tell classes apart by Adam, batch after batch.
  init(
    _ name: String, _ shape: Shape, classes: Int,
    network: @escaping (inout RandomGenerator) throws -> any Module & UnaryLayer
  ) {
    self.name = name
    prepare = { generator in
      let network = try network(&generator)
      let X = Tensor.randn(shape, using: &generator)
      let labels = (0..<shape[0]).map { Int32($0 % classes) }
      let optimiser = Adam(network, learningRate: 1e-4)
      return Work {
        _ = try noGrad { try network(X).storage }
      } training: {
        try crossEntropy(try network(X), labels: labels).backward()
        optimiser.step()
        optimiser.zeroGrad()
      }
    }
  }
}
