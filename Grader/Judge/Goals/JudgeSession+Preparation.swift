import Assignment
import WorkerPipe
import Workers

extension JudgeSession {
  /// The examples of a network's training to its goal: those of the run, after the steps that the assignment file
  /// says. The reference takes the steps, so that what a student made of a feature costs nothing in the network's task.
  /// Where its answers are recorded, as in a student's copy, the student's own functions take them.
  ///
  /// - Throws: `WorkerFailure` or `CheckFailure` where a student's own function gives no examples; a sentence where the
  ///   assignment file asks for what the reference does not give.
  func preparedData(
    for network: String, _ goal: AssignmentManifest.TrainingGoal
  ) throws -> GradingData {
    let data = try gradingData()
    let steps = try manifest.preparation(ofGoal: goal)
    guard !steps.isEmpty else { return data }
    if let prepared = preparedData[network] { return prepared }
    let preparation = Preparation(steps, seed: openSeed("preparation of \(network)"))
    func prepared(_ ask: Preparation.Ask) throws -> GradingData {
      try data.prepared(
        training: { try preparation.training($0, ask) },
        validation: { try preparation.other($0, ask) })
    }
    let result: GradingData
    if hasLiveReference {
      result = try prepared { function, settings, tensors in
        try askReference(
          .forward(.init(isFirst: true)), about: .init(function, settings), tensors,
          aside: "preparation")
      }
    } else {
      let worker = try anotherWorker()
      defer { worker.terminate() }
      do {
        result = try prepared(worker.prepare)
      } catch let problem as ManifestError {
        throw CheckFailure("the network learns from what your own functions give, and \(problem)")
      }
    }
    preparedData[network] = result
    return result
  }
}
