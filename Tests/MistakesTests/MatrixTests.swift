import Foundation
import Judge
import Sandbox
import TestSupport
import Units
import XCTest

@testable import Proof

/// Mistakes and right variants through every check, by the tool itself.
final class MatrixTests: XCTestCase {
  func testMistakesAreCaughtAndTheDocumentationSaysSo() throws {
    // the tool takes the first that works
    if let reason = Sandbox.probe(.bubblewrap), Sandbox.probe(.landlock) != nil {
      throw XCTSkip("no sandbox works here: \(reason)")
    }
    let scratch = try Scratch()
    // a course around the tool whose builds go away with it
    for name in ["Sources", "Solutions", "Grader", "Assignments"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(scratch.path)/\(name)", withDestinationPath: "\(Repository.root)/\(name)")
    }
    for unit in Units.units { try requireMatrix(of: unit, in: scratch) }
  }

  private func requireMatrix(of unit: any CourseUnit.Type, in scratch: Scratch) throws {
    let names = try Repository.library(of: unit).entries.map(\.name)
    // All of them take a quarter of an hour on two cores, most of it for builds.
    let some = Subset.oneOfEvery(12, of: names)
    let isWhole = some.count == names.count
    let outcome = try Program.rhythm.run(
      // The seed that the documentation was written with: whether a wrong network learns its batch is
      // partly chance. By itself the command takes a new seed each time.
      [
        "mistakes", "--unit", unit.name, "--pairs", "0", "--seed", "11", "--out",
        "\(unit.name).md",
      ]
        + (isWhole ? [] : ["--only"] + some),
      in: scratch.path, environment: ["RHYTHMLAB_ROOT": scratch.path])
    XCTAssertEqual(outcome.status, 0, outcome.output + outcome.error)
    let matrix = try String(contentsOfFile: "\(scratch.path)/\(unit.name).md", encoding: .utf8)
    let path = "Grader/Units/\(unit.name)/Mistakes/README.md"
    let document = try String(contentsOfFile: "\(Repository.root)/\(path)", encoding: .utf8)
    func rows(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { $0.hasPrefix("| ") }
    }
    let known = Set(rows(document))
    XCTAssertGreaterThanOrEqual(rows(matrix).count, some.count)
    XCTAssertEqual(
      rows(matrix).filter { !known.contains($0) }, [],
      "write it anew: ./rhythm mistakes --unit \(unit.name) --pairs 0 --seed 11 --out \(path)")
    // with its sentence of the numbers and in the library's order
    if isWhole { XCTAssertTrue(document.hasSuffix(matrix), unit.name) }
  }
}
