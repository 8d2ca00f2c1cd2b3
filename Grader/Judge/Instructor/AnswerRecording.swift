import Assignment
import Workers
import XCTest

/// Records what a self-check asks of the reference, for a copy of the course that has none.
public enum AnswerRecording {
  /// The bytes of a file for `RecordedReference`: the answers for the public seed.
  ///
  /// - Parameters:
  ///   - unit: the unit.
  ///   - solutions: the worker of the Solutions, as student and as reference.
  /// - Throws: a sentence when the Solutions do not pass a check.
  public static func record(
    _ manifest: AssignmentManifest, _ unit: any CourseUnit.Type, solutions: WorkerLauncher
  ) throws -> [UInt8] {
    // trainings ask the reference nothing
    let recorder = RecordingReference(ReferenceWorker(solutions, mistakes: unit.facts.mistakes))
    let session = JudgeSession(
      manifest: manifest.withoutTraining, subjects: unit.facts.subjects,
      student: StudentPrograms(solutions), reference: recorder,
      seed: SelfCheck.publicSeed,
      trainingThreads: 1
    ) { throw CheckFailure("no check that trains is recorded") }
    for result in CheckRunner.run(unit.checks, session) where result.outcome != .passed {
      throw CheckFailure("the Solutions do not pass \(result.id): \(result.message)")
    }
    return try recorder.recording
  }
}
