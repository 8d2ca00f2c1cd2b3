import Judge
import WorkerPipe

/// The experiments on the LSTMNet. What is said of a mistake holds in all of them.
struct LSTMNetSeries {
  let trials: [LSTMNetTrial]
  /// Those with ordinary numbers, by which mistakes are told.
  private let ordinary: [LSTMNetTrial]

  /// Two ordinary experiments: in one alone every hidden unit may be above 0, so that a missing ReLU
  /// does not show. In few steps a first state is not forgotten. Two more have large inputs and logits,
  /// and the course's sizes with a first step that still matters in the fortieth.
  private static func sizes(_ numbers: inout SeededNumbers) -> [LSTMNetTrial.Size] {
    [
      LSTMNetTrial.Size(),
      LSTMNetTrial.Size(
        samples: numbers.integer(5...8), steps: numbers.integer(4...7),
        bins: numbers.integer(3...6),
        units: numbers.integer(5...8)),
      LSTMNetTrial.Size(draw: FarDraws.largeInputs(8, logitReach: 50)),
      LSTMNetTrial.Size(samples: 3, steps: 40, bins: 17, units: 128, draw: FarDraws.lstmMemory),
    ]
  }

  /// Asks the student's worker about them. A layer that is wrong may give nothing usable at a far end:
  /// that is not the network's fault, which is judged by the others then.
  ///
  /// - Parameter goesFar: whether the far experiments are made too, which a network on a right layer has
  ///   in its comparison with the reference.
  init(_ session: JudgeSession, goesFar: Bool) throws {
    var numbers = session.numbers("LSTMNet sizes")
    let sizes = Self.sizes(&numbers).filter {
      goesFar || session.isRecording || !$0.draw.isFar
    }
    trials = try sizes.compactMap { size in
      do {
        return try LSTMNetTrial(session, size)
      } catch is CheckWaits where size.draw.isFar {
        return nil
      }
    }
    ordinary = trials.filter { !$0.size.draw.isFar }
  }

  /// Compares the logits. A failure names the known mistake that gives them, or else the first part of
  /// the network that is wrong.
  func requireValues() throws {
    let sideEffect = trials.lazy.compactMap { SideEffectText.sentence($0.sideEffects) }.first
    for trial in trials {
      do {
        try trial.requireValues()
      } catch let failure {
        if let sideEffect { throw failure.explained(by: sideEffect) }
        if let explained = (try? explained(failure)) ?? nil { throw explained }
        let place = trial.size.draw.place.map {
          "With ordinary numbers the logits are right. They are wrong \($0)"
        }
        throw failure.adding([place ?? ((try? trial.place()) ?? nil)].compactMap(\.self))
      }
    }
    if let sideEffect { throw CheckFailure(sideEffect) }
    // at sizes that nobody knows before
    try ordinary.last?.requireSameInTraining()
  }

  /// The parameters that the network's calls change, in a sentence.
  var changedParameters: String? {
    trials.lazy.compactMap {
      SideEffectText.sentence(.init(parameters: $0.sideEffects.parameters))
    }.first
  }

  /// Compares the gradients with those that follow from the student's own layer.
  ///
  /// - Returns: whether the values are right too, and not those of a known mistake.
  func requireGradients() throws -> Bool {
    // the parameters that it used are numbers of its own
    if let changedParameters {
      throw CheckWaits("it waits for the values: \(changedParameters)")
    }
    let isRight = try trials.allSatisfy { try $0.gives(HeadVariant()) }
    guard
      let variant = try isRight
        ? HeadVariant() : (explanations(1).first ?? explanations(2).first).map(HeadVariant.init)
    else {
      throw CheckWaits("it waits for the values, since another function has other gradients")
    }
    for trial in isRight ? trials : ordinary { try trial.requireGradients(of: variant) }
    return isRight
  }

  /// The mistakes in the small network, so many at once, that give the student's logits.
  private func explanations(_ count: Int) throws -> [KnownMistake] {
    try HeadVariant.known.filter { mistake in
      try !mistake.showsOnlyInGradients && mistake.parts.count == count
        && ordinary.allSatisfy { try $0.gives(HeadVariant(mistake)) }
    }
  }

  /// The failure with what is wrong, if it is known.
  private func explained(_ failure: CheckFailure) throws -> CheckFailure? {
    func areFinite(_ trials: [LSTMNetTrial]) -> Bool {
      trials.allSatisfy { $0.logits?.values.allSatisfy(\.isFinite) ?? true }
    }
    guard areFinite(ordinary) else {
      return failure.explained(by: Comparison.notFinite)
    }
    if let mistake = MistakeSearch.certain(try explanations(1)) {
      return failure.explained(by: mistake, of: "LSTMNet")
    }
    for reading in LSTMNetTrial.Reading.allCases {
      if let mistake = reading.mistake, try ordinary.allSatisfy({ try $0.gives(reading) }) {
        return failure.explained(by: KnownMistake([mistake]), of: "LSTMNet")
      }
    }
    guard try ordinary.allSatisfy({ try $0.isRepeatable() }) else {
      return failure.explained(
        by: "the results are not the same twice: something random is left in at evaluation, or a "
          + "state is kept from one call to the next")
    }
    let pair = MistakeSearch.certain(try explanations(2))
    if let sentence = try ordinary.first?.behaviour() {
      return failure.explained(by: sentence, beside: pair, of: "LSTMNet")
    }
    if let pair { return failure.explained(by: pair, of: "LSTMNet") }
    return areFinite(trials) ? nil : failure.explained(by: Comparison.notFinite)
  }
}
