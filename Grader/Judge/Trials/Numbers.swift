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

  /// The names of those parameters that are buffers, which no gradient is asked for.
  package let buffers: Set<String>
  /// How the model is called.
  package let calling: Calling
  /// The inputs of the batches before, by name.
  package let batches: [[(name: String, tensor: Tensor)]]

  /// The generator that both sides draw from, where something is drawn.
  package let generator: RandomGenerator

  init(_ experiment: ModelCheck.Experiment) throws {
    try self.init(
      experiment.parameters, experiment.inputs, sizes: experiment.sizes, seed: experiment.seed,
      calling: experiment.calling, batches: experiment.batches, buffers: experiment.match.buffers)
  }

  init(
    _ parameters: [PipeTensor], _ inputs: [PipeTensor], sizes: [String: Int] = [:],
    seed: UInt64? = nil, calling: Calling = .usual, batches: [PipeTensor] = [],
    buffers: Set<String> = []
  ) throws {
    self.sizes = sizes
    self.calling = calling
    self.buffers = buffers
    self.batches = try calling.batches.indices.map { number in
      let prefix = "batch:\(number):"
      return try batches.filter { $0.name.hasPrefix(prefix) && $0.integers == nil }.map {
        (String($0.name.dropFirst(prefix.count)), try Self.tensor($0))
      }
    }
    generator = RandomGenerator(seed: seed ?? 0)
    self.parameters = try parameters.map {
      let tensor = try Self.tensor($0)
      return ($0.name, buffers.contains($0.name) ? tensor : tensor.requiringGrad())
    }
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
      + parameters.filter { !buffers.contains($0.name) }.map {
        gradient("parameter:" + $0.name, $0.tensor)
      }
  }
}
