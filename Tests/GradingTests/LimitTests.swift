import Foundation
import Intake
import Sandbox
import TestSupport
import XCTest

@testable import Assignment
@testable import Building
@testable import Grading

/// What all compilations of one submission may take together.
final class LimitTests: XCTestCase {
  func testSharesOfABudgetAreTakenFromTheWhole() {
    let whole = CompilerBudget(seconds: 12)
    let share = whole.share(of: 4)
    XCTAssertEqual(share.left, 3)
    share.take(5)
    XCTAssertEqual(share.left, 0)
    XCTAssertEqual(whole.left, 7)
    XCTAssertEqual(whole.taken, 5)
    whole.take(100)
    XCTAssertEqual(whole.left, 0)
    XCTAssertEqual(whole.share(of: 3).left, 0)
  }

  /// Two files that never compile cost twice the limit at most, and the one that does is still judged.
  func testFilesThatNeverCompileHaveOneBudget() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch, ownCore: true)
    var limits = Limits.build
    limits.cpuSeconds = 2
    var manifest = try AssignmentManifest.read(unit.assignmentFolder + "/assignment.yml")
    manifest.limits.build = limits
    manifest.limits.submission.compilerSeconds = 8
    let builder = try unit.builder(limits: limits)
    var submission = Submission(name: "slow", files: [:], notes: [], problem: nil)
    submission.files = [
      "First.swift": Array("func first() -> Int { 42 }\n".utf8),
      "Second.swift": Array(
        ("func second() -> Int { 7 }\n" + endlessToCompile("s")).utf8),
    ]
    let build = try SubmissionBuild(
      submission, manifest, builder: builder, children: Children(), patience: 2)
    XCTAssertEqual(build.broken.keys.sorted(), ["Second.swift"])
    XCTAssertEqual(build.workers.count, 1)
    // a command is stopped when its time is over, which is seen a sample later
    XCTAssertLessThan(build.budget.taken, 1.1 * 8)
  }

  /// What was stopped for want of the submission's time is not kept as what the sources are worth.
  func testAnEmptyBudgetIsNotRememberedOfTheSources() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch, ownCore: true)
    let builder = try unit.builder()
    let files = ["First.swift": Array("func first() -> Int { 42 }\n".utf8)]
    func build(_ budget: CompilerBudget) throws -> BuildOutcome {
      try builder.build(
        files, program: StudentProgram(parts: []), children: Children(), budget: budget)
    }
    // the prepared modules of our own are not the submission's
    _ = try builder.build([:], program: StudentProgram(parts: []), children: Children())
    guard case .rejected(let errors) = try build(CompilerBudget(seconds: 0.01)) else {
      return XCTFail("it compiled in no time")
    }
    XCTAssertTrue(errors[0].contains("all the time that the files of one submission"), errors[0])
    guard case .built = try build(CompilerBudget(seconds: 100)) else {
      return XCTFail("it is remembered as a file that does not compile")
    }
  }

  func testAFileTooLongToBeWrittenByHandIsNotCompiled() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    let manifest = try AssignmentManifest.read(unit.assignmentFolder + "/assignment.yml")
    var submission = Submission(name: "long", files: [:], notes: [], problem: nil)
    submission.files = [
      "First.swift": Array("func first() -> Int { 42 }\n".utf8)
        + Array(repeating: UInt8(ascii: "\n"), count: 1 << 20)
    ]
    let build = try SubmissionBuild(
      submission, manifest, builder: try unit.builder(), children: Children(), patience: 1)
    XCTAssertEqual(build.broken.keys.sorted(), ["First.swift"])
    XCTAssertEqual(
      build.errors, ["First.swift has 1024 KiB; files of at most 1024 KiB are compiled"])
    XCTAssertEqual(build.withheld.map(\.outcome), [.notBuilt])
  }

  /// A megabyte that a backtracking search of the text would never come to the end of.
  func testTextThatASearchWouldNotFinishIsCompiled() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    let manifest = try AssignmentManifest.read(unit.assignmentFolder + "/assignment.yml")
    for text in [
      "let more = #\"" + String(repeating: "\\\"", count: 200_000) + "\"#\n",
      "// Tensor." + String(repeating: " ", count: 500_000) + "\n",
    ] {
      var submission = Submission(name: "text", files: [:], notes: [], problem: nil)
      submission.files = ["First.swift": Array("func first() -> Int { 42 }\n\(text)".utf8)]
      let build = try SubmissionBuild(
        submission, manifest, builder: try unit.builder(), children: Children(), patience: 1)
      XCTAssertEqual(build.errors, [])
      XCTAssertEqual(build.workers.count, 1)
    }
  }
}
