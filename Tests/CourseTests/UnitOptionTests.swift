import ArgumentParser
import Assignment
import Building
import Experiments
import Foundation
import Judge
import Recordings
import TestSupport
import Training
import Units
import WorkerPipe
import XCTest

@testable import Release
@testable import rhythm

/// Which unit a command is about, in a course of several. Two units have a CommonNet and a task 1.
final class UnitOptionTests: XCTestCase {
  private let root = NSTemporaryDirectory() + "units-\(UUID().uuidString)"
  override func tearDown() { try? FileManager.default.removeItem(atPath: root) }

  /// A student's copy has one unit, whose kind of data the commands about data are of.
  func testTheUsualKindOfDataIsTheFirstUnits() throws {
    let copy = try copy(of: ["One", "Two"])
    XCTAssertEqual(KindOption.usual(in: copy), DataKinds.all[0].name, "no unit has data")
    XCTAssertEqual(KindOption.usual(in: nil), DataKinds.all[0].name)
    let last = try XCTUnwrap(DataKinds.all.last).name
    XCTAssertNotEqual(last, DataKinds.all[0].name)
    let path = "\(root)/Assignments/Two/assignment.yml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + "\ndata: {kind: \(last), training: 2, validation: 2}\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    XCTAssertEqual(KindOption.usual(in: copy), last)
  }

  private func copy(of units: [String]) throws -> WorkingCopy {
    for unit in units {
      let folder = "\(root)/Assignments/\(unit)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let limit = "{cpuSeconds: 1, wallSeconds: 1, memoryBytes: 1}"
      try """
      unit: \(unit)
      title: \(unit)
      files: [A.swift]
      networks: [{name: CommonNet, epochs: 1}, {name: \(unit)Net, epochs: 2, sizes: {width: 3}}]
      tasks:
        - {id: 1, name: A, title: a, file: A.swift, points: 0, checks: []}
        - {id: \(unit)1, name: B, title: b, file: A.swift, points: 0, checks: []}
      limits: {build: \(limit), check: \(limit), training: \(limit)}
      """.write(toFile: folder + "/assignment.yml", atomically: true, encoding: .utf8)
    }
    return WorkingCopy(
      root: root, tool: "", core: CoreProducts(moduleDirectory: "", modules: [], libraries: []))
  }

  private func option(_ name: String?) -> UnitOption {
    var option = UnitOption()
    option.name = name
    return option
  }

  private func network(_ name: String, _ copy: WorkingCopy, _ unit: String? = nil) throws -> String
  {
    try copy.unit(
      option(unit), having: "network \(name)", of: { ($0.networks ?? []).map(\.name) },
      where: { $0.network(named: name) != nil }
    ).name
  }

  func testTheOnlyUnitNeedNotBeNamed() throws {
    let copy = try copy(of: ["One"])
    XCTAssertEqual(try copy.unit(option(nil)).name, "One")
    XCTAssertEqual(try copy.unit(option(nil), ofTask: "1").name, "One")
    XCTAssertEqual(
      errorText { _ = try copy.unit(option("Three")) }, "there is no unit Three; there are One")
  }

