import WorkerPipe
import Workers

/// One model at given sizes, for the student's worker and for the reference.
public struct ModelCheck {
  let session: JudgeSession
  /// The model's name in the catalogue.
  public let model: String
  /// The sizes it is made with.
  public let configuration: [String: Int]
  /// The numbers besides that it is made with.
  private let numbers: [String: Double]
  /// What the reference's answers are counted by; empty for the check's own.
  private let aside: String

  /// Prepares the questions about one model.
  ///
  /// - Parameters:
  ///   - numbers: besides the sizes; none where the catalogue's own will do.
  ///   - aside: a name for questions that are asked only where an answer was wrong.
  public init(
    _ session: JudgeSession, _ model: String, _ configuration: [String: Int],
    numbers: [String: Double] = [:], aside: String = ""
  ) {
    self.session = session
    self.model = model
    self.configuration = configuration
    self.numbers = numbers
    self.aside = aside
  }

  private func request(seed: UInt64? = nil) -> Request.Subject {
    Request.Subject(model, Settings(sizes: configuration, numbers: numbers), seed: seed)
  }

  /// What is known of the model.
  var subject: Subject { session.subject(model) }

  /// The parameters of the student's freshly made model, and which others are the same as one of them.
  public func studentParameters() throws -> [PipeTensor] {
    try session.askStudent(.parameters(), about: request(seed: 1))
  }

  /// The parameters of the reference.
  public func referenceParameters() throws -> [PipeTensor] {
    try allReferenceParameters().filter { !ParameterMatch.isMark($0) }
  }

  /// The same, and which of them are buffers.
  private func allReferenceParameters() throws -> [PipeTensor] {
    try session.askReference(.parameters(), about: request(seed: 1), aside: aside)
  }

  /// Which of the student's parameters plays which part.
  ///
  /// - Throws: `CheckFailure` when one is missing or has another shape.
  public func match() throws -> ParameterMatch {
    try ParameterMatch(student: studentParameters(), reference: allReferenceParameters())
  }

  /// An experiment: parameters and an input, the same for both sides.
  public struct Experiment {
    /// By the reference's names.
    public var parameters: [PipeTensor]
    /// The inputs, of which there is at least one.
    public var inputs: [PipeTensor]
    /// The first input.
    public var input: PipeTensor {
      get { inputs[0] }
      set { inputs[0] = newValue }
    }
    /// The gradients of the results, called `upstream:RESULT`; none where only values are asked.
    public var upstream: [PipeTensor] = []
    /// What the model is made with.
    public private(set) var sizes: [String: Int] = [:]
    /// How many calls with other numbers lie before the student's.
    public var warmUps = 0
    /// What both sides' generators start from, where it draws; nil elsewhere.
    public internal(set) var seed: UInt64?
    /// Whether the model is called once on these numbers: at far ends calls are long, and what several calls
    /// show does not depend on the numbers.
    var isCalledOnce = false
    /// How it is called.
    public internal(set) var calling = Calling.usual
    /// The inputs of the batches that it is called on before, as `batch:K:NAME`.
    public internal(set) var batches: [PipeTensor] = []
    /// The size of the logits if they were stretched, but not moved, which rounding goes by; 0 where
    /// nothing was centred.
    public private(set) var scale: Float = 0
    let match: ParameterMatch

    init(
      parameters: [PipeTensor], inputs: [PipeTensor], match: ParameterMatch,
      sizes: [String: Int] = [:]
    ) {
      self.sizes = sizes
      self.parameters = parameters
      self.inputs = inputs
      self.match = match
    }

    /// Draws an experiment on a network whose last two parameters are weight and bias of the last
    /// layer, and stretches and moves this layer so that the logits reach from -2 to 2: a final ReLU or
    /// tanh does not show where all are positive or small.
    ///
    /// Where the logits of different samples hardly differ, since most of a hidden layer is 0, hardly
    /// any mistake shows: such a draw is not taken, but for the best of several.
    ///
    /// - Parameter reach: how far they are to reach.
    public static func centred(
      reach: Float = 2, _ draw: () throws -> Self, logits: (Self) throws -> [Float]
    ) throws -> Self {
      var best = try draw()
      var bestLogits = try logits(best)
      for _ in 1..<16 where contrast(bestLogits) < 0.25 {
        let other = try draw()
        let otherLogits = try logits(other)
        if contrast(otherLogits) > contrast(bestLogits) {
          (best, bestLogits) = (other, otherLogits)
        }
      }
      best.centre(bestLogits, reach: reach)
      return best
    }

