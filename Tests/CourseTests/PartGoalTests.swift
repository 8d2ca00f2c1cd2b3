import ContrastiveECGChecks
import Foundation
import Judge
import TestSupport
import XCTest

/// `rhythm thresholds` with mistakes of a part, which the goals of networks are asked of.
final class PartGoalTests: XCTestCase {
  /// A part that no goal trains stands in the network that has one; one that cannot train is a line, and the next is
  /// measured all the same.
  func testMistakesOfAPart() throws {
    let unit = ContrastiveECGUnit.name
    let scratch = try Scratch()
    for name in ["Sources", "Solutions", "Grader", "Assignments"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(scratch.path)/\(name)", withDestinationPath: "\(Repository.root)/\(name)")
    }
    // two batches are enough to see whether it trains
    let text = try String(
      contentsOfFile: "\(Repository.root)/Assignments/\(unit)/assignment.yml",
      encoding: .utf8)
    let goal = "ContrastiveModel: {metric: auroc, steps: 150, attempts: 3"
    XCTAssertTrue(text.contains(goal))
    let assignment = "\(scratch.path)/short.yml"
    try text.replacing(goal, with: "ContrastiveModel: {metric: auroc, steps: 2, attempts: 1")
      .write(toFile: assignment, atomically: true, encoding: .utf8)
    let outcome = try Program.rhythm.run(
      [
        "thresholds", "--unit", unit, "--assignment", assignment, "--seeds", "1",
        "--mistakes", "encoder-mean-over-time", "encoder-no-relu",
      ], in: scratch.path, environment: ["RHYTHMLAB_ROOT": scratch.path])
    XCTAssertEqual(outcome.status, 0, outcome.output + outcome.error)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    XCTAssertTrue(
      lines.contains { $0.hasPrefix("encoder-mean-over-time: its training stops: ") },
      outcome.output)
    XCTAssertTrue(
      lines.contains { $0.hasPrefix("encoder-no-relu, 86.00 %: 0 of 1; ") }, outcome.output)
  }
}
