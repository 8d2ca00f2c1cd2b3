import Assignment
import WorkerPipe
import Workers

/// The same question about one model at several sizes: shapes, values or gradients, against the
/// reference.
///
/// What is said of a mistake holds at all of the sizes. Every known mistake shows in ordinary numbers
/// already, so that it is looked for there alone: in those that reach a far end it may run away, and one
/// that shows only there is none of the known ones.
public struct TrialSeries {
  /// The sizes of one experiment.
  public struct Size: Sendable {
    let configuration: [String: Int]
    let inputs: [InputShape]
    let draw: Draw
    /// How the model is called.
    private(set) var calling = Calling.usual
    /// The shape of the first input.
    var inputShape: [Int] { inputs[0].shape }
    /// The same, called in another way.
    public func called(_ calling: Calling) -> Size {
      var size = self
      size.calling = calling
      return size
    }

    /// Whether its numbers reach what ordinary ones do not.
    public var isFar: Bool { draw.isFar }

    /// Describes an experiment: how the model is made, the input's shape, and how the numbers are
    /// drawn.
    public init(_ configuration: [String: Int], input: [Int], draw: Draw = .ordinary) {
      self.init(configuration, inputs: [InputShape("input", input)], draw: draw)
    }

    /// Describes an experiment with inputs of any names, at least one.
    public init(_ configuration: [String: Int], inputs: [InputShape], draw: Draw = .ordinary) {
      self.configuration = configuration
      self.inputs = inputs
      self.draw = draw
    }
  }

  /// One experiment.
  struct Trial {
    let check: ModelCheck
    var experiment: ModelCheck.Experiment
    /// What is brought where, if it is more than ordinary numbers do.
    let place: String?
    /// The reference's results, where they were asked for already.
    var expected: [PipeTensor]?
  }

  let session: JudgeSession
  let model: String
  var trials: [Trial]
  /// Sizes from the smallest on, to show a mistake at.
  let smallest: [Size]
  /// The sizes of the course: code with a fixed size works at these.
  let usual: Size
  /// Names the first of the model's inner numbers that is wrong, if it can; nil where it cannot.
  let locate: ((TrialSeries) throws -> String?)?
  /// The part of the model that a parameter belongs to, in words, if the model has parts.
  let part: ((String) -> String?)?

  /// Draws an experiment for each size.
  ///
  /// - Parameters:
  ///   - sizes: the sizes to compare at; those with ordinary numbers first.
  ///   - smallest: sizes from the smallest on, to show a mistake at.
  ///   - usual: the sizes of the course.
  ///   - centred: whether the last layer, whose weight and bias are the last two parameters, is
  ///     stretched and moved so that its results have both signs and are not small.
  ///   - locate: names the first of the model's inner numbers that is wrong.
  ///   - part: the part of the model that a parameter belongs to, in words.
  /// - Throws: `CheckWaits` when the student's parameters are not those of the task.
  public init(
    _ session: JudgeSession, _ model: String, sizes: [Size], smallest: [Size], usual: Size,
    numbers: inout SeededNumbers, centred: Bool = false,
    locate: ((TrialSeries) throws -> String?)? = nil, part: ((String) -> String?)? = nil
  ) throws {
    self.session = session
    self.model = model
    self.smallest = smallest
    self.usual = usual
    self.locate = locate
    self.part = part
    trials = []
    for size in sizes {
      let check = ModelCheck(session, model, size.configuration)
      do {
        let draw = try check.experiments(size.inputs, draw: size.draw, calling: size.calling)
        let experiment: ModelCheck.Experiment
        if centred, size.inputShape[0] > 1 {
          experiment = try .centred(reach: size.draw.logitReach) {
            draw(&numbers)
          } logits: {
            try check.referenceResults($0).flatMap(\.values)
          }
        } else {
          experiment = draw(&numbers)
        }
        trials.append(Trial(check: check, experiment: experiment, place: size.draw.place))
      } catch let failure as CheckFailure {
        throw CheckWaits("it waits for the parameters: \(failure.message)")
      }
    }
  }

  // MARK: - For probes of a model's own

  /// Whether the reference's answers are recorded: then a probe asks for all that it might need.
  public var isRecording: Bool { session.isRecording }

  /// Numbers for a probe.
  public func numbers(_ name: String) -> SeededNumbers { session.numbers(name) }

  /// The model at other sizes.
  ///
  /// - Parameter aside: what the reference's answers are counted by.
  public func check(_ configuration: [String: Int], aside: String) -> ModelCheck {
    ModelCheck(session, model, configuration, aside: aside)
  }

