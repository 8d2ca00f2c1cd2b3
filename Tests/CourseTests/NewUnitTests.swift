import Assignment
import Foundation
import Grading
import Proof
import Release
import TestSupport
import XCTest

/// What `rhythm unit new` writes fits together: it is read by all that read a unit. That it builds and is
/// graded is seen by following the steps that it prints.
final class NewUnitTests: XCTestCase {
  private let root = FileManager.default.temporaryDirectory
    .appendingPathComponent("new-unit-\(UUID().uuidString)")
  override func setUpWithError() throws {
    for path in ["Package.swift", "Grader/Units/Registry.swift", "Grader/Release/NewUnit"] {
      let target = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: Repository.folder.appendingPathComponent(path), to: target)
    }
  }
  override func tearDown() { try? FileManager.default.removeItem(at: root) }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  private func units(_ path: String) throws -> [String] {
    try text(path).split(separator: "\n").compactMap { line in
      line.range(of: "// UNIT ").map { String(line[$0.upperBound...]) }
    }
  }

  func testAUnitIsWrittenWhole() throws {
    let written = try NewUnit(name: "PulseWaves", root: root).write()
    XCTAssertEqual(Set(written).count, written.count)
    for path in written {
      XCTAssertFalse(try text(path).contains("@UNIT@"), path)
    }
    let manifest = try AssignmentManifest.read(
      root.appendingPathComponent("Assignments/PulseWaves/assignment.yml").path)
    XCTAssertEqual(manifest.unit, "PulseWaves")
    let stub = try text("Assignments/PulseWaves/MovingAverage.swift")
    XCTAssertTrue(stub.contains("throw Unimplemented(\"1\")"))
    XCTAssertFalse(stub.contains(".stack("), "the stub holds the solution")
    let sample = try SampleClass(
      file: root.appendingPathComponent("Grader/Units/PulseWaves/class.yml"))
    XCTAssertEqual(sample.members.count, 3)
    let library = try MistakeLibrary(
      folder: root.appendingPathComponent("Grader/Units/PulseWaves/Mistakes"),
      solutions: root.appendingPathComponent("Solutions/PulseWaves"), manifest: manifest,
      known: [MistakeName(subject: "movingAverage", id: "window-sum"): "the windows are summed"])
    XCTAssertEqual(library.entries.map(\.isRight), [false, true])
    for part in ["Book", "Checks", "Unit.swift"] {
      let link = root.appendingPathComponent("Tests/SelfCheck/PulseWaves/\(part)").path
      XCTAssertTrue(FileManager.default.fileExists(atPath: link), "\(part) leads nowhere")
    }
  }

  func testTheListsHaveItSortedAmongTheOthers() throws {
    let before = try units("Package.swift")
    _ = try NewUnit(name: "PulseWaves", root: root).write()
    _ = try NewUnit(name: "ZeroCrossings", root: root).write()
    let all = (before + ["PulseWaves", "ZeroCrossings"]).sorted()
    XCTAssertEqual(try units("Package.swift"), all)
    XCTAssertEqual(try units("Grader/Units/Registry.swift"), all + all)
    XCTAssertTrue(try text("Package.swift").contains("  \"PulseWaves\",  // UNIT PulseWaves\n"))
    XCTAssertTrue(try text("Grader/Units/Registry.swift").contains("import PulseWavesChecks  //"))
  }

  func testNothingIsWrittenOverAndNamesAreNames() throws {
    _ = try NewUnit(name: "PulseWaves", root: root).write()
    XCTAssertTrue(
      errorText { _ = try NewUnit(name: "PulseWaves", root: root) }.hasPrefix("there is a "))
    for name in ["", "pulse", "../Pulse", "Pulse-Waves", "Pülse"] {
      XCTAssertTrue(
        errorText { _ = try NewUnit(name: name, root: root) }.contains("is no name for a unit"),
        name)
    }
  }

  /// A list without the marks is said to be one before anything is there.
  func testAListWithoutMarksIsASentence() throws {
    let registry = root.appendingPathComponent("Grader/Units/Registry.swift")
    try Data("let units = []\n".utf8).write(to: registry)
    XCTAssertTrue(
      errorText { _ = try NewUnit(name: "PulseWaves", root: root).write() }
        .contains("has no line that ends in // UNIT"))
    XCTAssertFalse(
      FileManager.default.fileExists(
        atPath: root.appendingPathComponent("Solutions/PulseWaves").path))
  }
}
