import Assignment
import Foundation
import Grading
import Judge
import Proof
import Release
import TestSupport
import ToyChecks
import Training
import Units
import XCTest

/// What must hold between the files of a unit.
final class UnitTests: XCTestCase {
  private let root = Repository.folder

  /// All units with the folders of their courses: those of the registry, and the toy.
  private var units: [(unit: any CourseUnit.Type, course: URL)] {
    Units.units.map { ($0, root) } + [(ToyUnit.self, ToyCourse.folder)]
  }

  func testTheFilesOfEveryUnitFitTogether() throws {
    for (unit, course) in units {
      let folder = course.appendingPathComponent("Assignments/\(unit.name)").path
      let tests = unit.checks.flatMap { entry in
        entry.allTests.map { "\(entry.testCaseClass)/\($0.0)" }
      }
      let manifest = try AssignmentManifest.read(folder + "/assignment.yml")
      XCTAssertEqual(try UnitFiles(manifest, tests: tests, folder: folder).problems, [], unit.name)
      // each kind of problem is one
      // the kind of data is said to the student and to the judge
      XCTAssertEqual(manifest.data?.kind, unit.facts.data?.kind, unit.name)
      // what only a training reads
      for schedule in [manifest.recipe?.schedule] + (manifest.goals ?? [:]).values.map(\.schedule) {
        XCTAssertNoThrow(try StepSizeSchedule.named(schedule), unit.name)
      }
      XCTAssertTrue(
        try UnitFiles(manifest, tests: tests + ["A/b"], folder: folder).problems
          .contains("A/b is not listed in assignment.yml"))
      XCTAssertEqual(
        try UnitFiles(manifest, tests: Array(tests.dropFirst()), folder: folder).problems.count, 1)
      var other = manifest
      other.tasks[0].points += 0.5
      other.tasks[0].hints = []
      XCTAssertEqual(
        try UnitFiles(other, tests: tests, folder: folder).problems.count, 2, unit.name)
      guard let question = manifest.questions?.first else { continue }
      other = manifest
      other.questions?.append(question)
      other.questions?[0].points += 1
      XCTAssertGreaterThanOrEqual(
        try UnitFiles(other, tests: tests, folder: folder).problems.count, 3, unit.name)
    }
  }

  /// A mistake is known by its id: two of one model must not share it, and sentences say different things.
  func testMistakesHaveIDsOfTheirOwn() throws {
    for unit in Units.units {
      for (model, named) in unit.facts.mistakes?.named ?? [:] {
        XCTAssertEqual(
          named.filter { !MistakeName.isID($0.id) }.map(\.id), [], "\(unit.name), \(model)")
        for (field, texts) in [("id", named.map(\.id)), ("sentence", named.map(\.sentence))] {
          let twice = Dictionary(grouping: texts, by: \.self).filter { $1.count > 1 }.keys
          XCTAssertEqual(twice.sorted(), [], "\(unit.name), \(model): an \(field) twice")
        }
      }
      XCTAssertFalse(unit.facts.mistakeSentences.isEmpty, unit.name)
    }
  }

