import Assignment
import Foundation
import Sandbox
import Workers

/// A process that judges one submission. The batch starts one for each, so that a judge that fails takes
/// nothing else with it.
public enum JudgeProcess {
  /// Judges what a request asks for and writes the answer.
  ///
  /// - Parameters:
  ///   - path: a `JudgeRequest` as JSON.
  ///   - units: the units that this judge knows.
  ///   - say: is told of each check and epoch that begins, for the batch's progress line.
  /// - Throws: a sentence when the request or what it names cannot be read, or its unit is none of these.
  public static func run(
    request path: String, units: [any CourseUnit.Type], say: @escaping (String) -> Void
  ) throws {
    let request = try JSONDecoder().decode(
      JudgeRequest.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    let manifest = try manifest(request)
    let unit = try units.unit(named: request.unit)
    let toolchain = try Toolchain.find()
    let budget = AnswerBudget(
      seconds: manifest.limits.submission.answerSeconds, spent: request.answered)
    let session = JudgeSession(
      manifest: manifest, subjects: unit.facts.subjects,
      student: StudentPrograms(
        request.workerPaths.mapValues {
          WorkerLauncher(
            program: $0, sandbox: Sandbox(tier: request.sandbox, toolchain: toolchain),
            limits: manifest.limits.check, files: manifest.files)
        }),
      reference: ReferenceWorker(
        WorkerLauncher(
          program: request.referenceWorkerPath,
          sandbox: Sandbox(tier: .none, toolchain: toolchain), limits: manifest.limits.check,
          files: []),
        mistakes: unit.facts.mistakes),
      seed: request.seed, trainingThreads: 1, budget: budget
    ) {
      guard let data = unit.facts.data else {
        throw ManifestError(description: "the unit \(request.unit) has no examples to train on")
      }
      return try GradingData(contentsOf: request.gradingDataPath)
        .disguised(data.disguise, seed: request.seed)
    }
    session.onEpoch = say
    let results = CheckRunner.run(
      unit.checks, session, keeping: request.kept, begin: { say($0.id) })
    let answer = JudgeAnswer(
      submission: request.submission, checks: results, answered: budget.spent)
    try JSONEncoder().encode(answer).write(
      to: URL(fileURLWithPath: request.resultPath), options: .atomic)
  }

  /// The assignment with the request's limits.
  private static func manifest(_ request: JudgeRequest) throws -> AssignmentManifest {
    var manifest = try AssignmentManifest.read(request.manifestPath)
    if request.withoutAccuracy { manifest = manifest.withoutTraining }
    if let seconds = request.checkSeconds { manifest.limits.check.cpuSeconds = seconds }
    manifest.limits.check.wallSeconds *= request.patience
    manifest.limits.training.wallSeconds *= request.patience
    return manifest
  }
}
