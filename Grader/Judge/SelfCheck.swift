import ECG
import Foundation
import Sandbox
import XCTest

/// The checks as `swift test` runs them: for the code in `Assignments/`, with a public seed and
/// synthetic recordings, and with a table of the tasks at the end.
enum SelfCheck {
  static let publicSeed: UInt64 = 2017

  /// The sessions by unit. Tests run one after the other.
  nonisolated(unsafe) private static var sessions: [String: JudgeSession] = [:]

  static func session(unit: String, mistakes: (any MistakeBook)?) throws -> JudgeSession {
    if let session = sessions[unit] { return session }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let manifest = try AssignmentManifest.read(
      root.appendingPathComponent("Assignments/\(unit)/assignment.yml").path)
    // the workers are built beside the test bundle
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let sandbox = try Sandbox.select(SandboxTier.none)
    func launcher(_ program: String) -> WorkerLauncher {
      WorkerLauncher(
        program: products.appendingPathComponent(program).path, sandbox: sandbox,
        limits: manifest.limits.check, files: manifest.files)
    }
    // a student's copy has recorded answers in place of the Solutions
    let recording = root.appendingPathComponent("Grader/Answers/\(unit).safetensors").path
    let reference: any Reference =
      FileManager.default.fileExists(atPath: recording)
      ? try RecordedReference(contentsOf: recording)
      : ReferenceWorker(launcher("\(unit)Reference"), mistakes: mistakes)
    let session = JudgeSession(
      manifest: manifest, student: launcher(unit), reference: reference, seed: publicSeed,
      trainingThreads: 0
    ) {
      GradingData(
        try CourseData.prepare(RecordingSource.synthetic.load()), selection: manifest.data,
        isSynthetic: true, seed: publicSeed)
    }
    sessions[unit] = session
    XCTestObservationCenter.shared.addTestObserver(ProgressTable(session))
    return session
  }
}

/// Prints the table when the tests are over.
private final class ProgressTable: XCTestObservation {
  private let session: JudgeSession

  init(_ session: JudgeSession) { self.session = session }

  func testBundleDidFinish(_ testBundle: Bundle) {
    print("\n" + TaskTable(session.manifest, session.results).text + "\n")
  }
}
