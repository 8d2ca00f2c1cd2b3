import Judge
import WorkerPipe

/// The experiments on the LSTMNet. What is said of a mistake holds in all of them.
struct LSTMNetSeries {
  let trials: [LSTMNetTrial]

  /// Two experiments: in one alone every hidden unit may be above 0, so that a missing ReLU does not
  /// show. In few steps a first state is not forgotten.
  init(_ session: JudgeSession) throws {
    trials = try [3, 5].map { try LSTMNetTrial(session, steps: $0) }
  }

  /// Compares the logits. A failure names the known mistake that gives them, or else the first part of
  /// the network that is wrong.
  func requireValues() throws {
    for trial in trials {
      do {
        try trial.requireValues()
      } catch let failure {
        let sentence = (try? sentence()) ?? nil
        throw CheckFailure(
          failure.message, diagnosis: sentence, difference: failure.difference,
          findings: sentence == nil ? [(try? trial.place()) ?? nil].compactMap(\.self) : [])
      }
    }
    try trials.first?.requireSameInTraining()
  }

  /// Compares the gradients with those that follow from the student's own layer.
  ///
  /// - Returns: whether the values are right too, and not those of a known mistake.
  func requireGradients() throws -> Bool {
    let isRight = try trials.allSatisfy { try $0.gives(HeadVariant()) }
    guard let variant = try isRight ? HeadVariant() : explanations().first.map(HeadVariant.init)
    else {
      throw CheckWaits("it waits for the values, since another function has other gradients")
    }
    for trial in trials { try trial.requireGradients(of: variant) }
    return isRight
  }

  /// The mistakes in the small network, one or two, that give the student's logits.
  private func explanations() throws -> [KnownMistake] {
    let known = HeadVariant.known.filter { !$0.showsOnlyInGradients }
    for count in 1...2 {
      let fitting = try known.filter { mistake in
        try mistake.sentences.count == count
          && trials.allSatisfy { try $0.gives(HeadVariant(mistake)) }
      }
      if !fitting.isEmpty { return fitting }
    }
    return []
  }

  /// What is wrong, if it is known.
  private func sentence() throws -> String? {
    let numbers = trials.flatMap { $0.logits?.values ?? [] }
    guard numbers.allSatisfy(\.isFinite) else { return Comparison.notFinite }
    if let sentence = MistakeSearch.sentence(try explanations()) { return sentence }
    for reading in LSTMNetTrial.Reading.allCases {
      if let sentence = reading.sentence, try trials.allSatisfy({ try $0.gives(reading) }) {
        return sentence
      }
    }
    guard try trials.allSatisfy({ try $0.isRepeatable() }) else {
      return "the results are not the same twice: something random is left in at evaluation, or a "
        + "state is kept from one call to the next"
    }
    return nil
  }
}
