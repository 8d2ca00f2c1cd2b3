import Examples
// `stdout` is a variable to Swift, though nobody changes it.
@preconcurrency import Glibc
import NeuralNetworks
import TensorCore
import Training
import WorkerPipe

/// The student's side of the pipe: a program that answers questions about a unit's models.
///
/// It knows no expectation, no tolerance and no label of the validation set; those stay with the
/// judge, in another process.
public enum Worker {
  /// Answers requests until the judge closes the pipe.
  public static func serve(_ catalogue: Catalogue) -> Never {
    // A judge that has gone away must show as a failed write, not as a signal.
    signal(SIGPIPE, SIG_IGN)
    // Ctrl-C is the parent's to handle: it ends the worker when it has saved what it needs.
    signal(SIGINT, SIG_IGN)
    // What a student's code prints must be out before a crash, or before the judge ends the worker.
    setvbuf(stdout, nil, _IOLBF, 0)
    guard fcntl(Pipe.requests, F_GETFD) >= 0, fcntl(Pipe.answers, F_GETFD) >= 0 else {
      print("This program answers the judge; start it through ./rhythm train or swift test.")
      exit(2)
    }
    do {
      while let (request, tensors) = try Frame.decode(Request.self, caps: .init(), read: Pipe.read)
      {
        do {
          try answer(request, tensors, catalogue, send: Pipe.send)
        } catch let error as Unimplemented {
          try Pipe.send(
            .notImplemented(.init(task: error.task, file: error.file, line: error.line)), [])
        } catch let error as Pipe.Broken {
          throw error
        } catch {
          try Pipe.send(.failure("\(error)"), [])
        }
      }
    } catch {
      exit(1)
    }
    exit(0)
  }

  typealias Send = (Response, [PipeTensor]) throws -> Void

  /// Answers one request.
  ///
  /// - Parameter send: where answers go; a training has many.
  static func answer(
    _ request: Request, _ tensors: [PipeTensor], _ catalogue: Catalogue, send: Send
  ) throws {
    guard case .ask(let question, let subject) = request else {
      return try send(.catalogue(catalogue.names), [])
    }
    let entry = try catalogue.entry(subject.name)
    // Questions are small, and others are judged at the same time; a training says how many it may use.
    if question.kind != .train { KernelThreads.count = 1 }
    var generator = RandomGenerator(seed: subject.seed ?? 0)
    let made = try entry.make(Catalogue.Configuration(subject.settings), &generator)
    switch question {
    case .parameters(let wantsGenerator):
      var answers = (made.module?.stateEntries() ?? []).map(pipeTensor)
      for (name, first) in made.module?.sharedParameters() ?? [] {
        guard let place = answers.firstIndex(where: { $0.name == first }) else { continue }
        answers.append(PipeTensor(name: "shared:\(name)", shape: [], integers: [Int32(place)]))
      }
      for (name, _) in made.module?.namedBuffers() ?? [] {
        guard let place = answers.firstIndex(where: { $0.name == name }) else { continue }
        answers.append(PipeTensor(name: "buffer:\(name)", shape: [], integers: [Int32(place)]))
      }
      if wantsGenerator {
        let next = (0..<4).map { _ in generator.nextUniform() }
        answers.append(PipeTensor(name: "generator:next", shape: [next.count], values: next))
      }
      try send(.answer(), answers)
    case .forward(let how):
      var calls = try prepare(made, how, tensors, generator)
      if how.draws > 1 {
        let drawn = try calls.callOften(how.draws)
        return try send(.answer(sideEffects: calls.sideEffects), drawn)
      }
      // as a training computes them: with a graph
      let results =
        try how.isFirst
        ? calls.callOnce(wantsGradients: how.isTraining)
        : calls.callAgain(wantsGradients: how.isTraining)
      try send(
        .answer(sideEffects: calls.sideEffects),
        results.map(pipeTensor) + state(of: made, if: how.wantsState))
    case .backward(let how):
      try backward(made, how, tensors, generator, send)
    case .train(let training):
      try train(try trainable(made, subject, []), training, tensors, send)
    case .predictions(let examples):
      let network = try trainable(made, subject, tensors)
      try send(
        .answer(),
        try predictions(network, try examples.examples(in: tensors, file: Pipe.file).validation))
    case .variables(let examples):
      let network = try trainable(made, subject, tensors)
      try send(
        .answer(),
        try Variables.of(network, on: try examples.examples(in: tensors, file: Pipe.file).training)
          .map(pipeTensor))
    }
  }

