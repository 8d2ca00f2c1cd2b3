import Foundation
import Grading
import Publication
import Sandbox
import TestSupport
import XCTest

@testable import Assignment
@testable import Building

final class BuilderTests: XCTestCase {
  /// The program without parts of the core.
  private let core = StudentProgram(parts: [])

  /// Once the machine was at fault (a full disk, a strict umask), it need not be so again.
  func testThatOurOwnFilesDoNotCompileIsNotRemembered() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch, ownCore: true)
    let builder = try unit.builder()
    guard case .built(let worker, _) = try builder.build([:], program: core, children: Children())
    else { return XCTFail("does not build") }
    let record = URL(fileURLWithPath: worker).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("record.json")
    var kept = try XCTUnwrap(
      JSONSerialization.jsonObject(with: Data(contentsOf: record)) as? [String: Any])
    kept["errors"] = ["<unknown>:0: error: error opening input file (Permission denied)"]
    try JSONSerialization.data(withJSONObject: kept).write(to: record)
    XCTAssertEqual(
      try builder.build([:], program: core, children: Children()), .built(worker: worker))
  }

  /// What the compiler warns of in a student's file is told, also of a worker from the cache; what it warns
  /// of in the course's own is not.
  func testWarningsOfTheStudentsFiles() throws {
    let scratch = try Scratch()
    let builder = try TinyUnit(scratch, ownCore: true).builder()
    let shadowed = """
      func first() -> Int {
        var sum = 0
        for step in 0..<3 { let sum = sum + step }
        return sum
      }
      """
    for _ in 0..<2 {
      guard
        case .built(_, let warnings) = try builder.build(
          ["First.swift": Array(shadowed.utf8)], program: core, children: Children())
      else { return XCTFail("does not build") }
      XCTAssertEqual(warnings.count, 2, "\(warnings)")
      XCTAssertTrue(
        warnings.contains { $0.hasPrefix("First.swift:2:7: warning: variable 'sum' was never mu") },
        "\(warnings)")
    }
    XCTAssertEqual(
      CompilerMessages.warnings(
        in: """
          /a/Own.swift:1:2: warning: w
          /a/My.swift:3:4: warning: v
          /a/My.swift:5:6: error: e
          """, about: ["My.swift"]), ["My.swift:3:4: warning: v"])
  }

  func testBuildsCachesAndRejects() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch, ownCore: true)
    let builder = try unit.builder()
    let children = Children()
    let good: [String: [UInt8]] = [
      "First.swift": Array("import TinyCore\nfunc first() -> Int { double(21) }\n".utf8)
    ]
    let (first, second) = (CompilerBudget(), CompilerBudget())
    let built = try builder.build(good, program: core, children: children, budget: first)
    guard case .built(let worker, _) = built else {
      return XCTFail("does not build")
    }
    // double(21) comes from the core, 0 from the stub of the file that was not handed in.
    let run = try ChildProcess(
      unit.sandbox.confined([worker], view: .worker, limits: Limits(), readOnly: [worker]))
    XCTAssertTrue(run.wait().isSuccess, run.standardError.text)
    XCTAssertEqual(run.standardOutput.text, "42 0\n")

    // The same sources lead to the same worker, which is not built again.
    let before = try FileManager.default.attributesOfItem(atPath: worker)[.modificationDate]
    XCTAssertEqual(
      try builder.build(good, program: core, children: children, budget: second),
      .built(worker: worker))
    // what the compiler took is remembered with what it made: more than nothing, less than its limit
    XCTAssertEqual(first.taken, second.taken)
    XCTAssertGreaterThan(first.taken, 0.05)
    XCTAssertLessThan(first.taken, Limits.build.cpuSeconds)
    let after = try FileManager.default.attributesOfItem(atPath: worker)[.modificationDate]
    XCTAssertEqual(before as? Date, after as? Date)
    // Sources that differ from what the cache folder holds are never served from it.
    let stored =
      URL(fileURLWithPath: worker).deletingLastPathComponent()
      .deletingLastPathComponent().path + "/sources/First.swift"
    try "func first() -> Int { 1 }".write(toFile: stored, atomically: true, encoding: .utf8)
    XCTAssertEqual(
      try builder.build(good, program: core, children: children), .built(worker: worker))
    XCTAssertEqual(
      try String(contentsOfFile: stored, encoding: .utf8),
      "import TinyCore\nfunc first() -> Int { double(21) }\n")

    let bad: [String: [UInt8]] = [
      "Second.swift": Array("func second() -> Int {\n  let x: Int = \"a\"\n  return x\n}\n".utf8)
    ]
    guard case .rejected(let errors) = try builder.build(bad, program: core, children: children)
    else {
      return XCTFail("compiles")
    }
    XCTAssertEqual(
      errors,
      [
        "Second.swift:2:16: error: "
          + "cannot convert value of type 'String' to specified type 'Int'"
      ])

    let missing: [String: [UInt8]] = ["First.swift": Array("func other() {}\n".utf8)]
    guard case .rejected(let said) = try builder.build(missing, program: core, children: children)
    else {
      return XCTFail("compiles")
    }
    XCTAssertTrue(said.first?.hasPrefix("Worker.swift:1:") == true, "\(said)")
    XCTAssertTrue(said.last?.contains("the course's own file") == true, "\(said)")

    let peeking: [String: [UInt8]] = [
      "First.swift": Array("import Secret\nfunc first() -> Int { answer }\n".utf8)
    ]
    XCTAssertEqual(
      try builder.build(peeking, program: core, children: children),
      .rejected(errors: ["First.swift:1:8: error: no such module 'Secret'"]))

    // A file that the manifest does not name replaces nothing of ours.
    let sly: [String: [UInt8]] = ["Worker.swift": Array("#error(\"taken\")\n".utf8)]
    guard case .built = try builder.build(sly, program: core, children: children) else {
      return XCTFail("a student's Worker.swift was used")
    }
  }

  /// Another process that keeps the cache small may take away what this one still needs.
  func testWhatIsGoneFromTheCacheIsMadeAnew() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch, ownCore: true)
    let builder = try unit.builder()
    func source(_ number: Int) -> [String: [UInt8]] {
      ["First.swift": Array("import TinyCore\nfunc first() -> Int { double(\(number)) }\n".utf8)]
    }
    guard
      case .built(let worker, _) = try builder.build(source(1), program: core, children: Children())
    else {
      return XCTFail("does not build")
    }
    let cache = URL(fileURLWithPath: worker).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    for name in try FileManager.default.contentsOfDirectory(atPath: cache.path) {
      try FileManager.default.removeItem(at: cache.appendingPathComponent(name))
    }
    guard case .built = try builder.build(source(2), program: core, children: Children()) else {
      return XCTFail("blames the student's file")
    }
  }

  /// A core that is being built anew, a full disk: nobody's files compile then, and it passes.
  func testWhatStopsOurOwnFilesIsNotBlamedOnTheStudent() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch, ownCore: true)
    let builder = try unit.builder()
    let files = [
      "First.swift": Array("import TinyCore\nfunc first() -> Int { double(21) }\n".utf8)
    ]
    for path in ["core/libTinyCore.a", "core/TinyCore.swiftmodule"] {
      let file = URL(fileURLWithPath: scratch.path + "/" + path)
      let good = try Data(contentsOf: file)
      try Data("not what it was".utf8).write(to: file)
      XCTAssertThrowsError(try builder.build(files), path) {
        XCTAssertTrue("\($0)".contains("for a reason that is not the student's"), "\($0)")
      }
      try good.write(to: file)
    }
    guard case .built = try builder.build(files) else {
      return XCTFail("the failure was kept as the student's")
    }
    // the linker's words are the student's where our own files do compile
    let missing =
      "@_silgen_name(\"nowhere\") func nowhere() -> Int\nfunc first() -> Int { nowhere() }\n"
    guard case .rejected(let errors) = try builder.build(["First.swift": Array(missing.utf8)])
    else {
      return XCTFail("links")
    }
    XCTAssertTrue(errors.contains { $0.contains("nowhere") }, "\(errors)")
  }

  /// The same compiler without namespaces: what lies beside the core is out of its reach too.
  func testBuildsUnderLandlock() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch, .landlock, ownCore: true)
    let builder = try unit.builder()
    let good = Array("import TinyCore\nfunc first() -> Int { double(21) }\n".utf8)
    let outcome = try builder.build(["First.swift": good])
    guard case .built(let worker, _) = outcome else { return XCTFail("\(outcome)") }
    let run = try ChildProcess(
      unit.sandbox.confined([worker], view: .worker, limits: Limits(), readOnly: [worker]))
    XCTAssertTrue(run.wait().isSuccess, run.standardError.text)
    XCTAssertEqual(run.standardOutput.text, "42 0\n")
    // nothing of the compiler's own stays
    let place = URL(fileURLWithPath: worker).deletingLastPathComponent().deletingLastPathComponent()
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: place.path).sorted(),
      ["product", "record.json", "sources"])
    let peeking = Array("import Secret\nfunc first() -> Int { answer }\n".utf8)
    guard case .rejected(let errors) = try builder.build(["First.swift": peeking]) else {
      return XCTFail("it saw what lies beside the core")
    }
    XCTAssertTrue(errors[0].hasPrefix("First.swift:1:8: error:"), "\(errors)")
  }

  func testCompilerIsLimited() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch, ownCore: true)
    var limits = Limits.build
    limits.wallSeconds = 0.2
    let builder = try unit.builder(limits: limits)
    // Nothing that a fast machine, or one whose waits are not counted, could finish in time.
    let endless = ["First.swift": Array(endlessToCompile("first").utf8)]
    // The machine may have been busy: the first time this is no answer, and it is not kept.
    XCTAssertThrowsError(try builder.build(endless, program: core, children: Children())) {
      XCTAssertTrue($0 is BuildTimedOut, "\($0)")
    }
    let outcome = try builder.build(endless, program: core, children: Children(), patience: 1.5)
    guard case .rejected(let errors) = outcome else { return XCTFail("not limited") }
    XCTAssertTrue(errors[0].contains("did not finish within"), errors[0])
  }

  func testMissingCoreIsOurFault() throws {
    let scratch = try Scratch()
    var core = try TinyUnit(scratch, ownCore: true).core
    core.libraries.append(scratch.path + "/core/libNone.a")
    XCTAssertThrowsError(try core.fingerprint()) {
      XCTAssertTrue("\($0)".contains("libNone.a"), "\($0)")
    }
  }

  func testNamesInvisibleCharactersOfTheLine() {
    let errors = [
      "Sums.swift:2:9: error: consecutive statements", "Sums.swift:1:1: error: plain",
      "Means.swift:7:1: error: not there", "not of a line",
    ]
    let lines = ["let a = 1", "let H = \u{200b}try tanh(a)"]
    let explained = CompilerMessages.explained(errors) { file, number in
      file == "Sums.swift" ? lines[number - 1] : nil
    }
    XCTAssertTrue(
      explained[0].hasPrefix(errors[0] + " (line 2 has an invisible character, U+200B"),
      explained[0])
    XCTAssertEqual(Array(explained.dropFirst()), Array(errors.dropFirst()))
  }

  func testReadsCompilerMessages() {
    let text = """
      /some/where/Means.swift:41:9: error: cannot find 'foo' in scope
      Means.swift:41:9: error: cannot find 'foo' in scope
      Means.swift:50:1: note: here
      Sums.swift:7:2: error: expected '}'
      """
    XCTAssertEqual(
      CompilerMessages.errors(in: text),
      [
        "Means.swift:41:9: error: cannot find 'foo' in scope",
        "Sums.swift:7:2: error: expected '}'",
      ])
    func blames(_ text: String) -> Bool {
      CompilerMessages.blamesSources(text, names: ["Means.swift", "Sums.swift"])
    }
    XCTAssertTrue(blames(text))
    XCTAssertFalse(blames("Sums.swift:1:8: error: no such module 'TinyCore'"))
    XCTAssertFalse(blames("ld.lld: error: undefined symbol: nowhere"))
    // a header of the system's that was replaced meanwhile
    XCTAssertFalse(blames("/usr/include/cblas.h:1:10: error: 'gone.h' file not found"))
    XCTAssertEqual(
      CompilerMessages.errors(in: "ld: undefined reference to x\n"),
      ["ld: undefined reference to x"])
    XCTAssertEqual(
      CompilerMessages.errors(
        in: """
          /opt/swift/usr/bin/clang: error: cannot link '/tmp/rhythm-1/product/Means.o'
          /srv/Means.swift:1:2: error: cannot read '/srv/secret/x.h'
          """),
      ["Means.swift:1:2: error: cannot read 'x.h'"])
    XCTAssertEqual(
      CompilerMessages.errors(in: "/opt/swift/usr/bin/ld: cannot open /tmp/rhythm-1/Means.o\n"),
      ["ld: cannot open Means.o"])
  }

  func testNoPathOfTheMachineIsInWhatAStudentReads() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    let mistakes = [
      "func second() -> Int { oops }", "func second( -> Int {", "import Nowhere",
      "#error(\"stop\")\nfunc second() -> Int { 7 }",
      "#sourceLocation(file: \"/etc/passwd\", line: 1)\nfunc second() -> Int { oops }",
      "@_silgen_name(\"nowhere\") func nowhere() -> Int\nfunc second() -> Int { nowhere() }",
      "func second() -> Int { 7 }\nfunc first() -> Int { 0 }",
    ]
    for (number, text) in mistakes.enumerated() {
      try scratch.write(text, "class/student\(number)/Second.swift")
    }
    let summary = try unit.grade(scratch)
    XCTAssertEqual(summary.submissions.count, mistakes.count)
    for result in summary.submissions {
      let said = result.notes + result.checks.map(\.message)
      XCTAssertTrue(said.contains { $0.contains("error") || $0.contains("nowhere") }, "\(said)")
      for path in [scratch.path, unit.cacheFolder, "/tmp/", "/opt/", "/usr/", "/etc/", "cache/"] {
        XCTAssertFalse(said.contains { $0.contains(path) }, "\(path): \(said)")
      }
    }
  }
}
