import ECG
import Foundation
import Judge
import RecurrentNetworksChecks
import Sandbox
import XCTest

/// The same checks that students get, run against the Solutions: all must pass, on several seeds.
final class SolutionTests: XCTestCase {
  func testTheSolutionsPassEveryCheck() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let manifest = try AssignmentManifest.read(
      root.appendingPathComponent("Assignments/RecurrentNetworks/assignment.yml").path)
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("RecurrentNetworksReference").path
    let launcher = WorkerLauncher(
      program: program, sandbox: try Sandbox.select(SandboxTier.none),
      limits: manifest.limits.check, files: manifest.files)
    let session = JudgeSession(
      manifest: manifest, student: launcher, reference: launcher, seed: 7, trainingThreads: 0
    ) {
      GradingData(
        try CourseData.prepare(RecordingSource.synthetic.load()), selection: manifest.data,
        isSynthetic: true, seed: 7)
    }
    let results = CheckRunner.run(recurrentNetworksChecks, session)
    for result in results {
      XCTAssertEqual(result.outcome, .passed, "\(result.id): \(result.message)")
    }
    XCTAssertEqual(results.reduce(0) { $0 + $1.points }, manifest.maxScore)
  }
}
