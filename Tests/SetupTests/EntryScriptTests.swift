import Foundation
import TestSupport
import XCTest

/// The entry script with a Swift that builds nothing but says what it was called with.
final class EntryScriptTests: XCTestCase {
  /// A copy of the script with blanks, a quote and a letter beyond ASCII in its path.
  private var copy = URL(fileURLWithPath: "/")
  private var programs: URL { copy.deletingLastPathComponent().appendingPathComponent("bin") }
  private var calls: URL { copy.deletingLastPathComponent().appendingPathComponent("calls") }

  override func setUpWithError() throws {
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("entry \(UUID().uuidString)")
    copy = scratch.appendingPathComponent("it's José's")
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
      if [[ -n ${FAKE_GIT:-} ]]; then
        for part in one two; do echo "error: Git command 'git clone' failed: $FAKE_GIT"; done
        exit 1
      fi
      if [[ $1 == test && -n ${FAKE_TESTS:-} ]]; then echo $$ >>"$FAKE_TESTS"; exec sleep 600; fi
      if [[ -n ${FAKE_FAILURE:-} && "$*" == *" $FAKE_FAILURE" ]]; then echo a test failed; exit 3; fi
      if [[ $1 == package ]]; then mkdir -p "$FAKE_ROOT/.build/checkouts"; fi
      if [[ $1 == build ]]; then
        printf '%s' "${FAKE_SAID:-}"
        if [[ -n ${FAKE_WAIT:-} ]]; then touch "$FAKE_WAIT"; sleep 20; fi
        if [[ -n ${FAKE_ERROR:-} ]]; then echo "/a/b.swift:1:2: error: $FAKE_ERROR"; exit 1; fi
        mkdir -p "$FAKE_ROOT/.build/debug"
        touch "$FAKE_ROOT/.build/debug/libRhythmCore.a"
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

  private var environment: [String: String] {
    [
      "PATH": "\(programs.path):/usr/bin:/bin", "FAKE_CALLS": calls.path, "FAKE_ROOT": copy.path,
      "HOME": copy.path,
    ]
  }

  private func run(
    _ arguments: String..., script: String = "rhythm", environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program(copy.appendingPathComponent(script)).run(
      arguments, in: copy.path, environment: self.environment.merging(environment) { $1 })
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
      atPath: link.path, withDestinationPath: "it's José's/rhythm")
    XCTAssertEqual(try run("x", script: "../link").output, "tool: x\n")
  }

  func testTiersAreFilters() throws {
    try FileManager.default.createDirectory(
      at: copy.appendingPathComponent(".build/checkouts"), withIntermediateDirectories: true)
    func arguments(_ words: String...) throws -> String {
      let outcome = try Program(copy.appendingPathComponent("rhythm")).run(
        ["test"] + words, in: copy.path, environment: environment)
      return outcome.status == 0 ? called().joined() : outcome.error
    }
    let build = "build --package-path \(copy.path) --build-tests"
    let swift = "\(build)test --disable-swift-testing --package-path \(copy.path) --skip-build"
    XCTAssertEqual(try arguments("One"), swift + " --filter ^OneSelfCheck[.]")
    XCTAssertEqual(try arguments("--filter", "Thing"), swift + " --filter Thing")
    let newcomer = try arguments("--parallel")
    XCTAssertTrue(newcomer.hasPrefix(swift + " --skip ^(AttackTests|"), newcomer)
    XCTAssertTrue(newcomer.hasSuffix(" --parallel"), newcomer)
    let skipped = String(newcomer.dropLast(" --parallel".count))
    XCTAssertEqual(
      try arguments("--system", "--parallel"),
      newcomer.replacingOccurrences(of: "--skip ^", with: "--filter ^"))
    let fast = try arguments("--fast")
    XCTAssertTrue(fast.hasPrefix(skipped + "|"), fast)
    XCTAssertTrue(try arguments("Two").contains("there is no unit Two; there are One"))
    XCTAssertTrue(
      try arguments("One", "--filter", "x").contains("--filter goes without a tier"))
    XCTAssertTrue(try run("test", "--help").output.contains("./rhythm test UNIT"))
  }

