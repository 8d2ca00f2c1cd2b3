import Assignment
import Building
import Foundation
import Sandbox
import Workers
import XCTest

/// The checks for the code in `Assignments/`, with a public seed and synthetic recordings: as
/// `swift test` runs them, with a table of the tasks at the end, and as `./rhythm check` does.
public enum SelfCheck {
  /// The seed of every self-check.
  public static let publicSeed: UInt64 = 2017

  /// The sessions by unit. Tests run one after the other.
  nonisolated(unsafe) private static var sessions: [String: JudgeSession] = [:]

  static func session(_ facts: UnitFacts) throws -> JudgeSession {
    let unit = facts.name
    if let session = sessions[unit] { return session }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let manifest = try AssignmentManifest.read(
      root.appendingPathComponent("Assignments/\(unit)/assignment.yml").path)
    // the workers are built beside the test bundle
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let sources = root.appendingPathComponent("Assignments/\(unit)").path
    let program = products.appendingPathComponent(unit).path
    let student = StudentPrograms(
      try launcher(program, manifest), sources: sources,
      reserved: try ReservedUse.all(
        manifest, sources: sources, objects: program + ".build", toolchain: Toolchain.find()))
    let reference = products.appendingPathComponent("\(unit)Reference").path
    let session = try session(
      manifest, facts, root: root.path, student: student,
      reference: FileManager.default.fileExists(atPath: reference) ? { reference } : nil)
    sessions[unit] = session
    XCTestObservationCenter.shared.addTestObserver(ProgressTable(session))
    return session
  }

  /// A self-check of a working copy.
  ///
  /// - Parameters:
  ///   - facts: what is true of the unit.
  ///   - root: the working copy.
  ///   - student: the unit's workers.
  ///   - reference: gives the path of the Solutions' worker where there are no recorded answers; nil where
  ///     there are no Solutions either.
  /// - Throws: a sentence when the recorded answers cannot be read.
  public static func session(
    _ manifest: AssignmentManifest, _ facts: UnitFacts, root: String, student: StudentPrograms,
    reference program: (() throws -> String)?
  ) throws -> JudgeSession {
    // a student's copy has recorded answers in place of the Solutions
    let recording = root + "/" + RecordedReference.path(ofUnit: manifest.unit)
    let reference: any Reference
    if let program, !FileManager.default.fileExists(atPath: recording) {
      reference = ReferenceWorker(try launcher(program(), manifest), mistakes: facts.mistakes)
    } else {
      reference = try RecordedReference(contentsOf: recording)
    }
    return JudgeSession(
      manifest: manifest, subjects: facts.subjects, student: student, reference: reference,
      seed: publicSeed, trainingThreads: 0
    ) { try gradingData(facts, manifest) }
  }

  /// The examples that a self-check trains on.
  ///
  /// - Throws: a sentence where the unit has none.
  public static func gradingData(
    _ facts: UnitFacts, _ manifest: AssignmentManifest
  ) throws -> GradingData {
    guard let data = facts.data else {
      throw ManifestError(description: "the unit \(facts.name) has no examples to train on")
    }
    let selection = try manifest.dataSelection()
    return GradingData(
      try data.examples(selection.settingsOfChecks), selection: selection, isSynthetic: true,
      seed: publicSeed
    ).disguised(data.disguise, seed: publicSeed)
  }

  /// How a self-check starts a worker: not confined, within the limits of a check.
  ///
  /// - Throws: `SandboxError.noToolchain`.
  public static func launcher(
    _ program: String, _ manifest: AssignmentManifest
  ) throws -> WorkerLauncher {
    WorkerLauncher(
      program: program, sandbox: try Sandbox.select(SandboxTier.none),
      limits: manifest.limits.check, files: manifest.files)
  }

  /// The first lines of what the student's code printed, for `print` is how one looks inside: a
  /// check may call it hundreds of times.
  public static func excerpt(_ text: String, lines limit: Int = 20) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > limit else { return text }
    return lines.prefix(limit).joined(separator: "\n") + "\n… and \(lines.count - limit) lines more"
  }
}

/// Prints the table when the tests are over.
private final class ProgressTable: XCTestObservation {
  private let session: JudgeSession

  init(_ session: JudgeSession) { self.session = session }

  func testBundleDidFinish(_ testBundle: Bundle) {
    print("\n" + TaskTable(session.manifest, session.results).text + "\n")
    if let next = NextSteps(session.manifest, session.results).text { print(next + "\n") }
  }
}
