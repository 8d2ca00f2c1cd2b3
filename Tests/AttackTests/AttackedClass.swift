import Batch
import ECG
import Foundation
import Judge
import Sandbox
import XCTest

@testable import rhythm

/// A class of attackers, with some honest submissions among them, graded in one run.
final class AttackedClass {
  let folder: String
  let baits: Baits
  let sandbox: Sandbox
  let solutions: [String: String]
  private let copy: WorkingCopy
  private let products: String

  var submissions: String { folder + "/class" }
  var assignment: String { folder + "/Assignments/RecurrentNetworks" }
  var reference: String { products + "/RecurrentNetworksReference" }
  var gradingData: String { folder + "/grading-data" }

  /// - Parameter manifest: the tasks of the run, in place of the unit's own.
  init(_ tier: SandboxTier, manifest: String) throws {
    if let reason = Sandbox.probe(tier) {
      throw XCTSkip("\(tier.rawValue) does not work here: \(reason)")
    }
    folder =
      URL(fileURLWithPath: "/tmp").resolvingSymlinksInPath().path
      + "/rhythm-corpus-\(UUID().uuidString)"
    let manager = FileManager.default
    for name in ["class", "tmp", "Assignments"] {
      try manager.createDirectory(
        atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    baits = try Baits(folder: folder)
    copy = try WorkingCopy.find()
    products = URL(fileURLWithPath: copy.tool).deletingLastPathComponent().path
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    try manager.copyItem(
      atPath: root + "/Assignments/RecurrentNetworks",
      toPath: folder + "/Assignments/RecurrentNetworks")
    try manifest.write(
      toFile: folder + "/Assignments/RecurrentNetworks/assignment.yml", atomically: true,
      encoding: .utf8)
    var solutions: [String: String] = [:]
    for name in ["RNN", "LSTM", "ConvNet", "LSTMNet", "BuiltinLSTMNet"] {
      solutions[name + ".swift"] = try String(
        contentsOfFile: root + "/Solutions/RecurrentNetworks/\(name).swift", encoding: .utf8)
    }
    self.solutions = solutions
    sandbox = try Sandbox.select(tier).selfTested()
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Hands a submission in.
  func add(_ name: String, _ files: [String: String]) throws {
    let place = submissions + "/" + name
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    for (file, text) in files {
      try text.write(toFile: place + "/" + file, atomically: false, encoding: .utf8)
    }
  }

  func add(_ attack: Attack, _ more: [String: String] = [:]) throws {
    let places = [
      "@REFERENCE@": reference, "@TOOL@": products + "/rhythm", "@DATA@": gradingData,
      "@ASSIGNMENT@": assignment, "@CLASS@": submissions,
    ]
    try add(
      "attack-" + attack.name,
      attack.files(
        solutions: solutions, baits: baits.replacements(places.merging(more) { $1 })))
  }

  /// Grades everything, as `rhythm grade` does.
  func grade(seed: UInt64) throws -> GradeSummary {
    // the judges' temporary files, so that what stays can be told from other runs'
    setenv("TMPDIR", folder + "/tmp", 1)
    defer { unsetenv("TMPDIR") }
    return try GradeRun(
      GradeOptions(
        submissionsFolder: submissions, outputFolder: folder + "/out", assignmentFolder: assignment,
        core: copy.core, judgeCommand: [products + "/rhythm", "judge"],
        referenceWorkerPath: reference, gradingDataPath: gradingData, seed: seed,
        sandbox: sandbox, jobs: 4, cacheFolder: folder + "/cache")
    ).run { _ in }
  }
}
