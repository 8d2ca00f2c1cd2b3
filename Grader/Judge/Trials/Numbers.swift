import TensorCore
import WorkerPipe

/// An experiment as tensors: leaves of a graph, whose gradients can be asked for.
package struct Numbers {
  /// In the reference's order.
  package let parameters: [(name: String, tensor: Tensor)]
  /// What the model is made with.
  package let sizes: [String: Int]
  /// Those of floats.
  package let inputs: [(name: String, tensor: Tensor)]
  /// The integers among the inputs, by name.
  package let integers: [String: [Int32]]
  /// The first input of floats.
  package var input: Tensor { inputs.first?.tensor ?? Tensor(0) }

  /// The generator that both sides draw from, where something is drawn.
  package let generator: RandomGenerator

  init(_ experiment: ModelCheck.Experiment) throws {
    try self.init(
      experiment.parameters, experiment.inputs, sizes: experiment.sizes, seed: experiment.seed)
  }

  init(
    _ parameters: [PipeTensor], _ inputs: [PipeTensor], sizes: [String: Int] = [:],
    seed: UInt64? = nil
  ) throws {
    self.sizes = sizes
    generator = RandomGenerator(seed: seed ?? 0)
    self.parameters = try parameters.map { ($0.name, try Self.tensor($0).requiringGrad()) }
    self.inputs = try inputs.filter { $0.integers == nil }.map {
      ($0.name, try Self.tensor($0).requiringGrad())
    }
    integers = Dictionary(inputs.compactMap { input in input.integers.map { (input.name, $0) } }) {
      first, _ in first
    }
  }

  package static func tensor(_ value: PipeTensor) throws -> Tensor {
    try Tensor(value.values, shape: Shape(value.shape))
  }

  package func callAsFunction(_ name: String) throws -> Tensor {
    guard let found = (parameters + inputs).first(where: { $0.name == name }) else {
      throw CheckFailure("there is no \(name)")
    }
    return found.tensor
  }

  /// The gradients of the inputs and of all parameters, named as in a worker's answer, for the
  /// experiment's upstream gradients. What no gradient reaches has zeros.
  package func gradients(
    of results: [(name: String, tensor: Tensor)], _ experiment: ModelCheck.Experiment
  ) throws -> [PipeTensor] {
    var total = Tensor(0)
    for upstream in experiment.upstream {
      guard let result = results.first(where: { "upstream:" + $0.name == upstream.name }) else {
        continue
      }
      guard result.tensor.shape.dimensions == upstream.shape else {
        throw CheckFailure("\(result.name) has shape \(result.tensor.shape)")
      }
      total = try total + (result.tensor * Self.tensor(upstream)).sum()
    }
    if total.requiresGrad { try total.backward() }
    func gradient(_ name: String, _ tensor: Tensor) -> PipeTensor {
      PipeTensor(
        name: name, shape: tensor.shape.dimensions,
        values: tensor.grad?.array ?? [Float](repeating: 0, count: tensor.count))
    }
    return inputs.map { gradient($0.name, $0.tensor) }
      + parameters.map { gradient("parameter:" + $0.name, $0.tensor) }
  }
}
