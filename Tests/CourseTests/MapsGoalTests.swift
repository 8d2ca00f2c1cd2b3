import Assignment
import AttentionMapsChecks
import Foundation
import Judge
import Recordings
import Sandbox
import TestSupport
import Workers
import XCTest

/// What the checks that train find in the Solutions of the unit on class activation maps.
final class MapsGoalTests: XCTestCase {
  /// The accuracy, and the tests of the maps of what was learned then: with RHYTHMLAB_SEEDS so many seeds, of which
  /// each takes a minute, on the real recordings too where they are.
  func testTheMapsOfWhatWasLearnedPassTheirTests() throws {
    let seeds = ProcessInfo.processInfo.environment["RHYTHMLAB_SEEDS"].flatMap(UInt64.init)
    try XCTSkipIf(seeds == nil, "one seed is what the tests of all Solutions try")
    let unit = AttentionMapsUnit.self
    let kind = RhythmStrips()
    var manifest = try AssignmentManifest.read(
      Repository.folder.appendingPathComponent("Assignments/\(unit.name)/assignment.yml").path)
    let trained = manifest.tasks.flatMap(\.checks).filter { $0.kind == .goal }
    manifest.tasks = manifest.tasks.compactMap { task in
      var task = task
      task.checks.removeAll { $0.kind != .goal }
      for index in task.checks.indices { task.checks[index].needs = nil }
      return task.checks.isEmpty ? nil : task
    }
    let program = WorkerLauncher(
      program: Program.products.appendingPathComponent("\(unit.name)Reference").path,
      sandbox: try Sandbox.select(SandboxTier.none), limits: manifest.limits.check, files: [])
    let path = ProcessInfo.processInfo.environment["RHYTHMLAB_DATA"]
    let data = try kind.prepared(
      from: path.map { try kind.find($0, localStore: RecordingStore.folderName) } ?? .synthetic)
    for seed in 1...max(seeds ?? 1, 1) {
      let selection = try manifest.dataSelection()
      let session = JudgeSession(
        manifest: manifest, subjects: unit.facts.subjects, student: StudentPrograms(program),
        reference: ReferenceWorker(program), seed: seed, trainingThreads: 1,
        budget: AnswerBudget(seconds: .infinity)
      ) {
        GradingData(
          data.split, selection: selection, isSynthetic: data.isSynthetic, seed: seed
        ).disguised(kind.disguise, seed: seed)
      }
      let results = CheckRunner.run(unit.checks, session)
      XCTAssertEqual(results.map(\.id), trained.map(\.id))
      for result in results {
        print("seed \(seed): \(result.id), \(Int(result.seconds)) s: \(result.message)")
        fflush(nil)
        XCTAssertEqual(result.outcome, .passed, result.message)
      }
    }
  }
}