  /// What the first half takes is what the second leaves out; a half that fails is a failure, and both are heard.
  func testATierRunsInTwoHalves() throws {
    func halves(_ words: String...) throws -> (first: [String], second: [String]) {
      let both = try Program(copy.appendingPathComponent("rhythm")).run(
        ["test"] + words, in: copy.path, environment: environment)
      XCTAssertEqual(both.status, 0, both.error)
      let calls = called().filter { $0.hasPrefix("test ") }
        .map {
          $0.components(separatedBy: " --skip-build ").last?.components(separatedBy: " ") ?? []
        }
      XCTAssertEqual(calls.count, 2)
      // one that minds SwiftPM's lock may wait for the other one to its end
      XCTAssertEqual(calls.compactMap(\.first), ["--ignore-lock", "--ignore-lock"])
      let chosen = calls.map { Array($0.dropFirst()) }
      // either may have been the first to say so
      let isInOrder = chosen[1].last?.hasSuffix(chosen[0].dropFirst().first ?? "-") ?? false
      return isInOrder ? (chosen[0], chosen[1]) : (chosen[1], chosen[0])
    }
    let system = try halves("--system")
    XCTAssertEqual(system.first.count, 2)
    XCTAssertEqual(system.second.count, 4)
    XCTAssertEqual(system.second, ["--filter", system.second[1], "--skip", system.first[1]])
    XCTAssertTrue(system.second[1].hasPrefix(system.first[1] + "|"))

    let (first, second) = try halves()
    XCTAssertEqual(first.count, 4)
    XCTAssertEqual(first, ["--filter", first[1], "--skip", system.second[1]])
    XCTAssertEqual(second, ["--skip", "\(first[3])|\(first[1])"])
    for half in [first, second].map({ $0.joined(separator: " ") }) {
      let failed = try run("test", environment: ["FAKE_FAILURE": half])
      XCTAssertEqual(failed.status, 3, half)
      XCTAssertEqual(failed.output, "a test failed\n", half)
    }
  }

  func testAnInterruptionEndsBothHalves() throws {
    let scratch = try Scratch()
    let outcome = try shell(
      """
      set -m
      ./rhythm test & script=$!
      until [[ -e $FAKE_TESTS && $(wc -l <"$FAKE_TESTS") == 2 ]]; do sleep 0.05; done
      kill -INT -- -$script
      wait $script; echo $?
      for _ in {1..200}; do kill -0 $(<"$FAKE_TESTS") 2>/dev/null || break; sleep 0.05; done
      while read -r half; do ! kill $half 2>/dev/null || echo "$half still ran"; done <"$FAKE_TESTS"
      ls "$TMPDIR"
      """, environment: ["FAKE_TESTS": copy.path + "/../tests", "TMPDIR": scratch.path])
    XCTAssertEqual(outcome.output, "130\n", outcome.error)
  }

  /// What changes how tests are built, or is not known here, is swift test's own matter.
  func testOptionsOfTheBuildAreLeftToSwiftTest() throws {
    try FileManager.default.createDirectory(
      at: copy.appendingPathComponent(".build/checkouts"), withIntermediateDirectories: true)
    let swift = "test --disable-swift-testing --package-path \(copy.path)"
    for words in [
      ["--filter", "Thing", "-c", "release"], ["--filter", "Thing", "-Xcc", "-DA"],
      ["--filter", "Thing", "--scratch-path", "x"], ["--filter", "A", "--sanitize", "address"],
      ["--filter", "Thing", "--enable-code-coverage"], ["One", "-v"], ["--fast", "--list-tests"],
    ] {
      _ = try Program(copy.appendingPathComponent("rhythm")).run(
        ["test"] + words, in: copy.path, environment: environment)
      let called = called()
      XCTAssertEqual(called.count, 1, "\(called)")
      XCTAssertTrue(called.first?.hasPrefix(swift + " ") ?? false, "\(called)")
      XCTAssertTrue(called.first?.hasSuffix(words.last ?? "") ?? false, "\(called)")
      XCTAssertFalse(called.first?.contains("--skip-build") ?? true, "\(called)")
    }
    for words in [
      ["--filter=Thing", "--parallel"], ["--skip", "A", "--num-workers", "2"],
      ["--filter", "A", "--xunit-output", "x.xml"],
    ] {
      _ = try Program(copy.appendingPathComponent("rhythm")).run(
        ["test"] + words, in: copy.path, environment: environment)
      XCTAssertEqual(
        called(),
        [
          "build --package-path \(copy.path) --build-tests",
          "\(swift) --skip-build \(words.joined(separator: " "))",
        ])
    }
    // a part of the package is not what the tool needs
    _ = try run("test", "--filter", "A", environment: ["RHYTHMLAB_PART": "core"])
    XCTAssertEqual(called(), ["\(swift) --filter A"])
  }

