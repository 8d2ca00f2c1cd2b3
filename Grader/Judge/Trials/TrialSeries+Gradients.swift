import Assignment
import WorkerPipe
import Workers

extension TrialSeries {
  /// What a gradient check compares in one trial, all under the reference's names.
  private struct Gradients {
    let outcome: Outcome
    let actual: [PipeTensor]
    let expected: [PipeTensor]
  }

  /// Compares the gradients of all parameters and of the input, for an upstream gradient that is
  /// different for every number of the results.
  ///
  /// Where the values are wrong, so would be any gradient that fits them: the gradients of a known
  /// mistake are then the right ones, and of an unknown one nothing can be said.
  ///
  /// Code that changes its parameters has lost the values for it: it is asked for the gradients of one call on
  /// the parameters that it was given. Where one was changed before it was used, the gradients are those of
  /// numbers that the code made, and nobody has to know them: it could choose some whose gradients are zeros.
  public func requireGradients(_ numbers: inout SeededNumbers) throws {
    let trials = try withUpstream(&numbers)
    var outcomes = try trials.outcomes()
    for outcome in outcomes {
      // the values' check tells of it
      guard let failure = outcome.failure, case .threw(let message) = failure else { continue }
      throw CheckWaits(
        "it waits for the values, since your code stopped with \(PlainText.quoted(message))")
    }
    if let changed = outcomes.lazy.compactMap(\.changedParameters).first {
      outcomes = try outcomes.map { try $0.ofOneCall() }
      guard outcomes.allSatisfy(\.isRight) else {
        throw CheckWaits("it waits for the values: \(changed)")
      }
      session.note("correct: the right gradients of one call, though \(changed)")
    }
    let all = try outcomes.map { outcome in
      Gradients(
        outcome: outcome,
        actual: try outcome.trial.check.studentGradients(outcome.trial.experiment),
        expected: try outcome.trial.check.referenceGradients(outcome.trial.experiment))
    }
    if session.isRecording { _ = try SmallestGradient(self).sentence() }
    guard all.allSatisfy(\.outcome.isRight) else { return try requireGradientsOfAMistake(all) }
    let unreached = all.lazy.compactMap { self.unreached($0) }.first
    let mismatch = all.lazy.compactMap { self.mismatch($0, with: $0.expected) }.first
    if let sentence = unreached?.replaced, let failure = unreached?.failure {
      throw failure.explained(by: sentence)
    }
    guard let failure = unreached?.failure ?? mismatch?.failure else {
      guard let asked = all.last(where: \.outcome.isDrawn) ?? all.first else { return }
      return try requireSameInTraining(
        asked.outcome, evaluated: asked.outcome.expected, expected: asked.expected)
    }
    let search = session.mistakes(of: model)
    // far numbers show the same, or what is no known mistake
    let ordinary = all.filter { !$0.outcome.isFar }
    let isKnown = ordinary.contains { self.mismatch($0, with: $0.expected) != nil }
    let fitting = try search.known { $0.showsOnlyInGradients }.filter {
      isKnown && fits($0, ordinary)
    }
    let single = fitting.filter(\.isSingle)
    // where nothing arrives at all, two places with a mistake are no better a guess than one
    let mistake = MistakeSearch.certain(
      single.isEmpty && unreached == nil ? fitting : single)
    let known = mistake.map { failure.explained(by: $0, of: model) } ?? failure
    let reach =
      mistake == nil && unreached?.gradients.reachesAParameter ?? true
      ? (try? all.first { $0.outcome.trial.experiment.input.values.count > 1 }.flatMap {
        try GradientReach($0.outcome.trial).sentence()
      }) ?? nil : nil
    guard unreached == nil, let mismatch else { throw known.adding([reach].compactMap(\.self)) }
    let step = step(mismatch.gradients, wrongAgainst: mismatch.expected)
    guard mistake == nil else { throw known.adding([step].compactMap(\.self)) }
    throw known.adding(
      [
        reach, step, mismatch.gradients.outcome.trial.place.map { "It shows \($0)" },
        (try? SmallestGradient(self).sentence()) ?? nil,
        (try? FiniteDifference.sentence(
          mismatch.gradients.outcome.trial, mismatch.gradients.actual,
          wrong: mismatch.expected.name)) ?? nil,
      ].compactMap(\.self))
  }

