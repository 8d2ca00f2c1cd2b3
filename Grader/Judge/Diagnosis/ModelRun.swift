import TensorCore

/// A model of a variant as an experiment calls it: parameters and buffers by their names, and what the batches before have
/// moved.
package final class ModelRun {
  private let numbers: Numbers
  private var moved: [String: Tensor] = [:]
  /// Whether the call is one while training.
  package private(set) var isTraining = false

  private init(_ numbers: Numbers) { self.numbers = numbers }

  /// What a model gives.
  ///
  /// - Parameters:
  ///   - input: the name of its input.
  ///   - call: calls it.
  package static func results(
    _ numbers: Numbers, _ input: String = "input",
    _ call: (Tensor, ModelRun) throws -> [(name: String, tensor: Tensor)]
  ) throws -> [(name: String, tensor: Tensor)] {
    let run = ModelRun(numbers)
    run.isTraining = true
    for batch in numbers.batches {
      guard let x = batch.first(where: { $0.name == input }) else { continue }
      _ = try noGrad { try call(x.tensor, run) }
    }
    run.isTraining = numbers.calling.isTraining
    let results = try call(try numbers(input), run)
    guard numbers.calling.comparesState else { return results }
    return try numbers.parameters.filter { numbers.buffers.contains($0.name) }.map {
      ("state:" + $0.name, try run($0.name))
    }
  }

  /// A parameter, or a buffer as it is.
  package func callAsFunction(_ name: String) throws -> Tensor {
    try moved[name] ?? numbers(name)
  }

  /// Moves a buffer.
  package func move(_ name: String, to value: Tensor) { moved[name] = value.detached() }
}