  func testOfSeveralUnitsOneIsNamed() throws {
    let copy = try copy(of: ["Two", "One"])
    XCTAssertEqual(copy.units, ["One", "Two"])
    XCTAssertEqual(
      errorText { _ = try copy.unit(option(nil)) },
      "there are several units; add --unit One or --unit Two")
    XCTAssertEqual(try copy.unit(option("Two")).manifest.unit, "Two")
    XCTAssertEqual(try copy.units(option("Two")).map(\.name), ["Two"])
    XCTAssertEqual(try copy.units(option(nil)).map(\.name), ["One", "Two"])
    // as they are taught: 9 before 10
    for (unit, number) in [("One", "10.1"), ("Two", "9.2")] {
      let path = "\(root)/Assignments/\(unit)/assignment.yml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacingOccurrences(of: "{id: 1, ", with: "{id: \(number)a, ").write(
        toFile: path, atomically: true, encoding: .utf8)
    }
    XCTAssertEqual(try copy.units(option(nil)).map(\.name), ["Two", "One"])
    XCTAssertTrue(
      errorText { _ = try UnitOption.parse(["--unit", "../One"]) }.contains("name of a unit"))
  }

  func testANetworkOrATaskOfOneUnitTellsWhichItIs() throws {
    let copy = try copy(of: ["One", "Two"])
    XCTAssertEqual(try network("twonet", copy), "Two")
    XCTAssertEqual(try network("CommonNet", copy, "One"), "One")
    XCTAssertEqual(
      errorText { _ = try network("CommonNet", copy) },
      "network CommonNet: several units have one; add --unit One or --unit Two.")
    XCTAssertEqual(
      errorText { _ = try network("OtherNet", copy) },
      "there is no network OtherNet; choose from CommonNet, OneNet, CommonNet, TwoNet.")
    XCTAssertEqual(try copy.unit(option(nil), ofTask: "Two1").name, "Two")
    XCTAssertEqual(
      errorText { _ = try copy.unit(option(nil), ofTask: "1") },
      "task 1: several units have one; add --unit One or --unit Two.")
  }

  /// What is wrong with one unit's file is no matter where another has what is asked for.
  func testAUnitsFileIsOfThatUnit() throws {
    let copy = try copy(of: ["One", "Two"])
    let path = root + "/Assignments/One/assignment.yml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: "unit: One", with: "unit: Two").write(
      toFile: path, atomically: true, encoding: .utf8)
    XCTAssertEqual(
      errorText { _ = try copy.unit(option("One")) },
      "\(path) says that it is of the unit Two; unit: there is the name of its folder, One")
    XCTAssertEqual(try network("TwoNet", copy), "Two")
    XCTAssertTrue(errorText { _ = try network("OneNet", copy) }.contains("is of the unit Two"))
  }

  /// A table that was trained with other sizes is not the one that is asked for.
  func testAnExperimentIsKeptForItsSizes() {
    func signature(_ width: Int, epochs: Int = 1) -> ExperimentSignature {
      ExperimentSignature(
        worker: "w", data: "d", sizes: ["hiddenSize": .integer(width)],
        recipe: Recipe(epochs: epochs, seed: 1))
    }
    XCTAssertEqual(signature(128), signature(128, epochs: 5))
    XCTAssertNotEqual(signature(128), signature(64))
  }

  /// Hints, checkpoints, results of two units stand in two folders.
  func testEachUnitKeepsItsOwn() throws {
    let copy = try copy(of: ["One", "Two"])
    XCTAssertEqual(copy.state("One"), root + "/.rhythmlab/One")
    XCTAssertNotEqual(copy.state("One"), copy.state("Two"))
    let manifest = try copy.unit(option("One")).manifest
    XCTAssertEqual(
      manifest.sizes(of: "OneNet", with: ["binCount": 17]), ["binCount": 17, "width": 3])
    XCTAssertNil(manifest.data, "a unit without trainings has no data")
    XCTAssertEqual(
      errorText { _ = try manifest.dataSelection() },
      "the unit One says nothing under data, so nothing is trained")
  }

  /// A student's copy has its own unit in the lists, so that it builds.
  func testAStudentsCopyHasItsOwnUnitInTheLists() throws {
    let text = """
      let units = [
        "One",  // UNIT One
        "Two",  // UNIT Two
      ]
      // BEGIN INSTRUCTOR: ours
      let secret = 1
      // END INSTRUCTOR
      """
    XCTAssertEqual(
      try StudentCopy.text(text, ofUnit: "Two", file: "Package.swift"),
      "let units = [\n  \"Two\",  // UNIT Two\n]")
  }

  /// What the registry, the package and the folders say of units is the same. A folder with an `assignment.yml` would be a unit to every command.
  func testEveryUnitIsInEveryPlace() throws {
    let names = Units.units.map { $0.name }.sorted()
    func folders(_ path: String) throws -> [String] {
      let folder = Repository.root + "/" + path
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
          && isFolder.boolValue && !name.hasPrefix(".")
      }.sorted()
    }
    for path in ["Assignments", "Solutions", "Grader/Units", "Tests/SelfCheck"] {
      XCTAssertEqual(try folders(path), names, path)
    }
    for path in ["Package.swift", "Grader/Units/Registry.swift"] {
      XCTAssertEqual(try Repository.marked("// UNIT ", in: path).sorted(), names, path)
    }
  }
}
