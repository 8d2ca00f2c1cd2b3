import Chunks
import NeuralNetworks
import TensorCore
import Training
import WorkerPipe

#if canImport(Glibc)
  // `stdout` is a variable to Swift, though nobody changes it.
  @preconcurrency import Glibc
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

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
          try answer(request, tensors, catalogue)
        } catch let error as Unimplemented {
          var response = Response(.notImplemented, message: "\(error)")
          (response.task, response.file, response.line) = (error.task, error.file, error.line)
          try Pipe.send(response)
        } catch let error as Pipe.Broken {
          throw error
        } catch {
          try Pipe.send(Response(.failure, message: "\(error)"))
        }
      }
    } catch {
      exit(1)
    }
    exit(0)
  }

  private static func answer(
    _ request: Request, _ tensors: [PipeTensor], _ catalogue: Catalogue
  ) throws {
    if request.kind == .describe {
      var response = Response(.answer)
      response.models = catalogue.makers.keys.sorted()
      return try Pipe.send(response)
    }
    guard let make = catalogue.makers[request.model] else {
      throw TensorError(
        "catalogue", "there is no model \(request.model)",
        remedy: "There are \(catalogue.makers.keys.sorted().joined(separator: ", "))")
    }
    // Questions are small, and others are judged at the same time; a training says how many it may use.
    if request.kind != .train { KernelThreads.count = 1 }
    var generator = RandomGenerator(seed: request.seed)
    let model = try make(.init(values: request.configuration), &generator)
    switch request.kind {
    case .describe:
      return
    case .parameters:
      var answers = model.module.stateEntries().map(pipeTensor)
      if request.tellsGenerator == true {
        let next = (0..<4).map { _ in generator.nextUniform() }
        answers.append(PipeTensor(name: "generator:next", shape: [next.count], values: next))
      }
      try Pipe.send(Response(.answer), answers)
    case .forward:
      var calls = try prepare(model, request, tensors)
      // as a training computes them: with a graph
      let makesGraph = request.isTraining == true
      let results =
        try request.isFirstCall == true
        ? calls.callOnce(wantsGradients: makesGraph) : calls.callAgain(wantsGradients: makesGraph)
      var response = Response(.answer)
      response.sideEffects = calls.sideEffects
      try Pipe.send(response, results.map { pipeTensor(($0.name, $0.tensor)) })
    case .backward:
      try backward(model, request, tensors)
    case .train:
      try train(model, request, tensors)
    }
  }

  // MARK: - Forward and backward

  /// Tensors of a request are called `parameter:NAME`, `input` and `upstream:RESULT`.
  private static func prepare(
    _ model: Catalogue.Model, _ request: Request, _ tensors: [PipeTensor]
  ) throws -> ModelCalls {
    let entries = try tensors.filter { $0.name.hasPrefix("parameter:") }.map {
      (
        name: String($0.name.dropFirst("parameter:".count)),
        tensor: try Tensor($0.values, shape: Shape($0.shape))
      )
    }
    guard let given = tensors.first(where: { $0.name == "input" }) else {
      throw TensorError("worker", "the request has no input")
    }
    if request.isTraining == true { model.module.train() } else { model.module.eval() }
    if request.isFirstCall != true, let count = request.warmUps {
      try ModelCalls.warmUp(model, count: count, entries, input: given)
    }
    if !entries.isEmpty { try model.module.load(entries) }
    return try ModelCalls(model, input: given)
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
    _ model: Catalogue.Model, _ request: Request, _ tensors: [PipeTensor]
  ) throws {
    var calls = try prepare(model, request, tensors)
    // before the student's code runs: a module tells of its parameters itself
    let parameters = model.module.namedParameters()
    let results =
      try request.isFirstCall == true
      ? calls.callOnce(wantsGradients: true) : calls.callAgain(wantsGradients: true)
    // One scalar whose gradient for each result is the upstream gradient.
    var total = Tensor(0)
    for result in results {
      guard let upstream = tensors.first(where: { $0.name == "upstream:\(result.name)" }) else {
        continue
      }
      let weights = try Tensor(upstream.values, shape: Shape(upstream.shape))
      guard weights.shape == result.tensor.shape else {
        throw TensorError(
          "worker", "\(result.name) has shape \(result.tensor.shape), expected \(weights.shape)")
      }
      total = try total + (result.tensor * weights).sum()
    }
    // without a graph no gradient reaches anything, which the zeros say
    if total.requiresGrad { try total.backward() }
    var answers = [gradient(of: calls.input, called: "input")]
    for parameter in parameters {
      answers.append(gradient(of: parameter.tensor, called: "parameter:\(parameter.name)"))
    }
    try Pipe.send(Response(.answer), answers)
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

  // MARK: - Training

  /// Tensors of a request: `frames`, the training set's `starts` and `labels` (and `lengths` of
  /// recordings for random chunks), `validationFrames` and `validationStarts`.
  private static func train(
    _ model: Catalogue.Model, _ request: Request, _ tensors: [PipeTensor]
  ) throws {
    guard let network = model.module as? any Network else {
      throw TensorError("worker", "\(request.model) is a layer, not a network that can be trained")
    }
    let data = try TrainingData(request, tensors)
    guard let recipe = request.recipe else {
      throw TensorError("worker", "a training needs a recipe")
    }
    let clock = ContinuousClock()
    var lastReport = clock.now
    let trainer = Trainer(network, on: data.examples, recipe: recipe)
    let checkpoint = try tensors.filter { $0.name.hasPrefix("checkpoint:") }.map {
      ($0.name, try Tensor($0.values, shape: Shape($0.shape)))
    }
    if !checkpoint.isEmpty {
      try trainer.resume(
        from: checkpoint.map { (String($0.0.dropFirst("checkpoint:".count)), $0.1) })
    }
    try trainer.run { event in
      switch event {
      case .batch(let report):
        guard clock.now - lastReport > .milliseconds(200) else { return }
        lastReport = clock.now
        var response = Response(.progress)
        response.report = report
        try Pipe.send(response)
      case .epoch(let report):
        // a judge has no use for parameters, and they are most of what would go over the pipe
        let sendsCheckpoint = request.sendsCheckpoints == true
        let sendsState = sendsCheckpoint || request.sendsParameters == true
        let (logits, state) = try trainer.withTrainedNetwork { network in
          (
            try predict(network, on: data.validation),
            sendsState
              ? network.stateEntries().map { pipeTensor(("parameter:\($0.name)", $0.tensor)) } : []
          )
        }
        var response = Response(.epoch)
        response.report = report
        let validation = PipeTensor(
          name: "logits",
          shape: [data.validation.count, logits.count / max(data.validation.count, 1)],
          values: logits)
        let checkpoint =
          sendsCheckpoint
          ? trainer.checkpoint().map { pipeTensor(("checkpoint:\($0.name)", $0.tensor)) } : []
        try Pipe.send(response, [validation] + state + checkpoint)
      }
    }
    try Pipe.send(Response(.answer))
  }
}
