import Foundation
import Sandbox
import TestSupport
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
    let names = try Repository.library().entries.map(\.name)
    // All of them take a quarter of an hour on two cores, most of it for builds.
    let some = Subset.oneOfEvery(12, of: names)
    let isWhole = some.count == names.count
    let outcome = try Program.rhythm.run(
      // The seed that the documentation was written with: whether a wrong network learns its batch is
      // partly chance. By itself the command takes a new seed each time.
      [
        "mistakes", "--unit", "RecurrentNetworks", "--pairs", "0", "--seed", "11", "--out",
        "matrix.md",
      ]
        + (isWhole ? [] : ["--only"] + some),
      in: scratch.path, environment: ["RHYTHMLAB_ROOT": scratch.path])
    XCTAssertEqual(outcome.status, 0, outcome.output + outcome.error)
    let matrix = try String(contentsOfFile: scratch.path + "/matrix.md", encoding: .utf8)
    let document = try String(
      contentsOfFile: Repository.root + "/Grader/Units/RecurrentNetworks/Mistakes/README.md",
      encoding: .utf8)
    func rows(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { $0.hasPrefix("| ") }
    }
    let known = Set(rows(document))
    XCTAssertGreaterThanOrEqual(rows(matrix).count, some.count)
    XCTAssertEqual(
      rows(matrix).filter { !known.contains($0) }, [],
      "write it anew: ./rhythm mistakes --out Grader/Units/RecurrentNetworks/Mistakes/README.md")
    // with its sentence of the numbers and in the library's order
    if isWhole { XCTAssertTrue(document.hasSuffix(matrix)) }
  }
}
