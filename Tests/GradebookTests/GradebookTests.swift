import Assignment
import Foundation
import Judge
import XCTest

@testable import Gradebook

final class GradebookTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("gradebook-\(UUID().uuidString)").path
  }

  override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

  private func run(_ environment: String = "E", seed: UInt64 = 7) -> Run {
    Run(
      command: "grade", unit: "U", seed: seed, sandbox: "bubblewrap", data: "", course: "c",
      core: "k", judge: "j", toolchain: "t", limits: "{}", environment: environment, checks: "{}",
      jobs: 2, withoutAccuracy: false)
  }

  private func graded(
    _ name: String, files: String = "F", run: Int64, outcomes: [String: Outcome] = ["a": .passed]
  ) -> GradedSubmission {
    GradedSubmission(
      submission: StoredSubmission(
        name: name, members: [name, "two"], files: files, notes: ["a note"], status: .graded,
        attempt: 2, late: LateMark(submitted: "a", due: "b", seconds: 60, share: 0.1),
        record: Data("r".utf8)),
      verdicts: outcomes.sorted { $0.key < $1.key }.map { check, outcome in
        Verdict(
          key: .init(
            files: files, check: check, checkHash: "h", environment: "E", blocked: ""),
          outcome: outcome, message: "m", diagnosis: "d", details: nil, seconds: 0.5)
      },
      build: StoredBuild(errors: ["Means.swift:1:1: error: x"], seconds: 2, cpuSeconds: 1.5),
      run: run)
  }

  func testKeepsARunWithASeedBeyondSQLitesNumbers() throws {
    let gradebook = try Gradebook(folder: folder)
    let id = try gradebook.begin(run(seed: .max))
    XCTAssertEqual(try gradebook.lastRun()?.seed, "18446744073709551615")
    XCTAssertEqual(try gradebook.lastRun()?.state, .running)
    try gradebook.end(id, .complete)
    XCTAssertEqual(try gradebook.run(id)?.state, .complete)
    XCTAssertNotNil(try gradebook.run(id)?.endedAt)
  }

  func testASubmissionComesBackAsItWas() throws {
    var gradebook: Gradebook? = try Gradebook(folder: folder)
    let id = try XCTUnwrap(gradebook).begin(run())
    let ann = graded("ann", run: id, outcomes: ["a": .passed, "b": .timedOut])
    let contents: [String: [UInt8]] = ["Means.swift": [1, 0, 255], "Sums.swift": []]
    try gradebook?.record(ann, contents: contents, environment: "E")
    // identical files, and the same submission twice
    let ben = graded("ben", run: id, outcomes: ["a": .passed, "b": .timedOut])
    try gradebook?.record(ben, contents: contents, environment: "E")
    try gradebook?.record(ann, contents: contents, environment: "E")
    gradebook = nil
    let again = try Gradebook(folder: folder, create: false)
    XCTAssertEqual(try again.submissions(), [ann, ben])
    XCTAssertEqual(try again.contents("F"), contents)
    XCTAssertEqual(try again.verdicts(on: "F").count, 2)
    XCTAssertEqual(try again.build("F", environment: "E"), ann.build)
    XCTAssertNil(try again.build("F", environment: "other"))
    try again.remove(["ann", "nobody"], run: id)
    XCTAssertEqual(try again.submissions().map(\.submission.name), ["ben"])
    XCTAssertEqual(try again.removals().map(\.submission), ["ann"])
    XCTAssertEqual(try again.removals().map(\.run), [id])
    try again.record(ann, contents: contents, environment: "E")
    XCTAssertEqual(try again.submissions().count, 2)
    XCTAssertEqual(try again.removals(), [], "who came again is not out")
  }

  func testATransactionThatFailsLeavesTheOldState() throws {
    let gradebook = try Gradebook(folder: folder)
    let id = try gradebook.begin(run())
    let before = graded("ann", run: id, outcomes: ["a": .passed, "b": .passed])
    try gradebook.record(before, contents: [:], environment: "E")
    // the second verdict's run does not exist, which the database refuses at the end
    var after = graded("ann", files: "G", run: 99, outcomes: ["a": .failed])
    after.submission.notes = ["half"]
    XCTAssertThrowsError(try gradebook.record(after, contents: ["x": [1]], environment: "E"))
    XCTAssertEqual(try gradebook.submissions(), [before])
    XCTAssertEqual(try gradebook.contents("G"), [:])
  }

  func testAFileIsNoFolderForAGradebook() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = folder + "/notes.txt"
    try Data("x".utf8).write(to: URL(fileURLWithPath: file))
    XCTAssertThrowsError(try Gradebook(folder: file)) {
      XCTAssertEqual($0 as? GradebookError, .notAFolder(path: file))
    }
    XCTAssertNoThrow(try Gradebook.requireFolder(folder))
    XCTAssertNoThrow(try Gradebook.requireFolder(folder + "/new"))
  }

  func testAFolderBelongsToOneProcess() throws {
    let first = try Gradebook(folder: folder)
    XCTAssertThrowsError(try Gradebook(folder: folder)) {
      XCTAssertEqual($0 as? GradebookError, .locked(folder: folder, process: getpid()))
      XCTAssertTrue("\($0)".contains("in use by process \(getpid())"), "\($0)")
    }
    // a reader is let in
    XCTAssertNil(try Gradebook(reading: folder).lastRun())
    withExtendedLifetime(first) {}
  }

  func testALockOfADeadProcessHoldsNobody() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "999999\n".write(toFile: folder + "/.lock", atomically: true, encoding: .utf8)
    _ = try Gradebook(folder: folder)
    XCTAssertEqual(
      try String(contentsOfFile: folder + "/.lock", encoding: .utf8), "\(getpid())\n")
  }

  func testSaysWhatIsMissingOrDamaged() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    XCTAssertThrowsError(try Gradebook(folder: folder, create: false)) {
      XCTAssertEqual($0 as? GradebookError, .missing(folder: folder))
    }
    try Data(repeating: 65, count: 5000).write(
      to: URL(fileURLWithPath: folder + "/gradebook.sqlite"))
    XCTAssertThrowsError(try Gradebook(folder: folder)) {
      guard case .damaged = $0 as? GradebookError else { return XCTFail("\($0)") }
    }
  }

  func testPublicationsAreKeptAndWithdrawn() throws {
    let gradebook = try Gradebook(folder: folder)
    let id = try gradebook.begin(run())
    func result(_ score: Double) -> PublishedSubmission {
      PublishedSubmission(
        result: SubmissionResult(
          submission: "ann", members: ["ann"], status: .graded, score: score, maxScore: 3, seed: 7,
          sandbox: "none", seconds: .init(), checks: [], notes: []),
        record: Data("record \(score)".utf8))
    }
    XCTAssertNil(try gradebook.published())
    XCTAssertThrowsError(try gradebook.rollBack())
    try gradebook.publish([result(1)], summary: Data("first".utf8), run: id)
    try gradebook.publish([result(2)], summary: Data("second".utf8), run: id)
    XCTAssertEqual(try gradebook.published()?.results.map(\.score), [2])
    XCTAssertEqual(try gradebook.rollBack().summary, Data("first".utf8))
    XCTAssertEqual(try gradebook.published()?.results.map(\.score), [1])
    XCTAssertThrowsError(try gradebook.rollBack())
    XCTAssertEqual(try gradebook.published()?.results.map(\.score), [1])
    XCTAssertEqual(
      try gradebook.published()?.submissions.map(\.record), [Data("record 1.0".utf8)])
    try gradebook.publish([result(3)], summary: Data(), run: id)
    XCTAssertEqual(try gradebook.published()?.id, 3)
    XCTAssertEqual(try gradebook.rollBack().id, 1)
  }
}