  /// Training goes by the gradients in training mode. They are asked for where the results are the same
  /// in both; where these are not, the values' check says so.
  ///
  /// - Parameters:
  ///   - asked: the trial that is repeated in training mode.
  ///   - evaluated: its results at evaluation.
  ///   - expected: its gradients.
  private func requireSameInTraining(
    _ asked: Outcome, evaluated: [PipeTensor], expected: [PipeTensor]
  ) throws {
    let trial = asked.trial
    guard !trial.check.subject.dependsOnMode else { return }
    guard try trial.check.differenceInTraining(trial.experiment, evaluated: evaluated) == nil else {
      return
    }
    let actual = try trial.check.studentGradients(trial.experiment, isTraining: true)
    let trained = Gradients(outcome: asked, actual: actual, expected: expected)
    guard let failure = unreached(trained)?.failure ?? mismatch(trained, with: expected)?.failure
    else {
      return
    }
    throw CheckFailure(
      "while training, \(failure.message)",
      diagnosis:
        "the gradients are right at evaluation and others while training: a question about "
        + "`isTraining` is in your code", difference: failure.difference)
  }

  /// The same trials with the gradients that come from behind.
  func withUpstream(_ numbers: inout SeededNumbers) throws -> TrialSeries {
    var series = self
    for index in trials.indices {
      let expected = try trials[index].check.referenceResults(trials[index].experiment)
      series.trials[index].expected = expected
      series.trials[index].experiment.upstream = expected.filter {
        !$0.name.hasPrefix(Calling.state)
      }.map {
        numbers.normal("upstream:" + $0.name, $0.shape)
      }
    }
    return series
  }

  // MARK: - Where the values are wrong

  private func requireGradientsOfAMistake(_ all: [Gradients]) throws {
    let search = session.mistakes(of: model)
    let everything = all
    // by far numbers no known mistake is told, and where all others are right it is none of them
    let all = all.filter { !$0.outcome.isFar }
    let observations = all.map(\.outcome.observation)
    let candidates =
      all.allSatisfy(\.outcome.isRight)
      ? []
      : try search.known { !$0.showsOnlyInGradients }.filter { search.explains($0, observations) }
    let fitting = candidates.filter { fits($0, all) }
    guard let first = fitting.first else {
      guard let candidate = candidates.first else {
        throw CheckWaits(
          "it waits for the values, since another function has other gradients"
            + (try FiniteDifference.verdict(all.map { ($0.outcome.trial, $0.actual) })))
      }
      let mismatch = all.lazy.compactMap { trial -> Mismatch? in
        self.gradients(candidate, trial).flatMap { self.mismatch(trial, with: $0) }
      }.first
      guard let mismatch else {
        // its gradients are not known everywhere, as where shapes are others too
        throw CheckWaits("it waits for the values, since another function has other gradients")
      }
      throw Self.failure(of: MistakeSearch.certain(candidates), mismatch.failure)
    }
    // a mistake of the gradients beside one of the values
    let hidden = Set(try search.known { $0.showsOnlyInGradients }.flatMap(\.parts))
    let single = fitting.filter { $0.parts.count == first.parts.count }
    if single.allSatisfy({ !hidden.isDisjoint(with: $0.parts) }) {
      let failure = CheckFailure("the gradients are not those of your function")
      throw MistakeSearch.certain(single).map { failure.explained(by: $0, of: model) } ?? failure
    }
    // A function that does not depend on its input has gradients that nobody has to compute. Of one that does they may be
    // nought in a trial, as where all of a few units are below zero.
    guard let known = single.first,
      let reached = all.lazy.compactMap({ trial in
        self.gradients(known, trial).flatMap {
          Self.reachInput($0) ? (outcome: trial.outcome, gradients: $0) : nil
        }
      }).first
    else {
      throw CheckFailure(
        "no gradient reaches the input: what your code gives does not depend on it"
          + (MistakeSearch.certain(fitting).map { ", since " + $0.sentence } ?? ""))
    }
    try requireSameInTraining(
      reached.outcome, evaluated: reached.outcome.observation.results ?? [],
      expected: reached.gradients)
    try requireElsewhere(everything, of: known)
    session.note(
      "correct: the right gradients of your function, though its values are not the task's")
  }