  /// Compares the shapes of all results.
  public func requireShapes() throws {
    try require { outcome in
      for expected in outcome.expected {
        guard let result = outcome.observation.result(expected.name) else {
          throw CheckFailure("\(expected.name) is missing from the results")
        }
        guard result.shape == expected.shape else {
          throw CheckFailure(
            "\(outcome.trial.experiment.calling.title(expected.name)) has shape \(result.shape), expected "
              + "\(expected.shape)"
              + outcome.trial.check.sizes(outcome.trial.experiment))
        }
      }
    }
  }

  /// Compares the numbers of all results. A failure names the known mistake that gives them, or
  /// else what can be found out about the student's code.
  public func requireValues() throws {
    let outcomes = try require(comparesValues: true) { try $0.requireValues() }
    if let sentence = sideEffect(outcomes) { throw CheckFailure(sentence) }
    guard let asked = outcomes.last(where: \.isDrawn) ?? outcomes.first else { return }
    try asked.trial.check.requireSameInTraining(asked.trial.experiment, evaluated: asked.expected)
  }

  /// Looks for the opposite of what is true of the subject, by the student's own results alone: what is
  /// right is not known, or is no one thing. In any case the results must be numbers, the inputs be left
  /// alone, and the same question have the same answer, with others in between and as the first one.
  ///
  /// - Throws: `CheckFailure` for the first property that does not hold.
  public func requireProperties() throws {
    let calls = try trials.map { try $0.check.studentCall($0.experiment) }
    for (trial, call) in zip(trials, calls) {
      let sideEffect = SideEffectText.sentence(call.sideEffects)
      if let sentence = try sideEffect ?? BehaviourProbe(trial, call.results).sentence() {
        throw CheckFailure(sentence)
      }
    }
  }

  @discardableResult
  private func require(
    comparesValues: Bool = false, _ compare: (Outcome) throws -> Void
  ) throws -> [Outcome] {
    let outcomes = try outcomes(comparesValues: comparesValues)
    if session.isRecording, comparesValues { _ = try search(outcomes) }
    do {
      for outcome in outcomes {
        if let failure = outcome.failure { throw failure }
        try compare(outcome)
      }
      return outcomes
    } catch let failure as CheckFailure {
      // the last question: code may crash only while it is trained
      func remarks() -> [String] {
        comparesValues ? [(try? remarkOnTraining(outcomes)) ?? nil].compactMap(\.self) : []
      }
      // what is sure stands before what is inferred from numbers that agree
      if comparesValues, let sentence = sideEffect(outcomes) {
        throw failure.explained(by: sentence)
      }
      if let sentence = try keptBetweenCalls(outcomes) { throw failure.explained(by: sentence) }
      let mistake = try known(outcomes)
      let named = mistake.map { failure.explained(by: $0.certain, of: model) }
      if let named, mistake?.isSingle == true || !comparesValues { throw named.adding(remarks()) }
      guard comparesValues else { throw failure }
      // what is wrong where nothing is at the limit has another cause
      if mistake == nil,
        let clipping = outcomes.lazy.compactMap({ (try? $0.clipping()) ?? nil }).first,
        outcomes.allSatisfy({ $0.isRight || $0.reaches(clipping) })
      {
        let place = (try? locate?(self)) ?? nil
        throw failure.explained(by: clipping.sentence).adding(
          [place].compactMap(\.self) + remarks())
      }
      // what goes wrong in a search, such as a crash at other sizes, must not hide the numbers
      let probe = BehaviourProbe(outcomes)
      if let sentence = (try? probe.sentence()) ?? nil {
        throw failure.explained(by: sentence, beside: mistake?.certain, of: model).adding(remarks())
      }
      if let named { throw named.adding(remarks()) }
      let unused = (try? probe.unusedParameters()) ?? []
      guard unused.isEmpty || unused.count < outcomes[0].trial.experiment.parameters.count else {
        throw failure.explained(
          by:
            "the results do not depend on any parameter: what is computed with are other tensors, such "
            + "as copies that were made before")
      }
      throw failure.adding(
        [
          farPlace(outcomes), firstStep(outcomes),
          unused.isEmpty ? nil : "The results do not depend on \(NameList.text(unused))",
        ].compactMap(\.self) + ((try? search(outcomes)) ?? []) + remarks())
    } catch let failure as WorkerFailure {
      guard case .threw(let message) = failure else { throw failure }
      let stopped = CheckFailure(
        "your code stopped with \(message)"
          + (outcomes.first { $0.failure == failure }.map {
            $0.trial.check.sizes($0.trial.experiment)
          }
            ?? ""))
      if let sentence = try keptBetweenCalls(outcomes) { throw stopped.explained(by: sentence) }
      if let mistake = try known(outcomes) {
        throw stopped.explained(by: mistake.certain, of: model)
      }
      throw try fixedSize(outcomes).map { stopped.explained(by: $0) } ?? stopped
    }
  }

