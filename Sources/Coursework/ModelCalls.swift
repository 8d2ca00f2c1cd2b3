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
  /// Whether they are made in training mode, in which buffers may move.
  private let isTraining: Bool
  /// The state before the calls.
  private let state: [Entry]
  /// The results of the first call that a later one changed.
  private var changedResults: [String] = []

  /// A parameter or buffer, and its numbers at one time.
  private struct Entry {
    let name: String
    let tensor: Tensor
    let numbers: [Float]
    let isBuffer: Bool
  }

  /// Prepares the calls.
  ///
  /// - Parameters:
  ///   - isTraining: whether the model is in training mode, which it has to be put in before.
  ///   - inputs: those of the request.
  init(
    _ made: Catalogue.Made, isTraining: Bool, inputs: [PipeTensor], generator: RandomGenerator
  ) throws {
    self.made = made
    self.isTraining = isTraining
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

  /// Calls the model on batches in training mode, with a graph as a training does: what it keeps in buffers
  /// moves with each.
  ///
  /// - Parameters:
  ///   - count: how many there are.
  ///   - tensors: those of the request.
  static func pass(
    _ made: Catalogue.Made, batches count: Int, in tensors: [PipeTensor],
    generator: RandomGenerator
  ) throws {
    made.module?.train()
    try Worker.quietly {
      for batch in 0..<count {
        let prefix = "batch:\(batch):"
        let inputs = tensors.filter { $0.name.hasPrefix(prefix) }.map {
          $0.renamed(String($0.name.dropFirst(prefix.count)))
        }
        guard !inputs.isEmpty else {
          throw TensorError("worker", "the request has no batch \(batch) of \(count)")
        }
        var drawn = generator
        _ = try made.call(try Catalogue.Arguments(inputs), &drawn)
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
      if entry.isBuffer {
        // a buffer is not trained: its numbers count, and what hangs on it
        guard let now = after[entry.name] else { continue }
        if now.tensor.requiresGrad { effects.attached.append(entry.name) }
        if !isTraining, !isSame(now.numbers, entry.numbers) { effects.buffers.append(entry.name) }
        continue
      }
      guard let now = after[entry.name], isSame(now.numbers, entry.numbers) else {
        effects.parameters.append(entry.name)
        continue
      }
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
    func entries(_ entries: [SafeTensors.Entry]?, areBuffers: Bool) -> [Entry] {
      (entries ?? []).map {
        Entry(name: $0.name, tensor: $0.tensor, numbers: $0.tensor.array, isBuffer: areBuffers)
      }
    }
    return entries(made.module?.namedParameters(), areBuffers: false)
      + entries(made.module?.namedBuffers(), areBuffers: true)
  }
}