  /// Whichever is called first, tool or tests, builds for both.
  func testTheToolIsBuiltWithTheTests() throws {
    let first = try run("test", "--filter", "A")
    XCTAssertEqual(first.status, 0, first.error)
    XCTAssertEqual(
      called(),
      [
        "package --package-path \(copy.path) resolve",
        "build --package-path \(copy.path) --build-tests",
        "test --disable-swift-testing --package-path \(copy.path) --skip-build --filter A",
      ])
    XCTAssertTrue(first.error.contains("rhythm: building; the first time takes"), first.error)
    XCTAssertEqual(try run("x").output, "tool: x\n")
    XCTAssertEqual(called(), [])
    // the tests' own sources and a student's files may have changed: SwiftPM looks, and nothing is said
    XCTAssertEqual(try run("test", "--filter", "A").error, "")
    XCTAssertEqual(called().count, 2)
  }

  /// What the compiler says of a file is shown as it says it; its progress and its remarks are not.
  func testTheCompilersMessagesAreShownAndItsRemarksAreNot() throws {
    let said = """
      [1/3] Compiling One A.swift
      remark: Incremental compilation has been disabled: it is not compatible with whole module optimization
      /a/A.swift:4:5: warning: variable 'x' was never used
       3 | func f() {
       4 |   let x = 1
         |       `- warning: variable 'x' was never used
      [2/3] Linking One
      Build complete! (1.23s)

      """
    let outcome = try run("test", "--filter", "A", environment: ["FAKE_SAID": said])
    XCTAssertEqual(outcome.status, 0)
    let lines = said.split(separator: "\n")[2...5].joined(separator: "\n") + "\n"
    XCTAssertTrue(outcome.error.contains(lines), outcome.error)
    for word in ["remark:", "Compiling", "Linking", "Build complete"] {
      XCTAssertFalse(outcome.error.contains(word), outcome.error)
    }
    let failed = try run(
      "test", "--filter", "A", environment: ["FAKE_SAID": said, "FAKE_ERROR": "no such thing"])
    XCTAssertEqual(failed.status, 1)
    XCTAssertTrue(failed.error.contains(lines), failed.error)
    // once, in its place
    XCTAssertEqual(failed.error.ranges(of: "/a/b.swift:1:2: error: no such thing\n").count, 1)
    XCTAssertTrue(failed.error.hasSuffix("the whole log is \(copy.path)/.build/rhythm-build.log\n"))
    // the tool's build is not what a student wrote
    let tool = try run("x", environment: ["FAKE_SAID": said])
    XCTAssertFalse(tool.error.contains("warning:"), tool.error)
  }

  func testTestsThatDoNotBuildAreNotRun() throws {
    let outcome = try run("test", "--filter", "A", environment: ["FAKE_ERROR": "no such thing"])
    XCTAssertEqual(outcome.status, 1)
    XCTAssertFalse(called().contains { $0.hasPrefix("test ") })
  }

  /// The libraries that workers are linked with are taken away before a build, which may fail.
  func testABuildThatLostItsLibrariesIsDoneAgain() throws {
    _ = try run("x")
    _ = called()
    try FileManager.default.removeItem(
      at: copy.appendingPathComponent(".build/debug/libRhythmCore.a"))
    XCTAssertEqual(try run("x").output, "tool: x\n")
    XCTAssertEqual(called(), builds(["rhythm", "RhythmCore", "RecurrentLayers"]))
  }

  /// Ctrl-C while the tests are built ends the build and the script, by the signal itself.
  func testAnInterruptionEndsTheBuildOfTheTests() throws {
    let outcome = try shell(
      """
      set -m
      ./rhythm test --filter A & script=$!
      until [[ -e $FAKE_WAIT ]]; do sleep 0.05; done
      kill -INT -- -$script
      wait $script; echo $?
      """, environment: ["FAKE_WAIT": copy.path + "/../waiting"])
    XCTAssertEqual(outcome.output, "130\n", outcome.error)
    XCTAssertFalse(called().contains { $0.hasPrefix("test ") })
  }

  /// A shell's line in place of the script alone: for limits and streams.
  private func shell(_ line: String, environment: [String: String] = [:]) throws -> Program.Outcome
  {
    try Program(URL(fileURLWithPath: "/bin/bash")).run(
      ["-c", line], in: copy.path,
      environment: self.environment.merging(environment) { $1 })
  }

  func testAnotherNameOfTheMachineIsNoReasonToBuild() throws {
    try program("uname", "[[ $1 == *n* ]] && echo \"$FAKE_HOST\"; echo Linux x86_64")
    _ = try run("x", environment: ["FAKE_HOST": "one"])
    XCTAssertFalse(called().isEmpty)
    XCTAssertEqual(try run("x", environment: ["FAKE_HOST": "two"]).output, "tool: x\n")
    XCTAssertEqual(called(), [])
    // a folder that machines share: what is missing on one of them is said there
    try program("pkg-config", "[[ $2 != matio ]]")
    XCTAssertTrue(try run("x").error.contains("could not install libmatio-dev"))
  }

