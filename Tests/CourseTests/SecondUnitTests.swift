import Foundation
import TestSupport
import XCTest

@testable import Release

/// What two more units do to the package, as the package manager reads it: nothing of one is the other's.
final class SecondUnitTests: XCTestCase {
  private var root = FileManager.default.temporaryDirectory
  private static let new = ["PulseWaves", "ZeroCrossings"]

  override func setUpWithError() throws {
    root.append(path: "second-unit-\(UUID().uuidString)")
    let (manager, course) = (FileManager.default, Repository.folder)
    for path in [
      "Assignments", "Grader", "Solutions", "Sources", "Tests/SelfCheck", "LICENSE", "rhythm",
      ".gitignore", ".swift-format", "Package.swift", "Package.resolved",
    ] {
      let target = root.appendingPathComponent(path)
      try manager.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try manager.copyItem(at: course.appendingPathComponent(path), to: target)
    }
    for name in try manager.contentsOfDirectory(atPath: course.path + "/Tests")
    where name != "SelfCheck" {
      try manager.createSymbolicLink(
        at: root.appendingPathComponent("Tests/\(name)"),
        withDestinationURL: course.appendingPathComponent("Tests/\(name)"))
    }
    for name in Self.new { _ = try NewUnit(name: name, root: root).write() }
  }

  override func tearDown() { try? FileManager.default.removeItem(at: root) }

  private struct Package: Decodable {
    struct Target: Decodable {
      let name: String
      let path: String?
    }
    let targets: [Target]

    /// The names of targets that begin with a unit's.
    func of(_ unit: String) -> Set<String> {
      Set(targets.map(\.name).filter { $0.hasPrefix(unit) })
    }
  }

  /// The manifest as the package manager understands it.
  private func package(_ folder: URL, unit: String? = nil) throws -> Package {
    let described = try Program(URL(fileURLWithPath: "/usr/bin/env")).run(
      [
        "swift", "package", "--package-path", folder.path, "--scratch-path",
        root.path + "/.build", "dump-package",
      ],
      in: root.path, environment: unit.map { ["RHYTHMLAB_UNIT": $0] } ?? [:])
    XCTAssertEqual(described.status, 0, described.error)
    return try JSONDecoder().decode(Package.self, from: Data(described.output.utf8))
  }

  private func all(of unit: String) -> Set<String> {
    [unit, unit + "Checks", unit + "Reference", unit + "SelfCheck"]
  }

  /// Both have a `MovingAverageChecks` and a `Book`: in one module they would be declared twice.
  func testTheChecksOfTwoUnitsAreModulesOfTheirOwn() throws {
    let package = try package(root)
    for name in Self.new { XCTAssertEqual(package.of(name), all(of: name)) }
    let paths = package.targets.compactMap(\.path)
    XCTAssertEqual(Set(paths).count, paths.count, "two modules share a folder")
    for target in package.targets where target.name.hasSuffix("SelfCheck") {
      XCTAssertEqual(
        target.path, "Tests/SelfCheck/" + target.name.replacing("SelfCheck", with: ""))
    }
  }

  /// The tests of one unit are built without the stubs of others, which need not compile.
  func testAStubStopsTheTestsOfItsOwnUnitOnly() throws {
    let package = try package(root, unit: "ZeroCrossings")
    XCTAssertEqual(package.of("ZeroCrossings"), all(of: "ZeroCrossings"))
    XCTAssertEqual(package.of("PulseWaves"), ["PulseWavesChecks", "PulseWavesReference"])
  }

  /// Of the other units a student's copy has neither folders nor targets.
  func testAStudentsCopyHasNoTargetOfAnotherUnit() throws {
    let copy = root.appendingPathComponent("copy")
    try StudentCopy(root: root, unit: "ZeroCrossings").write(
      to: copy, answers: ("Grader/Answers/ZeroCrossings", []))
    let package = try package(copy)
    XCTAssertEqual(
      package.of("ZeroCrossings"), all(of: "ZeroCrossings").subtracting(["ZeroCrossingsReference"]))
    XCTAssertEqual(package.of("PulseWaves"), [])
    for target in package.targets {
      let folder = copy.appendingPathComponent(target.path ?? "Sources/\(target.name)")
      XCTAssertTrue(FileManager.default.fileExists(atPath: folder.path), target.name)
    }
  }
}
