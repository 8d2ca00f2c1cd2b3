import Foundation
import Sandbox
import TestSupport
import XCTest

@testable import Proof

/// Mistakes and right variants through every check, by the tool itself.
final class MatrixTests: XCTestCase {
  /// All of them take some minutes, most of them for builds, so that a thorough run only tries them
  /// all; another tries every twelfth.
  private let isThorough = ProcessInfo.processInfo.environment["RHYTHMLAB_THOROUGH"] != nil

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
    let some = isThorough ? names : Subset.oneOfEvery(12, of: names)
    let outcome = try Program.rhythm.run(
      // The seed that the documentation was written with: whether a wrong network learns its batch is
      // partly chance. By itself the command takes a new seed each time.
      ["mistakes", "--pairs", "0", "--seed", "11"]
        + (isThorough ? ["--out", "matrix.md"] : ["--only"] + some),
      in: scratch.path, environment: ["RHYTHMLAB_ROOT": scratch.path])
    XCTAssertEqual(outcome.status, 0, outcome.output + outcome.error)
    guard isThorough else { return }
    let matrix = try String(contentsOfFile: scratch.path + "/matrix.md", encoding: .utf8)
    let document = try String(
      contentsOfFile: Repository.root + "/Grader/Units/RecurrentNetworks/Mistakes/README.md",
      encoding: .utf8)
    let lines = Set(document.split(separator: "\n"))
    let changed = matrix.split(separator: "\n").filter { !lines.contains($0) }
    XCTAssertTrue(
      document.hasSuffix(matrix),
      "write it anew: ./rhythm mistakes --out Grader/Units/RecurrentNetworks/Mistakes/README.md; new are\n"
        + changed.joined(separator: "\n"))
  }
}