  /// What is otherwise while training, beside values that are wrong at evaluation already.
  private func remarkOnTraining(_ outcomes: [Outcome]) throws -> String? {
    guard let first = outcomes.first, let results = first.observation.results else { return nil }
    // results of chance differ at evaluation too
    let again = try first.trial.check.studentResults(first.trial.experiment)
    guard
      zip(again, results).allSatisfy({
        Comparison.agree($0, $1, scale: first.trial.experiment.scale)
      })
    else { return nil }
    return try first.trial.check.differenceInTraining(
      first.trial.experiment, evaluated: results)?.diagnosis.map { "Besides, " + $0 }
  }

  /// The known mistake that explains all results of ordinary numbers; nil where those are right.
  private func known(
    _ outcomes: [Outcome]
  ) throws -> (certain: KnownMistake, isSingle: Bool)? {
    let ordinary = outcomes.filter { !$0.isFar }
    guard !ordinary.allSatisfy(\.isRight) else { return nil }
    let explanations = try session.mistakes(of: model).explanations(
      of: ordinary.map(\.observation))
    return MistakeSearch.certain(explanations).map { ($0, explanations[0].isSingle) }
  }

  /// What the student's calls change besides, in a sentence.
  private func sideEffect(_ outcomes: [Outcome]) -> String? {
    outcomes.lazy.compactMap { SideEffectText.sentence($0.sideEffects) }.first
  }

  /// What kind of numbers it takes, where ordinary ones are right.
  private func farPlace(_ outcomes: [Outcome]) -> String? {
    guard let wrong = outcomes.first(where: { !$0.isRight }), let place = wrong.trial.place else {
      return nil
    }
    return "With ordinary numbers the results are right. They are wrong \(place)"
  }

  /// What a right first step says, where all that is wrong comes later.
  private func firstStep(_ outcomes: [Outcome]) -> String? {
    guard locate == nil, let axis = session.subject(model).recurrentAxis else { return nil }
    let wrong = outcomes.filter { !$0.isRight }
    guard !wrong.isEmpty, wrong.allSatisfy({ $0.firstWrongPlace(along: axis) ?? 0 > 0 }) else {
      return nil
    }
    return "At \(axis.noun) 0 all is right, and so is what follows from the input alone: look "
      + "at what is carried on to the next \(axis.noun), and at how it is used there"
  }

  /// What shows that results have other shapes, or none, only since the code was called before.
  private func keptBetweenCalls(_ outcomes: [Outcome]) throws -> String? {
    try outcomes.first { !$0.hasRightShapes }.flatMap {
      try KeptBetweenCalls(session, $0).sentence()
    }
  }

  /// Code that works at some sizes or at the course's, and not at others.
  private func fixedSize(_ outcomes: [Outcome]) throws -> String? {
    let sentence =
      "a size is hard-coded: at the course's sizes your code runs, at others it stops. Take sizes from "
      + "`inputs.shape` and the parameters' shapes"
    // Where a size is 1 almost everything broadcasts, a product of elements in place of matrices too.
    func hasOne(_ outcome: Outcome) -> Bool {
      (outcome.trial.experiment.input.shape + outcome.trial.check.configuration.values).contains(1)
    }
    let stopped = outcomes.filter { $0.failure != nil }
    if outcomes.contains(where: { $0.failure == nil && !hasOne($0) }) {
      return stopped.allSatisfy(hasOne)
        ? "your code runs at other sizes and stops where one is 1: something drops an axis of size 1, or "
          + "takes it for another"
        : "a size is hard-coded: your code runs at some sizes and stops at others"
    }
    let check = ModelCheck(session, model, usual.configuration)
    var numbers = session.numbers("\(model) at the course's sizes")
    do {
      _ = try session.askStudent(
        .forward(), about: .init(model, sizes: check.configuration),
        usual.inputs.map { $0.drawn(&numbers) })
      return sentence
    } catch is WorkerFailure {
      return nil
    }
  }

  /// The first of the inner numbers that is wrong, and the smallest experiment that shows it.
  private func search(_ outcomes: [Outcome]) throws -> [String] {
    let place = try locate?(self)
    // without its numbers an experiment is no help to who knows the place
    return [place, try SmallestExperiment(self).sentence(onlyListed: place != nil)]
      .compactMap(\.self)
  }
}
