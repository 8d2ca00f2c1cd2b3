import NeuralNetworks
import TensorCore
import WorkerPipe

/// The calls of a model or function that answer one question, and a look at what they change besides:
/// parameters, inputs and the results of earlier calls stay as they are.
///
/// What the student prints in a first call is that of the numbers that the check speaks of. A call on
/// other numbers lies before the one that counts: a state that is kept from one batch to the next
/// shows in that.
struct ModelCalls {
  private let made: Catalogue.Made
  /// The inputs of the call that counts.
  let arguments: Catalogue.Arguments
  /// What is drawn from in each call, so that all draw alike.
  private let generator: RandomGenerator
  /// The state before the calls.
  private let state: [Entry]
  /// The results of the first call that a later one changed.
  private var changedResults: [String] = []

  /// A parameter or buffer, and its numbers at one time.
  private struct Entry {
    let name: String
    let tensor: Tensor
    let numbers: [Float]
  }

  /// Prepares the calls.
  ///
  /// - Parameter inputs: those of the request.
  init(
    _ made: Catalogue.Made, inputs: [PipeTensor], generator: RandomGenerator
  ) throws {
    self.made = made
    self.generator = generator
    arguments = try Catalogue.Arguments(inputs)
    state = Self.state(of: made)
  }

  /// Calls the model with other parameters and inputs each time, as a training does: what is kept of the
  /// first parameters, or of how often it was called, shows in the results of a later call.
  ///
  /// - Parameters:
  ///   - count: how many times.
  ///   - parameters: those of the question; each time a multiple of them is loaded.
  ///   - inputs: those of the request.
  static func warmUp(
    _ made: Catalogue.Made, count: Int, _ parameters: [(name: String, tensor: Tensor)],
    inputs: [PipeTensor], generator: RandomGenerator
  ) throws {
    let arguments = try Catalogue.Arguments(inputs)
    try Worker.quietly {
      for call in 0..<count {
        let factor = (call.isMultiple(of: 2) ? -1 : 1) / (Float(call) + 2)
        try made.module?.load(parameters.map { ($0.name, $0.tensor * factor) })
        var drawn = generator
        try Self.tolerating(made) {
          _ = try noGrad { try made.call(arguments.scaled(by: factor), &drawn) }
        }
      }
    }
  }

  /// Calls it once.
  ///
  /// - Parameter wantsGradients: whether the call makes a graph, with the inputs in it.
  func callOnce(wantsGradients: Bool) throws -> [Catalogue.NamedResult] {
    var drawn = generator
    guard wantsGradients else { return try noGrad { try made.call(arguments, &drawn) } }
    for input in arguments.tensors { input.tensor.requiringGrad() }
    return try made.call(arguments, &drawn)
  }

  /// Calls it on the inputs, on the inputs with the other sign, and on the inputs again.
  ///
  /// - Parameter wantsGradients: whether the last call makes a graph, with the inputs in it.
  /// - Returns: the results of the last call.
  mutating func callAgain(wantsGradients: Bool) throws -> [Catalogue.NamedResult] {
    var drawn = generator
    let first = try noGrad { try made.call(arguments, &drawn) }
    let numbers = first.map(Self.numbers)
    func noteChanges() {
      // the last call has the first one's inputs: what that wrote over it may be the same again
      for (result, numbers) in zip(first, numbers)
      where !isSame(Self.numbers(result), numbers) && !changedResults.contains(result.name) {
        changedResults.append(result.name)
      }
    }
    return try Worker.quietly {
      var other = generator
      try Self.tolerating(made) {
        _ = try noGrad { try made.call(arguments.negated, &other) }
      }
      noteChanges()
      defer { noteChanges() }
      return try callOnce(wantsGradients: wantsGradients)
    }
  }

  /// Calls it on the same inputs again and again, each time with the generator as the call before left it.
  ///
  /// - Returns: the results, with a first axis of calls.
  func callOften(_ count: Int) throws -> [PipeTensor] {
    var drawn = generator
    var all: [[PipeTensor]] = []
    for _ in 0..<count {
      all.append(try noGrad { try made.call(arguments, &drawn) }.map(Worker.pipeTensor))
    }
    return try (all.first ?? []).indices.map { index in
      let tensors = all.compactMap { $0.indices.contains(index) ? $0[index] : nil }
      let first = tensors[0]
      guard
        tensors.count == count,
        tensors.allSatisfy({
          $0.name == first.name && $0.shape == first.shape
            && ($0.integers == nil) == (first.integers == nil)
        })
      else {
        throw TensorError("worker", "\(first.name) has not the same shape in every call")
      }
      return PipeTensor(
        name: first.name, shape: [count] + first.shape,
        elements: first.integers == nil
          ? .floats(tensors.flatMap(\.values)) : .integers(tensors.flatMap { $0.integers ?? [] }))
    }
  }

  /// What the calls changed; nil where that is nothing.
  var sideEffects: SideEffects? {
    let after = Dictionary(Self.state(of: made).map { ($0.name, $0) }) { $1 }
    var effects = SideEffects(inputs: arguments.changed, results: changedResults)
    for entry in state {
      guard let now = after[entry.name], isSame(now.numbers, entry.numbers) else {
        effects.parameters.append(entry.name)
        continue
      }
      // a buffer is not trained: there the numbers are all that counts
      if now.tensor !== entry.tensor, entry.tensor.requiresGrad {
        effects.replaced.append(entry.name)
      }
    }
    return effects == SideEffects() ? nil : effects
  }

  /// A model takes any numbers; a function may have none for those with the other sign.
  private static func tolerating(_ made: Catalogue.Made, _ body: () throws -> Void) throws {
    if made.module == nil { try? body() } else { try body() }
  }

  private static func numbers(_ result: Catalogue.NamedResult) -> [Float] {
    if case .tensor(let tensor) = result.value { tensor.array } else { [] }
  }

  private static func state(of made: Catalogue.Made) -> [Entry] {
    (made.module?.stateEntries() ?? []).map {
      Entry(name: $0.name, tensor: $0.tensor, numbers: $0.tensor.array)
    }
  }
}
