import Foundation
import TestSupport
import XCTest

/// The entry script with a Swift that builds nothing but says what it was called with.
final class EntryScriptTests: XCTestCase {
  /// A copy of the script with blanks and a per cent sign in its path.
  private var copy = URL(fileURLWithPath: "/")
  private var programs: URL { copy.deletingLastPathComponent().appendingPathComponent("bin") }
  private var calls: URL { copy.deletingLastPathComponent().appendingPathComponent("calls") }

  override func setUpWithError() throws {
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("entry \(UUID().uuidString)")
    copy = scratch.appendingPathComponent("100 % mine")
    let manager = FileManager.default
    for folder in ["Sources", "Assignments/One", "Grader", "Solutions"] {
      try manager.createDirectory(
        at: copy.appendingPathComponent(folder), withIntermediateDirectories: true)
    }
    try manager.createDirectory(at: programs, withIntermediateDirectories: true)
    for path in ["rhythm", "Sources/Setup"] {
      try manager.copyItem(
        at: Repository.folder.appendingPathComponent(path), to: copy.appendingPathComponent(path))
    }
    try "".write(
      to: copy.appendingPathComponent("Package.swift"), atomically: true, encoding: .utf8)
    try "unit: One".write(
      to: copy.appendingPathComponent("Assignments/One/assignment.yml"), atomically: true,
      encoding: .utf8)
    try program(
      "swift",
      """
      if [[ $1 == --version ]]; then echo "Swift version ${FAKE_VERSION:-6.3.1} (fake)"; exit; fi
      printf '%s\\n' "$*" >>"$FAKE_CALLS"
      if [[ $1 == build ]]; then
        if [[ -n ${FAKE_ERROR:-} ]]; then echo "/a/b.swift:1:2: error: $FAKE_ERROR"; exit 1; fi
        mkdir -p "$FAKE_ROOT/.build/debug"
        printf '#!/bin/bash\\necho "tool: $*"\\n' >"$FAKE_ROOT/.build/debug/rhythm"
        chmod +x "$FAKE_ROOT/.build/debug/rhythm"
      fi
      """)
    // all that the system must have is there
    for name in ["pkg-config", "git", "bwrap", "curl", "gnuplot"] { try program(name, "exit 0") }
    try program("apt-get", "echo 'E: no network'; exit 100")
  }

  override func tearDown() {
    try? FileManager.default.removeItem(at: copy.deletingLastPathComponent())
  }

  private func program(_ name: String, _ text: String) throws {
    let file = programs.appendingPathComponent(name)
    try "#!/bin/bash\n\(text)\n".write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }

  private func run(
    _ arguments: String..., script: String = "rhythm", environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program(copy.appendingPathComponent(script)).run(
      arguments, in: copy.path,
      environment: [
        "PATH": "\(programs.path):/usr/bin:/bin", "FAKE_CALLS": calls.path, "FAKE_ROOT": copy.path,
        "HOME": copy.path,
      ].merging(environment) { $1 })
  }