    /// How far logits are from their middle, as a share of the largest.
    private static func contrast(_ logits: [Float]) -> Float {
      let size = logits.reduce(0) { max($0, abs($1)) }
      return size > 0 ? spread(logits).spread / size : 0
    }

    /// The middle between the smallest and the largest logit, and how far these are from it.
    private static func spread(_ logits: [Float]) -> (middle: Float, spread: Float) {
      let (first, last) = (logits.min() ?? 0, logits.max() ?? 0)
      return ((first + last) / 2, (last - first) / 2)
    }

    private mutating func centre(_ logits: [Float], reach: Float) {
      guard parameters.count > 1 else { return }
      let (middle, spread) = Self.spread(logits)
      let size = logits.reduce(0) { max($0, abs($1)) }
      // a student's own layer may give the same for all samples, or no numbers
      let stretch = spread > 1e-4 * size ? reach / spread : 1
      let (weight, bias) = (parameters[parameters.count - 2], parameters[parameters.count - 1])
      parameters[parameters.count - 2] = weight.mapValues { $0 * stretch }
      parameters[parameters.count - 1] = bias.mapValues { ($0 - middle) * stretch }
      scale = size * stretch
    }

    func tensors(renamed: Bool) -> [PipeTensor] {
      parameters.map {
        PipeTensor(
          name: "parameter:" + (renamed ? match.names[$0.name] ?? $0.name : $0.name),
          shape: $0.shape, values: $0.values)
      } + inputs + batches + upstream
    }
  }

  /// Draws ordinary parameters and an ordinary input.
  public func experiment(inputShape: [Int], _ numbers: inout SeededNumbers) throws -> Experiment {
    try experiment([InputShape("input", inputShape)], &numbers)
  }

  /// Draws ordinary parameters and ordinary inputs.
  func experiment(
    _ inputs: [InputShape], _ numbers: inout SeededNumbers
  ) throws -> Experiment { try experiments(inputs)(&numbers) }

  /// Asks for the parameters, once, and draws experiments with them: how many are needed may depend on
  /// the student's code, and the number of questions to the reference must not.
  public func experiments(
    _ inputs: [InputShape], draw: Draw = .ordinary, calling: Calling = .usual
  ) throws -> (_ numbers: inout SeededNumbers) -> Experiment {
    let all = try allReferenceParameters()
    let match = try ParameterMatch(student: studentParameters(), reference: all)
    let parameters = all.filter { !ParameterMatch.isMark($0) }
    return { numbers in
      let drawn = draw.numbers(parameters, inputs, &numbers)
      var experiment = Experiment(
        parameters: drawn.parameters, inputs: drawn.inputs, match: match,
        sizes: configuration)
      experiment.warmUps = draw.warmUps
      if subject.draws { experiment.seed = numbers.seed() }
      experiment.isCalledOnce = draw.isFar && draw.warmUps == 0
      experiment.calling = calling
      for (number, batch) in calling.batches.enumerated() {
        experiment.batches += draw.numbers([], batch, &numbers).inputs.map {
          $0.renamed("batch:\(number):\($0.name)")
        }
      }
      return experiment
    }
  }

  /// The student's results of an experiment.
  ///
  /// - Parameters:
  ///   - isFirstCall: whether the model has not been called before.
  ///   - isTraining: whether it is in training mode.
  ///   - seed: what the model is made with. Its parameters are the experiment's all the same, but
  ///     not what it draws later.
  public func studentResults(
    _ experiment: Experiment, isFirstCall: Bool = false, isTraining: Bool = false,
    seed: UInt64? = nil
  ) throws -> [PipeTensor] {
    try studentCall(experiment, isFirstCall: isFirstCall, isTraining: isTraining, seed: seed)
      .results
  }

  private func calls(
    _ experiment: Experiment, isTraining: Bool = false, wantsState: Bool = true
  ) -> Request.Calls {
    var calls = experiment.calling.calls(
      isFirst: experiment.isCalledOnce, warmUps: experiment.warmUps, wantsState: wantsState)
    if isTraining { calls.isTraining = true }
    return calls
  }

  /// Of an answer with a state the buffers alone, by the reference's names: what the model gives is compared where no
  /// state is asked for.
  ///
  /// - Parameter names: the name of each buffer in the answer.
  private func buffers(
    in answer: [PipeTensor], _ names: (String) -> String?
  ) -> [PipeTensor] {
    guard answer.contains(where: { $0.name.hasPrefix(Calling.state) }) else { return answer }
    return answer.compactMap { tensor in
      guard tensor.name.hasPrefix(Calling.state) else { return nil }
      return names(String(tensor.name.dropFirst(Calling.state.count))).map {
        tensor.renamed(Calling.state + $0)
      }
    }
  }