  /// The gradients of a known mistake where ordinary numbers do not reach, and at the sizes that nobody
  /// knows before: it is asked what right values are asked. Where it gives right values there, within the
  /// tolerance, its gradients may be those of either function.
  private func requireElsewhere(_ everything: [Gradients], of mistake: KnownMistake) throws {
    guard session.hasLiveReference else { return }
    for gradients in everything where gradients.outcome.isFar {
      let trial = gradients.outcome.trial
      let place = gradients.outcome.observation.place
      if gradients.outcome.isDrawn {
        try requireDrawn(gradients.outcome, of: mistake)
        continue
      }
      // some mistakes do not show there, as a state that is kept in a single call
      let isRight = gradients.outcome.isRight
      let failure = isRight ? mismatch(gradients, with: gradients.expected)?.failure : nil
      if isRight, failure == nil { continue }
      let results = finite { $0.results(of: model, with: mistake, trial.experiment, at: place) }
      guard let results else {
        if let failure { throw Self.failure(of: mistake, failure) }
        continue
      }
      let agrees = results.allSatisfy {
        Comparison.agree(
          gradients.outcome.observation.result($0.name), $0, scale: trial.experiment.scale)
      }
      guard agrees else {
        if let failure { throw Self.failure(of: mistake, failure) }
        throw CheckWaits(
          "it waits for the values, which are those of yet another function "
            + (trial.place ?? "far from zero"))
      }
      let expected = finite {
        $0.gradients(of: model, with: mistake, trial.experiment, at: place)
      }
      if let expected, let failure = difference(gradients.actual, from: expected)?.failure {
        throw Self.failure(of: mistake, failure)
      }
    }
  }

  /// The same at drawn sizes, and in training mode.
  private func requireDrawn(_ outcome: Outcome, of mistake: KnownMistake) throws {
    var asked = outcome
    // a kept state is another one after other calls
    asked.trial.experiment.warmUps = 0
    let trial = asked.trial
    let expected = finite {
      $0.gradients(
        of: model, with: mistake, trial.experiment, at: QuestionPlace(check: "", number: 0))
    }
    guard let expected else { return }
    let actual = try trial.check.studentGradients(trial.experiment)
    if let failure = difference(actual, from: expected)?.failure {
      throw Self.failure(of: mistake, failure)
    }
    try requireSameInTraining(
      asked, evaluated: try trial.check.studentResults(trial.experiment), expected: expected)
  }

  /// What the reference knows of a mistake, where it can be computed in single precision.
  private func finite(_ ask: (any Reference) -> [PipeTensor]?) -> [PipeTensor]? {
    ask(session.mistakes(of: model).reference).flatMap { tensors in
      tensors.allSatisfy { $0.values.allSatisfy(\.isFinite) } ? tensors : nil
    }
  }

  /// Gradients that are not a known mistake's.
  ///
  /// - Parameter mistake: nil where several give the values, and what they are is not certain.
  private static func failure(of mistake: KnownMistake?, _ failure: CheckFailure) -> CheckFailure {
    CheckFailure(
      "the gradients are not those of your function"
        + "\(mistake.map { ", in which \($0.sentence)" } ?? ""): \(failure.message)",
      difference: failure.difference)
  }

  /// Whether a function depends on its input, by its gradients.
  public static func reachInput(_ gradients: [PipeTensor]) -> Bool {
    gradients.contains {
      !$0.name.hasPrefix("parameter:") && $0.values.contains { $0 != 0 }
    }
  }

  private func gradients(_ mistake: KnownMistake, _ gradients: Gradients) -> [PipeTensor]? {
    session.mistakes(of: model).reference.gradients(
      of: model, with: mistake, gradients.outcome.observation.experiment,
      at: gradients.outcome.observation.place)
  }

