import Assignment
import WorkerPipe
import Workers

extension TrialSeries {
  /// What the student's model and the reference gave in one trial.
  struct Outcome {
    var trial: Trial
    let observation: Observation
    let expected: [PipeTensor]
    /// What the student's calls changed besides.
    let sideEffects: SideEffects
    /// What the student's code threw.
    let failure: WorkerFailure?

    /// Whether its sizes are ones that nobody knows before.
    var isDrawn: Bool { trial.experiment.warmUps > 0 }
    /// Whether its numbers reach what ordinary ones do not.
    var isFar: Bool { trial.place != nil }
  }

  /// Runs the trials: the reference first, so that its questions are always the same ones.
  func outcomes(comparesValues: Bool = true) throws -> [Outcome] {
    let expected = try trials.map { try $0.expected ?? $0.check.referenceResults($0.experiment) }
    return try zip(trials, expected).map { trial, expected in
      let place = try session.nextExperiment(
        model, trial.experiment, shapes: comparesValues ? nil : expected.map(\.shape),
        mayShowMistakes: trial.place == nil)
      func outcome(
        _ results: [PipeTensor]?, _ sideEffects: SideEffects = .init(),
        failure: WorkerFailure? = nil
      ) -> Outcome {
        Outcome(
          trial: trial,
          observation: .init(experiment: trial.experiment, place: place, results: results),
          expected: expected, sideEffects: sideEffects, failure: failure)
      }
      do {
        let (results, sideEffects) = try trial.check.studentCall(trial.experiment)
        return outcome(results, sideEffects)
      } catch let failure as WorkerFailure {
        guard case .threw = failure else { throw failure }
        return outcome(nil, failure: failure)
      }
    }
  }
}

extension TrialSeries.Outcome {
  /// - Throws: `CheckFailure` for the first number that differs.
  func requireValues() throws {
    let subject = trial.check.subject
    for expected in expected {
      try Comparison.require(
        observation.result(expected.name), equals: expected, called: expected.name,
        scale: trial.experiment.scale, axes: subject.axes(of: expected.name),
        followed: subject.recurrentAxis)
    }
  }

  /// Whether all numbers are right.
  var isRight: Bool {
    failure == nil
      && expected.allSatisfy {
        Comparison.agree(observation.result($0.name), $0, scale: trial.experiment.scale)
      }
  }

  /// Whether the student's results have the right shapes.
  var hasRightShapes: Bool { hasRightShapes(observation.results ?? []) }

  /// Whether results have the right shapes.
  func hasRightShapes(_ results: [PipeTensor]) -> Bool {
    expected.allSatisfy { expected in
      results.first { $0.name == expected.name }?.shape == expected.shape
    }
  }

  /// The result that never leaves a range though it should: several of its numbers are the very same
  /// limit, and none is beyond it.
  var clipping: String? {
    for expected in expected {
      guard let own = observation.result(expected.name), own.shape == expected.shape else {
        continue
      }
      let limit = own.values.reduce(0) { max($0, abs($1)) }
      let largest = expected.values.reduce(0) { max($0, abs($1)) }
      guard limit.isFinite, limit > 0, largest - limit > Comparison.allowed(expected, 0),
        own.values.count(where: { abs($0) == limit }) > 1
      else { continue }
      return
        "\(expected.name) never leaves ±\(Comparison.number(limit)), where the task has no limit: "
        + "it is clipped, or made of something that is"
    }
    return nil
  }
}