  /// The network that was made, with the parameters of a request where it has some.
  private static func trainable(
    _ made: Catalogue.Made, _ subject: Request.Subject, _ tensors: [PipeTensor]
  ) throws -> any Trainable {
    guard let network = made.module as? any Trainable else {
      throw TensorError("worker", "\(subject.name) is no network that can be trained")
    }
    let entries = try entries("parameter:", in: tensors)
    if !entries.isEmpty { try network.load(entries) }
    return network
  }

  // MARK: - Forward and backward

  /// Tensors of a request are called `parameter:NAME`, `upstream:RESULT`, and inputs by their names.
  private static func prepare(
    _ made: Catalogue.Made, _ how: Request.Calls, _ tensors: [PipeTensor],
    _ generator: RandomGenerator
  ) throws -> ModelCalls {
    let entries = try entries("parameter:", in: tensors)
    let inputs = tensors.filter { !$0.name.contains(":") }
    if how.isTraining { made.module?.train() } else { made.module?.eval() }
    if how.warmUps > 0 {
      try ModelCalls.warmUp(
        made, count: how.warmUps, entries, inputs: inputs, generator: generator)
    }
    if !entries.isEmpty { try made.module?.load(entries) }
    if how.batches > 0 {
      try ModelCalls.pass(made, batches: how.batches, in: tensors, generator: generator)
      if !how.isTraining { made.module?.eval() }
    }
    return try ModelCalls(
      made, isTraining: how.isTraining, inputs: inputs, generator: generator)
  }

  /// Parameters and buffers as they are, where they are wanted.
  private static func state(of made: Catalogue.Made, if isWanted: Bool) -> [PipeTensor] {
    guard isWanted, let module = made.module else { return [] }
    return module.stateEntries().map { pipeTensor(("state:" + $0.name, $0.tensor)) }
  }

  /// The tensors whose names begin so, without that.
  private static func entries(
    _ prefix: String, in tensors: [PipeTensor]
  ) throws -> [(name: String, tensor: Tensor)] {
    try tensors.filter { $0.name.hasPrefix(prefix) }.map {
      (String($0.name.dropFirst(prefix.count)), try Tensor($0.values, shape: Shape($0.shape)))
    }
  }

  /// Does something without what is printed meanwhile.
  static func quietly<Result>(_ body: () throws -> Result) rethrows -> Result {
    fflush(stdout)
    let (kept, nowhere) = (dup(STDOUT_FILENO), open("/dev/null", O_WRONLY))
    if kept >= 0, nowhere >= 0 { dup2(nowhere, STDOUT_FILENO) }
    defer {
      fflush(stdout)
      if kept >= 0 {
        dup2(kept, STDOUT_FILENO)
        close(kept)
      }
      if nowhere >= 0 { close(nowhere) }
    }
    return try body()
  }