  /// Whether a mistake has the gradients of all trials that it is known for, and is known for one.
  private func fits(_ mistake: KnownMistake, _ all: [Gradients]) -> Bool {
    let known = all.compactMap { trial in gradients(mistake, trial).map { (trial, $0) } }
    // recorded are those of one experiment
    return !known.isEmpty && (known.count == all.count || !session.hasLiveReference)
      && known.allSatisfy { trial, expected in mismatch(trial, with: expected) == nil }
  }

  // MARK: - Comparing

  /// The first gradient that is not as expected.
  private struct Mismatch {
    let gradients: Gradients
    let expected: PipeTensor
    let failure: CheckFailure
  }

  private func mismatch(_ gradients: Gradients, with expected: [PipeTensor]) -> Mismatch? {
    difference(gradients.actual, from: expected).map {
      Mismatch(gradients: gradients, expected: $0.expected, failure: $0.failure)
    }
  }

  private func difference(
    _ actual: [PipeTensor], from expected: [PipeTensor]
  ) -> (expected: PipeTensor, failure: CheckFailure)? {
    let scale = Comparison.gradientScale(expected)
    for expected in expected {
      do {
        try Comparison.require(
          actual.first { $0.name == expected.name }, equals: expected,
          called: Self.title(expected.name), scale: scale,
          axes: session.subject(model).axes(of: expected.name))
      } catch {
        return (expected, error)
      }
    }
    return nil
  }

  private static func title(_ name: String) -> String {
    name == "input"
      ? "the gradient of the input"
      : "the gradient of \(name.hasPrefix("parameter:") ? String(name.dropFirst(10)) : name)"
  }

  /// What no gradient reaches, in one trial.
  private struct Unreached {
    let gradients: UnreachedGradients
    /// What is said where it is since the call puts other tensors in parameters' places.
    let replaced: String?
    var failure: CheckFailure { gradients.failure }
  }

  private func unreached(_ gradients: Gradients) -> Unreached? {
    let outcome = gradients.outcome
    return UnreachedGradients(
      gradients.actual, expected: gradients.expected, names: outcome.trial.experiment.match.names,
      part: part
    ).map { unreached in
      let replaced = outcome.sideEffects.replaced.filter(unreached.parameters.contains)
      return Unreached(
        gradients: unreached,
        replaced: replaced.isEmpty ? nil : SideEffectText.sentence(replaced: replaced))
    }
  }

  /// The step up to which, from the end, the gradients of the input are right.
  private func step(_ gradients: Gradients, wrongAgainst expected: PipeTensor) -> String? {
    let subject = session.subject(model)
    guard let axis = subject.recurrentAxis,
      let right = gradients.expected.first(where: { $0.name == "input" }),
      let own = gradients.actual.first(where: { $0.name == "input" }),
      own.values.count == right.values.count, own.shape == right.shape,
      let path = TensorAxis(axis, of: subject.axes(of: "input"), right.shape)
    else { return nil }
    let steps = path.count
    func step(_ tensor: PipeTensor, _ index: Int) -> PipeTensor {
      let values = tensor.values.enumerated().filter { path.place(of: $0.offset) == index }
      return PipeTensor(name: "", shape: [values.count], values: values.map(\.element))
    }
    let scale = Comparison.gradientScale(gradients.expected)
    let wrong = (0..<steps).filter {
      !Comparison.agree(step(own, $0), step(right, $0), scale: scale)
    }
    guard let last = wrong.last else { return nil }
    if last == steps - 1 { return "The input's gradient is wrong at the last step already" }
    let text =
      "The input's gradient is right at step \(last + 1)\(last + 2 < steps ? " and later" : ", the last"), "
      + "and wrong at step \(last)"
    // a small difference is no missing part
    let pairs = zip(step(own, last).values, step(right, last).values)
    let largest = pairs.reduce(0) { max($0, abs($1.1)) }
    return text
      + (pairs.contains { abs($0 - $1) > 0.05 * largest }
        ? ": what step \(last + 1) should hand back does not arrive, or not whole" : "")
  }
}
