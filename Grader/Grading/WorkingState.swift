import Assignment
import Foundation
import Gradebook
import Publication
import Sandbox

/// What the gradebook knows of a class now, with the points of the assignment as it is now.
public struct WorkingState {
  private let options: GradeOptions
  private let gradebook: Gradebook

  /// For a gradebook, and the options of its last run.
  public init(_ options: GradeOptions, gradebook: Gradebook) {
    self.options = options
    self.gradebook = gradebook
  }

  /// The assignment as the options want it.
  public func assignment() throws -> PublishedAssignment {
    PublishedAssignment(
      try GradeRun.manifest(options), assignmentFolder: options.assignmentFolder)
  }

  /// All results.
  ///
  /// - Throws: `GradingError.notJudged` when a check of the assignment has no verdict yet.
  public func summary() throws -> GradeSummary {
    let manifest = try GradeRun.manifest(options)
    let assembly = ResultAssembly(
      manifest: manifest, seed: options.seed, sandbox: options.sandbox.summary,
      recordings: options.recordings)
    let submissions = try gradebook.submissions()
    let checks = Set(manifest.tasks.flatMap(\.checks).map(\.id))
    let missing = submissions.filter {
      !$0.verdicts.isEmpty && !checks.subtracting($0.verdicts.map(\.key.check)).isEmpty
    }
    guard missing.isEmpty else { throw GradingError.notJudged(count: missing.count) }
    return GradeSummary(
      unit: manifest.unit, title: manifest.title, seed: options.seed,
      sandbox: options.sandbox.summary, total: submissions.count, complete: true,
      elapsedSeconds: 0, submissions: submissions.map(assembly.result),
      intake: try gradebook.intakeReport())
  }
}
