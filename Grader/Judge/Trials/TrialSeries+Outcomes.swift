import Assignment
import JudgedNumbers
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
    /// The parameters that the calls change, in a sentence.
    var changedParameters: String? {
      SideEffectText.sentence(SideEffects(parameters: sideEffects.parameters))
    }
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
        observation.result(expected.name), equals: expected,
        called: trial.experiment.calling.title(expected.name),
        scale: trial.experiment.scale, tolerance: subject.tolerance(of: expected.name),
        axes: subject.axes(of: expected.name), followed: subject.recurrentAxis)
    }
  }

  /// The first place along an axis at which a result is wrong; nil where there is none.
  func firstWrongPlace(along axis: Axis) -> Int? {
    expected.compactMap { expected -> Int? in
      guard let own = observation.result(expected.name), own.shape == expected.shape,
        let path = TensorAxis(axis, of: trial.check.subject.axes(of: expected.name), expected.shape)
      else { return nil }
      let allowed = Comparison.allowed(
        expected, trial.experiment.scale, trial.check.subject.tolerance(of: expected.name))
      let spread = SampledTensor.Spread(expected)
      return expected.values.indices.filter {
        !(abs(own.values[spread[$0]] - expected.values[$0]) <= allowed)
      }.map { path.place(of: spread[$0]) }.min()
    }.min()
  }

  /// Whether all numbers are right.
  var isRight: Bool {
    failure == nil
      && expected.allSatisfy {
        Comparison.agree(
          observation.result($0.name), $0, scale: trial.experiment.scale,
          tolerance: trial.check.subject.tolerance(of: $0.name))
      }
  }

  /// Whether the student's results have the right shapes.
  var hasRightShapes: Bool {
    expected.allSatisfy { observation.result($0.name)?.shape == $0.shape }
  }

  /// The same of the first call on the experiment's parameters, after the calls on others.
  func ofOneCall() throws -> Self {
    var trial = trial
    trial.experiment.isCalledOnce = true
    let (results, sideEffects) = try trial.check.studentCall(trial.experiment)
    return Self(
      trial: trial,
      observation: .init(
        experiment: trial.experiment, place: observation.place, results: results),
      expected: expected, sideEffects: sideEffects, failure: nil)
  }

  /// The result that never leaves a range though it should, in a sentence: several of its numbers are the
  /// very same limit, none is beyond it, and so it is for other inputs. What is the same for all samples, or
  /// for all inputs, has a largest number several times too.
  func clipping() throws -> Clipping? {
    for expected in expected {
      guard let own = observation.result(expected.name), own.shape == expected.shape,
        let limit = Self.limit(of: own)
      else { continue }
      let largest = expected.values.reduce(0) { max($0, abs($1)) }
      guard largest - limit > Comparison.allowed(expected, 0) else { continue }
      guard let other = try result(own.name, timesInputs: 1.25), Self.limit(of: other) == limit
      else {
        continue
      }
      // at a far end larger inputs may give the same; what all inputs give is no limit
      if other.values == own.values,
        try result(own.name, timesInputs: -1)?.values == own.values
      {
        continue
      }
      return Clipping(result: own.name, limit: limit)
    }
    return nil
  }

  /// Whether a result has a number of the limit's size and none beyond it.
  func reaches(_ clipping: Clipping) -> Bool {
    let values = observation.result(clipping.result)?.values ?? []
    return values.reduce(0) { max($0, abs($1)) } == clipping.limit
  }

  /// The student's result for a multiple of the inputs.
  private func result(_ name: String, timesInputs factor: Float) throws -> PipeTensor? {
    var experiment = trial.experiment
    experiment.inputs = experiment.inputs.map { input in
      input.integers == nil ? input.mapValues { factor * $0 } : input
    }
    return try trial.check.studentResults(experiment).first { $0.name == name }
  }

  /// The largest size, if several numbers have it and not all are the same; nil where one is no number, beside
  /// which there is no largest.
  private static func limit(of tensor: PipeTensor) -> Float? {
    guard tensor.values.allSatisfy(\.isFinite) else { return nil }
    let limit = tensor.values.reduce(0) { max($0, abs($1)) }
    let count = tensor.values.count { abs($0) == limit }
    return limit > 0 && count > 1 && Set(tensor.values).count > 1 ? limit : nil
  }
}

/// A result that never leaves a range though it should.
struct Clipping {
  /// The result's name.
  let result: String
  /// The largest size that it has.
  let limit: Float

  /// In a sentence.
  var sentence: String {
    "\(result) never leaves ±\(Comparison.number(limit)), where the task has no limit: it is clipped, or made "
      + "of something that is"
  }
}