  private static func backward(
    _ made: Catalogue.Made, _ how: Request.Calls, _ tensors: [PipeTensor],
    _ generator: RandomGenerator, _ send: Send
  ) throws {
    var calls = try prepare(made, how, tensors, generator)
    // before the student's code runs: a module tells of its parameters itself
    let parameters = made.module?.namedParameters() ?? []
    let results =
      try how.isFirst
      ? calls.callOnce(wantsGradients: true) : calls.callAgain(wantsGradients: true)
    // One scalar whose gradient for each result is the upstream gradient.
    var total = Tensor(0)
    for result in results {
      guard case .tensor(let values) = result.value,
        let upstream = tensors.first(where: { $0.name == "upstream:\(result.name)" })
      else { continue }
      let weights = try Tensor(upstream.values, shape: Shape(upstream.shape))
      guard weights.shape == values.shape else {
        throw TensorError(
          "worker", "\(result.name) has shape \(values.shape), expected \(weights.shape)")
      }
      total = try total + (values * weights).sum()
    }
    // without a graph no gradient reaches anything, which the zeros say
    if total.requiresGrad { try total.backward() }
    let answers =
      calls.arguments.tensors.map { gradient(of: $0.tensor, called: $0.name) }
      + parameters.map { gradient(of: $0.tensor, called: "parameter:\($0.name)") }
      + state(of: made, if: how.wantsState)
    try send(.answer(), answers)
  }

  /// A tensor that no gradient reached has the gradient zero.
  private static func gradient(of tensor: Tensor, called name: String) -> PipeTensor {
    PipeTensor(
      name: name, shape: tensor.shape.dimensions,
      values: tensor.grad?.array ?? [Float](repeating: 0, count: tensor.count))
  }

  private static func pipeTensor(_ entry: (name: String, tensor: Tensor)) -> PipeTensor {
    PipeTensor(name: entry.name, shape: entry.tensor.shape.dimensions, values: entry.tensor.array)
  }

  static func pipeTensor(_ result: Catalogue.NamedResult) -> PipeTensor {
    switch result.value {
    case .tensor(let tensor): pipeTensor((result.name, tensor))
    case .integers(let values):
      PipeTensor(name: result.name, shape: [values.count], integers: values)
    }
  }

  // MARK: - Training

  /// What a network says of the validation examples. Names with a colon are the pipe's own.
  private static func predictions(
    _ network: any Trainable, _ examples: ExampleSet
  ) throws -> [PipeTensor] {
    let predictions = try predict(network, on: examples).entries
    if let name = predictions.map(\.name).first(where: { $0.contains(":") }) {
      throw TensorError("predict", "the prediction \(name) has a colon in its name")
    }
    return predictions.map(pipeTensor)
  }

  /// Tensors of a request are those of a `TrainingQuestion`, and `checkpoint:NAME`.
  private static func train(
    _ network: any Trainable, _ request: Request.TrainingRequest, _ tensors: [PipeTensor],
    _ send: Send
  ) throws {
    let (training, validation) = try request.examples.examples(
      in: tensors, file: Pipe.file)
    let clock = ContinuousClock()
    var lastReport = clock.now
    let trainer = Trainer(network, on: training, recipe: request.recipe)
    let checkpoint = try entries("checkpoint:", in: tensors)
    if !checkpoint.isEmpty { try trainer.resume(from: checkpoint) }
    try trainer.run { event in
      switch event {
      case .batch(let report):
        guard clock.now - lastReport > .milliseconds(200) else { return }
        lastReport = clock.now
        try send(.progress(report), [])
      case .epoch(let report):
        // a judge has no use for a checkpoint, and it is most of what would go over the pipe
        func named(
          _ prefix: String, _ entries: @autoclosure () -> [SafeTensors.Entry],
          if isWanted: Bool
        ) -> [PipeTensor] {
          isWanted ? entries().map { pipeTensor((prefix + $0.name, $0.tensor)) } : []
        }
        let sent = try trainer.withTrainedNetwork { network in
          try predictions(network, validation)
            + named("parameter:", network.stateEntries(), if: request.keeps != .nothing)
        }
        try send(
          .epoch(report),
          sent + named("checkpoint:", trainer.checkpoint(), if: request.keeps == .checkpoints))
      }
    }
    try send(.trained, [])
  }
}