  /// The student's results of an experiment, and what the calls changed besides; arguments as in
  /// `studentResults`.
  public func studentCall(
    _ experiment: Experiment, isFirstCall: Bool = false, isTraining: Bool = false,
    seed: UInt64? = nil
  ) throws -> (results: [PipeTensor], sideEffects: SideEffects) {
    var calls = calls(experiment, isTraining: isTraining)
    if isFirstCall { (calls.isFirst, calls.warmUps) = (true, 0) }
    let answer = try session.askStudentInFull(
      .forward(calls), about: request(seed: seed ?? experiment.seed),
      experiment.tensors(renamed: true))
    let match = experiment.match
    let results = buffers(in: answer.tensors) { own in
      match.buffers.first { match.names[$0] == own }
    }
    var sideEffects = answer.sideEffects
    // that is the buffers' business
    if !experiment.calling.comparesState { sideEffects.attached = [] }
    return (results, sideEffects)
  }

  /// What wrong results of an experiment show that no right model does, in a sentence, with nothing but the
  /// student's own code: chance, what is kept, samples or steps that should not matter, or should.
  ///
  /// - Parameter expected: what they should be.
  public func behaviour(
    _ experiment: Experiment, _ results: [PipeTensor], expected: [PipeTensor]
  ) throws -> String? {
    let trial = TrialSeries.Trial(check: self, experiment: experiment, place: nil)
    return try BehaviourProbe(trial, results, expected: expected).sentence()
  }

  /// The reference's results of an experiment.
  public func referenceResults(_ experiment: Experiment) throws -> [PipeTensor] {
    let question = Request.Question.forward(
      experiment.calling.calls(isFirst: true, wantsState: true))
    return try buffers(in: askReference(question, experiment)) {
      experiment.match.buffers.contains($0) ? $0 : nil
    }
  }

  /// The reference's results with the parameters that a student's model has.
  ///
  /// - Parameter parameters: by the student's names.
  /// - Throws: `CheckFailure` when one is missing or has another shape.
  func referenceResults(
    parameters: [PipeTensor], input: PipeTensor
  ) throws -> [PipeTensor] {
    let match = try ParameterMatch(student: parameters, reference: referenceParameters())
    let values = Dictionary(parameters.map { ($0.name, $0) }) { first, _ in first }
    let renamed = match.names.compactMap { name, own in
      values[own].map { PipeTensor(name: name, shape: $0.shape, values: $0.values) }
    }
    return try referenceResults(Experiment(parameters: renamed, inputs: [input], match: match))
  }

  /// One call will do: the reference keeps nothing.
  private func askReference(
    _ question: Request.Question, _ experiment: Experiment
  ) throws -> [PipeTensor] {
    try session.askReference(
      question, about: request(seed: experiment.seed), experiment.tensors(renamed: false),
      aside: aside)
  }

  /// The gradients that the student's model gives for the experiment's upstream gradients, under
  /// the reference's names.
  ///
  /// - Parameter isTraining: whether the model is in training mode.
  public func studentGradients(
    _ experiment: Experiment, isTraining: Bool = false
  ) throws -> [PipeTensor] {
    let names = Dictionary(experiment.match.names.map { ($0.value, $0.key) }) { first, _ in first }
    return try session.askStudent(
      .backward(calls(experiment, isTraining: isTraining, wantsState: false)),
      about: request(seed: experiment.seed),
      experiment.tensors(renamed: true)
    ).map { tensor in
      guard tensor.name.hasPrefix("parameter:") else { return tensor }
      let own = String(tensor.name.dropFirst("parameter:".count))
      return tensor.renamed("parameter:" + (names[own] ?? own))
    }
  }

  /// The gradients that the reference gives.
  public func referenceGradients(_ experiment: Experiment) throws -> [PipeTensor] {
    try askReference(
      .backward(experiment.calling.calls(isFirst: true, wantsState: false)), experiment)
  }

  /// As in `, for an input [3, 5, 4] with hiddenSize 6, inputSize 4`.
  func sizes(_ experiment: Experiment) -> String {
    (experiment.inputs.count == 1
      ? ", for an input \(experiment.input.shape)"
      : ", for inputs " + experiment.inputs.map { "\($0.name) \($0.shape)" }.joined(separator: ", "))
      + (configuration.isEmpty
        ? ""
        : " with "
          + configuration.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
          .joined(separator: ", "))
  }
}
