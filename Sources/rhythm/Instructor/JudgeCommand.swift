import ArgumentParser
import Assignment
import Foundation
import Judge
import Sandbox
import Units
import Workers

/// `rhythm judge`: judges one submission and writes its result. The batch starts it, one process
/// for each submission, so that a judge that fails takes nothing else with it.
struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "judge", shouldDisplay: false)

  @Option(help: "The request, a JSON file.")
  var request: String

  /// The assignment with the request's patience.
  private func manifest(_ request: JudgeRequest) throws -> AssignmentManifest {
    var manifest = try AssignmentManifest.read(request.manifestPath)
    if request.withoutAccuracy { manifest = manifest.withoutTraining }
    manifest.limits.check.wallSeconds *= request.patience
    manifest.limits.training.wallSeconds *= request.patience
    return manifest
  }

  func run() throws {
    try reportingFailure {
      let request = try JSONDecoder().decode(
        JudgeRequest.self, from: Data(contentsOf: URL(fileURLWithPath: request)))
      let manifest = try manifest(request)
      let unit = try unit(named: request.unit)
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
      // for the batch's progress line
      session.onEpoch = { printLine($0) }
      let results = CheckRunner.run(
        unit.checks, session, keeping: request.kept, begin: { printLine($0.id) })
      let answer = JudgeAnswer(
        submission: request.submission, checks: results, answered: budget.spent)
      try JSONEncoder().encode(answer).write(
        to: URL(fileURLWithPath: request.resultPath), options: .atomic)
    }
  }
}