  /// What Swift was called with since the last time this was asked.
  private func called() -> [String] {
    defer { try? FileManager.default.removeItem(at: calls) }
    let text = (try? String(contentsOf: calls, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  private func builds(_ products: [String]) -> [String] {
    products.map { "build --package-path \(copy.path) --product \($0)" }
  }

  func testItBuildsOnceAndWhenASourceHasChanged() throws {
    let products = ["rhythm", "RhythmCore", "RecurrentLayers"]
    let first = try run("data", "stats")
    XCTAssertEqual(first.status, 0, first.error)
    XCTAssertEqual(first.output, "tool: data stats\n")
    XCTAssertEqual(called(), builds(products))
    XCTAssertEqual(try run().output, "tool: --help\n")
    XCTAssertEqual(called(), [])
    // a student's edit is no reason, one of ours is, a removed file too
    for (path, builds) in [
      ("Assignments/One/A.swift", []), ("Sources/A.swift", products), ("README.md", []),
    ] {
      Thread.sleep(forTimeInterval: 0.02)
      try "x".write(
        to: copy.appendingPathComponent(path), atomically: false, encoding: .utf8)
      _ = try run("x")
      XCTAssertEqual(called(), self.builds(builds), path)
    }
    Thread.sleep(forTimeInterval: 0.02)
    try FileManager.default.removeItem(at: copy.appendingPathComponent("Sources/A.swift"))
    _ = try run("x")
    XCTAssertEqual(called(), builds(products))
    // another toolchain at the same place cannot use the old modules
    Thread.sleep(forTimeInterval: 0.02)
    try program(
      "swift",
      try String(contentsOf: programs.appendingPathComponent("swift"), encoding: .utf8)
        + "# other\n")
    _ = try run("x")
    XCTAssertEqual(called(), builds(products))
  }

  func testInstructorsCopiesBuildTheProgramThatConfines() throws {
    try FileManager.default.createDirectory(
      at: copy.appendingPathComponent("Grader/Confine"), withIntermediateDirectories: true)
    _ = try run("x")
    XCTAssertEqual(called().last, builds(["confine"])[0])
  }

  func testABuildThatFailsSaysWhyAndIsDoneAgain() throws {
    let failed = try run("x", environment: ["FAKE_ERROR": "no such thing"])
    XCTAssertEqual(failed.status, 1)
    XCTAssertTrue(failed.error.contains("/a/b.swift:1:2: error: no such thing\n"), failed.error)
    let log = copy.path + "/.build/rhythm-build.log"
    XCTAssertTrue(failed.error.hasSuffix("the whole log is \(log)\n"), failed.error)
    XCTAssertTrue(try String(contentsOfFile: log, encoding: .utf8).contains("no such thing"))
    XCTAssertEqual(called(), builds(["rhythm"]))
    XCTAssertEqual(try run("x").output, "tool: x\n")
    // nothing is left of what was being written
    let left = try FileManager.default.contentsOfDirectory(atPath: copy.path + "/.build")
    XCTAssertEqual(
      left.sorted(),
      ["debug", "rhythm-build.log", "rhythm-build.stamp", "rhythm-setup.stamp"])
  }

  func testWhatIsMissingAndCannotBeInstalledIsNamed() throws {
    try program("pkg-config", "[[ $2 != matio ]]")
    let outcome = try run("x")
    XCTAssertEqual(outcome.status, 1)
    XCTAssertTrue(outcome.error.contains("installing what the build needs: libmatio-dev"))
    XCTAssertTrue(
      outcome.error.contains(
        "could not install libmatio-dev (E: no network); install by hand with: "
          + "sudo apt-get install libmatio-dev"), outcome.error)
    XCTAssertEqual(called(), [])
  }

  func testItRunsThroughALink() throws {
    let link = copy.deletingLastPathComponent().appendingPathComponent("link")
    try FileManager.default.createSymbolicLink(
      atPath: link.path, withDestinationPath: "100 % mine/rhythm")
    XCTAssertEqual(try run("x", script: "../link").output, "tool: x\n")
  }

  func testTiersAreFilters() throws {
    func arguments(_ words: String...) throws -> String {
      let outcome = try Program(copy.appendingPathComponent("rhythm")).run(
        ["test"] + words, in: copy.path,
        environment: [
          "PATH": "\(programs.path):/usr/bin:/bin", "FAKE_CALLS": calls.path,
          "FAKE_ROOT": copy.path, "HOME": copy.path,
        ])
      return outcome.status == 0 ? called().joined() : outcome.error
    }
    let swift = "test --disable-swift-testing --package-path \(copy.path)"
    XCTAssertEqual(try arguments("One"), swift + " --filter ^OneSelfCheck[.]")
    XCTAssertEqual(
      try arguments("--filter", "Thing", "-v"), swift + " --filter Thing -v")
    let newcomer = try arguments()
    XCTAssertTrue(newcomer.hasPrefix(swift + " --skip ^(AttackTests|"), newcomer)
    XCTAssertEqual(
      try arguments("--system"), newcomer.replacingOccurrences(of: "--skip", with: "--filter"))
    let fast = try arguments("--fast")
    XCTAssertTrue(fast.hasPrefix(newcomer + "|"), fast)
    XCTAssertTrue(try arguments("Two").contains("there is no unit Two; there are One"))
    XCTAssertTrue(
      try arguments("One", "--filter", "x").contains("--filter goes without a tier"))
    XCTAssertTrue(try run("test", "--help").output.contains("./rhythm test UNIT"))
  }
}