  func testAMovedFolderIsBuiltAnew() throws {
    _ = try run("x")
    _ = called()
    let modules = copy.appendingPathComponent(".build/x86_64/debug/ModuleCache")
    try FileManager.default.createDirectory(at: modules, withIntermediateDirectories: true)
    let before = copy
    copy = before.deletingLastPathComponent().appendingPathComponent("moved")
    try FileManager.default.moveItem(at: before, to: copy)
    let moved = try run("x")
    XCTAssertEqual(moved.output, "tool: x\n", moved.error)
    XCTAssertTrue(moved.error.contains("this folder was built at another place"), moved.error)
    XCTAssertEqual(called(), builds(["rhythm", "RhythmCore", "RecurrentLayers"]))
    XCTAssertFalse(
      FileManager.default.fileExists(
        atPath: copy.appendingPathComponent(".build/x86_64/debug/ModuleCache").path))
    XCTAssertEqual(try run("x").error, "")
  }

  /// Clang's own names for files in the making have per cent signs for digits.
  func testAPerCentSignInThePathIsASentence() throws {
    let before = copy
    copy = before.deletingLastPathComponent().appendingPathComponent("100 % mine")
    try FileManager.default.moveItem(at: before, to: copy)
    let outcome = try run("x")
    XCTAssertEqual(outcome.status, 1)
    XCTAssertTrue(outcome.error.contains("a folder with a % in its path"), outcome.error)
    XCTAssertEqual(called(), [])
  }

  func testPackagesThatCannotBeFetchedAreOneSentence() throws {
    let git =
      "fatal: unable to access 'https://github.com/a/b/': Could not resolve host: github.com"
    for words in [["x"], ["test"]] {
      let outcome = try Program(copy.appendingPathComponent("rhythm")).run(
        words, in: copy.path,
        environment: [
          "PATH": "\(programs.path):/usr/bin:/bin", "FAKE_CALLS": calls.path, "HOME": copy.path,
          "FAKE_GIT": git,
        ])
      XCTAssertEqual(outcome.status, 1)
      XCTAssertTrue(
        outcome.error.contains(
          "the packages of Package.resolved could not be fetched from github.com "
            + "(Could not resolve host: github.com): is there a network?"), outcome.error)
      XCTAssertFalse(outcome.error.contains("Git command"), outcome.error)
    }
    XCTAssertEqual(called().last, "package --package-path \(copy.path) resolve")
  }

  func testFewOpenFilesAreRaisedOrASentence() throws {
    _ = try run("x")
    let tool = copy.appendingPathComponent(".build/debug/rhythm")
    try "#!/bin/bash\nulimit -S -n\n".write(to: tool, atomically: false, encoding: .utf8)
    XCTAssertEqual(try shell("ulimit -S -n 64; ./rhythm x").output, "1024\n")
    // as root the hard limit may be raised as well, if the machine allows that
    let hard = try shell("ulimit -n 64; ./rhythm x")
    if hard.status == 0 {
      XCTAssertEqual(hard.output, "1024\n")
    } else {
      XCTAssertEqual(hard.status, 1)
      XCTAssertTrue(hard.error.contains("only 64 open files, and 256 are needed"), hard.error)
    }
  }

  func testNobodyNeedsToReadWhatIsSaid() throws {
    for line in ["./rhythm x 2>&-", "./rhythm x 2>/dev/full"] {
      try? FileManager.default.removeItem(at: copy.appendingPathComponent(".build"))
      let outcome = try shell(line)
      XCTAssertEqual(outcome.status, 0, line)
      XCTAssertEqual(outcome.output, "tool: x\n", line)
    }
    try? FileManager.default.removeItem(at: copy.appendingPathComponent(".build"))
    // the reader is gone before the first word
    let gone = try shell("exec 3>&1; { sleep 0.3; ./rhythm x >&3; echo $? >&3; } 2>&1 | true; wait")
    XCTAssertEqual(gone.output, "tool: x\n0\n", gone.error)
  }

  /// The sandbox's own user reads the build when root grades.
  func testTheBuildIsOpenToAllUnderAnyUmask() throws {
    _ = try shell("umask 077; ./rhythm x")
    for (path, mode) in [
      (".build", 0o755), (".build/debug", 0o755), (".build/rhythm-build.stamp", 0o644),
    ] {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: copy.appendingPathComponent(path).path)
      XCTAssertEqual(attributes[.posixPermissions] as? Int, mode, path)
    }
    // what the tool writes is the caller's
    let tool = copy.appendingPathComponent(".build/debug/rhythm")
    try "#!/bin/bash\numask\n".write(to: tool, atomically: false, encoding: .utf8)
    XCTAssertEqual(try shell("umask 077; ./rhythm x").output, "0077\n")
  }
}
