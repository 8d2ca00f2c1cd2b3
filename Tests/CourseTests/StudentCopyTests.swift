import Foundation
import Judge
import TestSupport
import Units
import XCTest

@testable import Release

/// The folder that students get, as far as it can be seen without building it: `./rhythm release --out`
/// builds it and looks further.
final class StudentCopyTests: XCTestCase {
  private let root = Repository.folder

  /// A copy of a unit without recorded answers.
  private func copy(_ unit: String, in scratch: Scratch) throws -> URL {
    let folder = URL(fileURLWithPath: scratch.path).appendingPathComponent(unit)
    try StudentCopy(root: root, unit: unit).write(
      to: folder, answers: (RecordedReference.path(ofUnit: unit), []))
    return folder
  }

  private func paths(_ folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
  }

  private func text(_ path: String, _ folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// The page that a copy begins with is written once, for all units.
  func testTheReadmeIsOfTheUnit() throws {
    let scratch = try Scratch()
    for unit in Units.units.map({ $0.name }) {
      let copy = try copy(unit, in: scratch)
      let handout = "Assignments/\(unit)/Instructions.md"
      let readme = try text("README.md", copy)
      let heading = try text(handout, copy).prefix { $0 != "\n" }
      XCTAssertTrue(readme.hasPrefix(heading + "\n"), readme)
      XCTAssertTrue(readme.contains("](\(handout))"), readme)
      XCTAssertFalse(readme.contains("@"), readme)
    }
  }

  /// Git for Windows writes a link as a file with a path in it.
  func testNothingInItIsALink() throws {
    let scratch = try Scratch()
    for unit in Units.units.map({ $0.name }) {
      let copy = try copy(unit, in: scratch)
      for path in try paths(copy) {
        let attributes = try FileManager.default.attributesOfItem(
          atPath: copy.appendingPathComponent(path).path)
        XCTAssertNotEqual(attributes[.type] as? FileAttributeType, .typeSymbolicLink, path)
      }
      // what a link stands for here is there
      let checks = "Grader/Units/\(unit)/Unit.swift"
      XCTAssertEqual(
        try text("Tests/SelfCheck/\(unit)/Unit.swift", copy), try text(checks, copy))
    }
  }

  func testALinkThatLeadsOutOrInACircleIsRefused() throws {
    for (link, target, part) in [
      ("Sources/Metrics/Away", "/etc", "Sources/Metrics/Away is a link to /etc, which is outside"),
      (
        "Sources/Metrics/Round", "..", "Sources/Metrics/Round is a link to a folder that it lies in"
      ),
      ("Sources/Metrics/None", "nothing", "Sources/Metrics/None is part of a student's copy, but"),
    ] {
      let scratch = try Scratch()
      let course = URL(fileURLWithPath: scratch.path + "/course")
      try scratch.shell(
        """
        mkdir -p course/Sources/Metrics
        cd '\(root.path)' && cp .gitignore .swift-format LICENSE Package.swift rhythm '\(course.path)'
        ln -s '\(target)' '\(course.path)/\(link)'
        """)
      let folder = scratch.path + "/copy"
      XCTAssertTrue(
        errorText {
          try StudentCopy(root: course, unit: "Any").write(
            to: URL(fileURLWithPath: folder), answers: ("Grader/Answers/Any", []))
        }.hasPrefix(part), link)
      // no half copy is left
      XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.path), ["course"])
    }
  }

  /// Pages, comments and help name no file that stayed at home.
  func testItNamesNoFileThatItLacks() throws {
    let scratch = try Scratch()
    for unit in Units.units.map({ $0.name }) {
      XCTAssertEqual(try PathScan(root: root).findings(in: copy(unit, in: scratch)), [], unit)
    }
  }

  func testTheScanFindsPathsHoweverTheyAreNamed() throws {
    let scratch = try Scratch()
    let (course, copy) = (scratch.path + "/course", scratch.path + "/copy")
    for path in [
      "Solutions/One/A.swift", "Sources/Core/README.md", "Sources/Core/Home.swift",
      "Tests/Reference/numbers.py", "README.md", "Notes/Plan.md",
    ] { try scratch.write("", "course/\(path)") }
    for (path, text) in [
      ("README.md", "[a](Sources/Core) and Sources/Core/Home.swift, `README.md`, 1.5 and/or a.b\n"),
      ("Sources/Core/Home.swift", "// as in README.md, ../../README.md and ./Home.swift\n"),
    ] { try scratch.write(text, "copy/\(path)") }
    func findings() throws -> [String] {
      try PathScan(root: URL(fileURLWithPath: course)).findings(in: URL(fileURLWithPath: copy))
    }
    XCTAssertEqual(try findings(), [])
    for (text, named) in [
      ("see Tests/Reference/numbers.py.", "Tests/Reference/numbers.py"),
      ("`numbers.py` makes it", "numbers.py"), ("Reference/numbers.py: it", "Reference/numbers.py"),
      ("from [the plan](../../Notes/Plan.md)", "../../Notes/Plan.md"),
      ("\"\\(root)/Solutions/\\(unit)\"", "Solutions/"), ("Solutions/<Unit>/B.swift", "Solutions/"),
      ("Solutions/Two/B.swift", "Solutions/Two/B.swift"), ("Plan.md", "Plan.md"),
    ] {
      try scratch.write("// a line\n// \(text)\n", "copy/Sources/Core/Other.swift")
      XCTAssertEqual(
        try findings(), ["Sources/Core/Other.swift:2: names \(named), which is not there"], text)
    }
  }

  /// A year later the same packages are built: those that the course was tested with, and no others.
  func testItsPackagesHaveTheCoursesVersions() throws {
    let scratch = try Scratch()
    let unit = try XCTUnwrap(Units.units.first).name
    let copy = try copy(unit, in: scratch)
    let (here, there) = (try PackagePins(root: root), try PackagePins(root: copy))
    XCTAssertEqual(try here.pins(for: copy), there)
    XCTAssertTrue("\(here)".contains("grdb.swift "), "\(here)")
    XCTAssertFalse("\(there)".contains("grdb.swift "), "\(there)")
    let named = try text("Package.swift", copy).matches(of: /\.package\(url: "[^"]+\/([^"]+)"/)
    XCTAssertEqual(named.count, 3)
    for package in named {
      XCTAssertTrue("\(there)".contains("\(package.1.lowercased()) "), "\(package.1): \(there)")
    }
    // the file is in git
    try scratch.shell(
      """
      cd '\(copy.path)' && git init -q && git add -A
      test "$(git ls-files Package.resolved)" = Package.resolved
      """)
    // what a manifest names and nothing pins
    let manifest = copy.appendingPathComponent("Package.swift")
    try
      (text("Package.swift", copy)
      + "\n// .package(url: \"https://example.org/A/B\", from: \"1.0.0\")")
      .write(to: manifest, atomically: true, encoding: .utf8)
    XCTAssertTrue(
      errorText { _ = try here.pins(for: copy) }
        .hasSuffix(
          "/Package.resolved has no version of https://example.org/a/b: "
            + "call swift package resolve"))
  }

  /// What a student makes is no change of the copy.
  func testGitIsShownNothingOfWhatIsMade() throws {
    let scratch = try Scratch()
    let unit = try XCTUnwrap(Units.units.first).name
    let copy = try copy(unit, in: scratch)
    try scratch.shell("cd '\(copy.path)' && git init -q && git add -A")
    for path in [
      ".build/debug/rhythm", ".rhythmlab/\(unit)/checkpoints/N.safetensors", "curve.png",
      "curve.svg", "result.json", "Scratch/try.swift", ".swiftpm/x",
    ] { try scratch.write("x", "\(unit)/\(path)") }
    try scratch.shell(
      "cd '\(copy.path)' && test -z \"$(git ls-files --others --exclude-standard)\"")
    // and what is handed out is in git, pictures too
    try scratch.shell(
      "cd '\(copy.path)' && test -z \"$(git ls-files --others --ignored --exclude-standard | grep -v '^[.]\\|^curve\\|^result\\|^Scratch')\""
    )
  }

  /// Options for the Solutions are nothing in a folder that has none.
  func testItsCommandsSayNothingOfTheSolutions() throws {
    let scratch = try Scratch()
    let unit = try XCTUnwrap(Units.units.first).name
    let copy = try copy(unit, in: scratch)
    let tool = try paths(copy).filter { $0.hasPrefix("Sources/rhythm/") && $0.hasSuffix(".swift") }
    XCTAssertGreaterThan(tool.count, 10)
    XCTAssertFalse(tool.contains { $0.contains("Instructor") })
    for path in tool + ["rhythm", "Sources/Setup/tests.sh"] {
      for line in try text(path, copy).split(separator: "\n")
      where !line.drop(while: { $0 == " " }).hasPrefix("//") {
        XCTAssertNil(
          line.firstMatch(of: /\bSolutions\b|--solutions|nstructor/), "\(path): \(line)")
      }
    }
  }
}
