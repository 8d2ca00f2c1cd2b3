import Assignment
import WorkerPipe

extension ModelCheck {
  /// Compares the student's results in training mode with those in evaluation mode, which are right
  /// already: a layer that works only while training shows in no other way, and nothing in the task
  /// does.
  ///
  /// - Throws: `CheckFailure` for the first number that differs.
  public func requireSameInTraining(
    _ experiment: Experiment, evaluated: [PipeTensor]
  ) throws {
    guard let failure = try differenceInTraining(experiment, evaluated: evaluated) else { return }
    throw failure
  }

  /// The first number that is another one in training mode; nil where there is none.
  func differenceInTraining(
    _ experiment: Experiment, evaluated: [PipeTensor]
  ) throws -> CheckFailure? {
    guard !subject.dependsOnMode else { return nil }
    let (trained, sideEffects) = try studentCall(experiment, isTraining: true)
    do {
      try compare(trained, with: evaluated, experiment)
      return nil
    } catch let failure as CheckFailure {
      let message =
        failure.difference.map {
          "while training \($0.quantity) is \($0.yours), at evaluation \($0.expected): they must be "
            + "the same; \($0.wrong) of \($0.count) numbers differ"
        } ?? "while training, \(failure.message)"
      do {
        let again = try studentResults(experiment, isTraining: true, seed: 1)
        try compare(again, with: trained, experiment)
      } catch is CheckFailure {
        return CheckFailure(
          message,
          diagnosis: "while training the results are not the same twice: a Dropout, or something "
            + "else random, is in your code; the task has none",
          difference: failure.difference)
      }
      let own = Set(experiment.match.names.values)
      let changed = SideEffects(parameters: sideEffects.parameters.filter(own.contains))
      if let sentence = SideEffectText.sentence(changed) {
        return CheckFailure(
          message, diagnosis: "while training, " + sentence, difference: failure.difference)
      }
      return CheckFailure(
        message,
        diagnosis: "while training the results are others than at evaluation: a layer that the "
          + "task does not have, or a question about `isTraining`, is in your code",
        difference: failure.difference)
    }
  }

  private func compare(
    _ results: [PipeTensor], with others: [PipeTensor], _ experiment: Experiment
  ) throws {
    for other in others {
      try Comparison.require(
        results.first { $0.name == other.name }, equals: other, called: other.name,
        scale: experiment.scale, axes: subject.axes(of: other.name),
        followed: subject.recurrentAxis)
    }
  }
}