  func testAMistakesNameIsReadAsItIsWritten() throws {
    let name = MistakeName(subject: "LSTM", id: "tanh-gates-2")
    XCTAssertEqual(MistakeName("LSTM/tanh-gates-2"), name)
    XCTAssertEqual(
      try JSONDecoder().decode([MistakeName].self, from: JSONEncoder().encode([name])), [name])
    for text in ["", "LSTM", "/a", "LSTM/", "LSTM/A", "LSTM/a-", "LSTM/a--b", "LSTM/a b", "a/b/c"] {
      XCTAssertNil(MistakeName(text), text)
    }
    XCTAssertThrowsError(try JSONDecoder().decode([MistakeName].self, from: Data(#"["a"]"#.utf8)))
  }

  /// What a check asks is its kind: headings may be anything, and every check of a unit has one that is
  /// written.
  func testAKindIsNoHeading() throws {
    for unit in Units.units {
      let path = root.appendingPathComponent("Assignments/\(unit.name)/assignment.yml").path
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let checks = try AssignmentManifest.read(path).tasks.flatMap(\.checks)
      // data and optimisers have kinds too
      let others = ["data: {kind: ", "optimiser: {kind: "].map { text.ranges(of: $0).count }
      XCTAssertEqual(
        text.ranges(of: "kind: ").count, checks.count + others.reduce(0, +), unit.name)
      let copy = NSTemporaryDirectory() + "/assignment-\(UUID().uuidString).yml"
      defer { try? FileManager.default.removeItem(atPath: copy) }
      func kinds(_ text: String) throws -> [CheckKind] {
        try text.write(toFile: copy, atomically: true, encoding: .utf8)
        return try AssignmentManifest.read(copy).tasks.flatMap(\.checks).map(\.kind)
      }
      XCTAssertEqual(
        try kinds(text.replacing(#/(kind: \w+, title: )[^,]+,/#) { "\($0.1)accuracy," }),
        checks.map(\.kind))
      // as files were written before there were kinds
      XCTAssertEqual(
        try kinds(text.replacing(#/kind: \w+, title/#, with: "title")),
        checks.map { $0.trains ? .goal : .property })
    }
  }

  /// Of the units of the course `./rhythm release --check` says it: who works in Assignments must not see it fail.
  func testTheToysStubsAreThoseOfItsSolutions() throws {
    XCTAssertEqual(
      try UnitRelease(unit: ToyUnit.name, root: ToyCourse.folder).differences(), [])
  }

  func testTheLibraryAndTheClassOfEveryUnitFitItsSolutions() throws {
    for (unit, course) in units {
      func folder(_ path: String) -> URL { course.appendingPathComponent("\(path)/\(unit.name)") }
      let manifest = try AssignmentManifest.read(
        folder("Assignments").appendingPathComponent("assignment.yml").path)
      let library = try MistakeLibrary(
        folder: folder("Grader/Units").appendingPathComponent("Mistakes"),
        solutions: folder("Solutions"), manifest: manifest,
        known: unit.facts.mistakeSentences)
      XCTAssertTrue(library.entries.contains { $0.isRight }, unit.name)
      XCTAssertTrue(library.entries.contains { !$0.isRight }, unit.name)
      let sample = try SampleClass(file: folder("Grader/Units").appendingPathComponent("class.yml"))
      XCTAssertGreaterThanOrEqual(sample.members.count, 3, unit.name)
    }
  }

  func testAWrongAssignmentFileIsRefusedWithASentence() throws {
    let good = try String(
      contentsOf: root.appendingPathComponent("Assignments/RecurrentNetworks/assignment.yml"),
      encoding: .utf8)
    let path = NSTemporaryDirectory() + "/assignment-\(UUID().uuidString).yml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (from, to, part) in [
      ("points: 5\n", "points: 6\n", "task 4.7b has 6.0 points, its checks have 5.0"),
      ("needs: [lstm.parameters]", "needs: [lstm.parametres]", "needs lstm.parametres"),
      ("id: lstm.values", "id: rnn.values", "two checks rnn.values"),
      ("file: LSTM.swift", "file: LTSM.swift", "not listed under files"),
      ("tasks:", "taks:", "not a valid assignment file"),
      ("    hints:\n", "    hint:\n", ": hint is not a word of an assignment file"),
      ("{id: 4.11b, points: 2}", "{id: 4.11a, points: 2}", "4.11a stands there twice"),
      ("{id: 4.11b, points: 2}", "{id: 4.11b, points: 0}", "question 4.11b has 0.0 points"),
      ("kind: values", "kind: valeus", "valeus is no kind of check: there are parameters, start,"),
      ("kind: values", "kind: goal", "rnn.values is of the kind goal: name the network"),
      (
        "kind: goal", "kind: learns",
        "convnet.accuracy has a goal, so its kind is goal and not learns"
      ),
      ("minimum: 0.75", "minimum: 1.7", "the goal of ConvNet is 1.7; it is a fraction"),
      ("attempts: 4", "attempts: 0", "goal of ConvNet needs steps, attempts"),
      ("attempts: 4", "attempts: 4, clipNorm: 0", "learningRate and clipNorm above zero"),
      ("attempts: 4", "attempts: 4, average: 1", "has an average of 1.0; it is a decay below 1"),
      ("# passMark: 0.5", "passMark: 55", "passMark is 55.0; it is a share"),
      ("# passMark: 0.5", "passmark: 0.5", ": passmark is not a word of an assignment file"),
      ("validation: 2000", "validation: 0", "data needs training"),
      ("  ConvNet: {steps", "  ConvNets: {steps", "convnet.accuracy trains ConvNet, for which"),
      (
        "data: {kind: spectrogram-chunks, training: 12000, validation: 2000}\n", "",
        "nothing is said under data"
      ),
      (
        "{name: ConvNet, epochs: 20}", "{name: convnet, epochs: 20}",
        "ConvNet, which is not under networks"
      ),
      (
        "{name: ConvNet, epochs: 20}", "{name: rnnnet, epochs: 20}",
        "the network rnnnet stands there twice"
      ),
      (
        "{name: ConvNet, epochs: 20}", "{name: ConvNet, epochs: 0}",
        "ConvNet needs epochs above zero"
      ),
      ("name: random-chunks", "name: chunks", "the experiment chunks stands there twice"),
      (
        "- {network: RNNNet, printed", "- {network: LSTMNet, printed",
        "the experiment chunks has two rows LSTMNet: give them titles"
      ),
      ("networks:\n  - {name", "recipe: {average: 1}\nnetworks:\n  - {name", "the recipe needs"),
      ("name: random-chunks", "name: a/b", "needs a name of letters, digits and hyphens"),
    ] {
      XCTAssertTrue(good.contains(from), from)
      try Data(good.replacingOccurrences(of: from, with: to).utf8).write(
        to: URL(fileURLWithPath: path))
      XCTAssertThrowsError(try AssignmentManifest.read(path), to) {
        XCTAssertTrue("\($0)".contains(part), "\($0)")
      }
    }
  }

  func testAReleaseWritesOverNothingThatGitHasNot() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("release-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let stub = folder.appendingPathComponent("Assignments/U/A.swift")
    func write(_ text: String, _ file: URL) throws {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    func git(_ arguments: String...) throws {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments =
        ["git", "-C", folder.path, "-c", "user.name=n", "-c", "user.email=e"] + arguments
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      XCTAssertEqual(process.terminationStatus, 0, "\(arguments)")
    }
    let release = UnitRelease(unit: "U", root: folder)
    try write("let a = 1\n", folder.appendingPathComponent("Solutions/U/A.swift"))
    // nothing there yet, and what is there already
    try FileManager.default.createDirectory(
      at: stub.deletingLastPathComponent(), withIntermediateDirectories: true)
    try release.write()
    try release.write()
    func refuses(line: UInt = #line) throws {
      let before = try Data(contentsOf: stub)
      XCTAssertThrowsError(try release.write(), line: line) {
        XCTAssertTrue(
          "\($0)".contains("what is in Assignments/U/A.swift, which"), "\($0)", line: line)
      }
      XCTAssertEqual(try Data(contentsOf: stub), before, line: line)
    }
    // there is no git, then git does not know it, then it does
    try write("mine\n", stub)
    try refuses()
    try git("init", "-q")
    try refuses()
    try git("add", ".")
    try git("commit", "-qm", "x")
    try release.write()
    XCTAssertEqual(try String(contentsOf: stub, encoding: .utf8), "let a = 1\n")
    try write("mine again\n", stub)
    try refuses()
    try release.write(force: true)
    XCTAssertEqual(try String(contentsOf: stub, encoding: .utf8), "let a = 1\n")
  }

  func testAStubSaysWhatToDoAndThrows() throws {
    let source = """
      struct A {
        // BEGIN DECLARATIONS 1.2: declare b
        var b = 3
        // END DECLARATIONS
        func c() throws -> Int {
          // BEGIN SOLUTION 1.2: return b
          let secret = b
          return secret
          // END SOLUTION
        }
      }
      """
    XCTAssertEqual(
      try StubGenerator.stub(of: source, file: "A.swift"),
      """
      struct A {
        // TODO: Task 1.2: declare b
        func c() throws -> Int {
          // TODO: Task 1.2: return b
          throw Unimplemented("1.2")
        }
      }
      """)
  }

  func testWrongMarkersAreRefusedWithTheirLine() {
    for (source, part) in [
      ("// BEGIN SOLUTION 1: x\n", "A.swift:1: this region is not closed"),
      ("// END SOLUTION", "A.swift:1: this END closes no region"),
      ("// BEGIN SOLUTION 1: x\n// BEGIN SOLUTION 2: y", "A.swift:2: a region begins inside"),
      ("// BEGIN SOLUTION 1: x\n// END DECLARATIONS", "A.swift:2: this END closes no region"),
      ("// BEGIN SOLUTION", "A.swift:1: expected"),
    ] {
      XCTAssertThrowsError(try StubGenerator.stub(of: source, file: "A.swift"), source) {
        XCTAssertTrue("\($0)".contains(part), "\($0)")
      }
    }
  }
}
