import NeuralNetworks
import TensorCore
import WorkerPipe

/// The calls of a model that answer one question, and a look at what they change besides: parameters,
/// input and the results of earlier calls stay as they are.
///
/// What the student prints in a first call is that of the numbers that the check speaks of. A call on
/// other numbers lies before the one that counts: a state that is kept from one batch to the next
/// shows in that.
struct ModelCalls {
  typealias Results = [(name: String, tensor: Tensor)]

  private let model: Catalogue.Model
  private let given: PipeTensor
  /// The input of the call that counts.
  let input: Tensor
  /// The state before the calls.
  private let state: [String: [Float]]
  /// The results of the first call that a later one changed.
  private var changedResults: [String] = []

  /// Prepares the calls.
  ///
  /// - Parameter input: the tensor `input` of the request.
  init(_ model: Catalogue.Model, input given: PipeTensor) throws {
    self.model = model
    self.given = given
    input = try Tensor(given.values, shape: Shape(given.shape)).named("X")
    state = Self.state(of: model)
  }

  /// Calls the model with other parameters and inputs each time, as a training does: what is kept of the
  /// first parameters, or of how often it was called, shows in the results of a later call.
  ///
  /// - Parameters:
  ///   - count: how many times.
  ///   - parameters: those of the question; each time a multiple of them is loaded.
  ///   - given: the tensor `input` of the request.
  static func warmUp(
    _ model: Catalogue.Model, count: Int, _ parameters: [(name: String, tensor: Tensor)],
    input given: PipeTensor
  ) throws {
    let input = try Tensor(given.values, shape: Shape(given.shape))
    try Worker.quietly {
      for call in 0..<count {
        let factor = (call.isMultiple(of: 2) ? -1 : 1) / (Float(call) + 2)
        try model.module.load(parameters.map { ($0.name, $0.tensor * factor) })
        _ = try noGrad { try model.call(input * factor) }
      }
    }
  }

  /// Calls the model once.
  ///
  /// - Parameter wantsGradients: whether the call makes a graph, with the input in it.
  func callOnce(wantsGradients: Bool) throws -> Results {
    guard wantsGradients else { return try noGrad { try model.call(input) } }
    input.requiringGrad()
    return try model.call(input)
  }

  /// Calls it on the input, on the input with the other sign, and on the input again.
  ///
  /// - Parameter wantsGradients: whether the last call makes a graph, with the input in it.
  /// - Returns: the results of the last call.
  mutating func callAgain(wantsGradients: Bool) throws -> Results {
    let first = try noGrad { try model.call(input) }
    let numbers = first.map(\.tensor.array)
    func noteChanges() {
      // the last call has the first one's input: what that wrote over it may be the same again
      for (result, numbers) in zip(first, numbers)
      where !Self.isSame(result.tensor.array, numbers) && !changedResults.contains(result.name) {
        changedResults.append(result.name)
      }
    }
    return try Worker.quietly {
      _ = try noGrad { try model.call(-input) }
      noteChanges()
      defer { noteChanges() }
      return try callOnce(wantsGradients: wantsGradients)
    }
  }

  /// What the calls changed; nil where that is nothing.
  var sideEffects: SideEffects? {
    let after = Self.state(of: model)
    let effects = SideEffects(
      parameters: state.filter { !Self.isSame(after[$0.key], $0.value) }.keys.sorted(),
      input: !Self.isSame(input.array, given.values),
      results: changedResults)
    return effects == SideEffects() ? nil : effects
  }

  private static func state(of model: Catalogue.Model) -> [String: [Float]] {
    Dictionary(model.module.stateEntries().map { ($0.name, $0.tensor.array) }) { $1 }
  }

  /// Bit for bit, so that a number that is none is the same as itself.
  private static func isSame(_ numbers: [Float]?, _ others: [Float]) -> Bool {
    guard let numbers, numbers.count == others.count else { return false }
    return zip(numbers, others).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}
