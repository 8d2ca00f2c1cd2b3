import Foundation
import Grading
import Sandbox
import TestSupport
import XCTest

@testable import Assignment
@testable import Building

/// What of the core a student's file may not use, found in what its object asks for.
final class ReservedNamesTests: XCTestCase {
  private let core = StudentProgram(parts: [])

  /// A unit whose files may not use the core's `double`, which a given file does.
  private func unit(_ scratch: Scratch) throws -> TinyUnit {
    let unit = try TinyUnit(scratch)
    let path = unit.assignmentFolder + "/assignment.yml"
    let manifest = try String(contentsOfFile: path, encoding: .utf8)
    try scratch.write(manifest + "\nreserved: [double]\n", "Assignments/Tiny/assignment.yml")
    try scratch.write(
      """
      import TinyCore
      func doubled(_ x: Int) -> Int { double(x) }
      """, "Assignments/Tiny/Given.swift")
    return unit
  }

  private func outcome(
    _ builder: WorkerBuilder, _ text: String, standIn: String? = nil
  ) throws -> BuildOutcome {
    try builder.build(
      ["First.swift": Array(text.utf8)], program: core,
      standIns: standIn.map { ["First.swift": Array($0.utf8)] } ?? [:], children: Children())
  }

  /// However the lines are written; twice, since the second time it comes from the cache.
  func testAFileThatUsesAReservedNameIsFoundWithItsLine() throws {
    let scratch = try Scratch()
    let builder = try unit(scratch).builder()
    for _ in 0..<2 {
      XCTAssertEqual(
        try outcome(
          builder,
          """
          import TinyCore
          // double is not to be used
          func first() -> Int { [1].map(double)[0] }
          """),
        .usesReserved([
          ReservedUse(
            file: "First.swift", name: "double", at: SourcePlace(file: "First.swift", line: 3))
        ]))
    }
    // by the name that the linker knows it by, which no line spells
    XCTAssertEqual(
      try outcome(
        builder,
        """
        @_silgen_name("$s8TinyCore6doubleyS2iF") func hidden(_ x: Int) -> Int
        func first() -> Int { hidden(21) }
        """), .usesReserved([ReservedUse(file: "First.swift", name: "double")]))
  }

  func testOnesOwnOfTheSameNameIsNone() throws {
    let scratch = try Scratch()
    let builder = try unit(scratch).builder()
    let own = """
      func double(_ x: Int) -> Int { x + x }
      extension Int { func double() -> Int { self + self } }
      func sum(double x: Int) -> Int { x + doubled(x) }
      func first() -> Int { double(1) + 2.double() + sum(double: 3) }
      """
    guard case .built = try outcome(builder, own) else { return XCTFail("is refused") }
    // also where another file uses it
    let used = try builder.build(
      [
        "First.swift": Array(own.utf8),
        "Second.swift": Array(
          "func second() -> Int { double(4) + 5.double() + sum(double: 6) }".utf8),
      ], program: core, children: Children())
    guard case .built = used else { return XCTFail("is refused: \(used)") }
  }

  /// Ours in its place may call the core.
  func testAStandInIsNotLookedAt() throws {
    let scratch = try Scratch()
    let builder = try unit(scratch).builder()
    let text = "import TinyCore\nfunc first() -> Int { double(21) }\n"
    guard case .built = try outcome(builder, "func first() -> Int { 0 }", standIn: text) else {
      return XCTFail("is refused")
    }
    // the same text of a student's is, whatever was built before
    guard case .usesReserved = try outcome(builder, text) else { return XCTFail("is not refused") }
  }

  /// A name that the reader of symbols cannot read, or would take minutes for.
  func testSymbolsThatCannotBeRead() throws {
    let toolchain = try Toolchain.find()
    let mute = SymbolReader(toolchain) { _ in "" }
    XCTAssertThrowsError(try mute.inWords(["$s8TinyCore6doubleyS2iF"])) { error in
      XCTAssertTrue(error is UnreadableSymbols, "\(error)")
    }
    let endless = "$s" + String(repeating: "Sa", count: 20_000) + "F"
    XCTAssertEqual(try mute.inWords([endless, "main"]), [endless, "main"])
    XCTAssertEqual(
      try SymbolReader(toolchain).inWords(["$s8TinyCore6doubleyS2iF"]),
      ["TinyCore.double(Swift.Int) -> Swift.Int"])
  }

  /// Its task is lost, with the line; the others are judged.
  func testOnlyTheFilesOwnTaskIsLost() throws {
    let scratch = try Scratch()
    let unit = try unit(scratch)
    try scratch.write(
      "import TinyCore\nfunc first() -> Int { double(21) }\n", "class/a/First.swift")
    try scratch.write("func second() -> Int { 7 }\n", "class/a/Second.swift")
    try unit.grade(scratch)
    let result = try JSONDecoder().decode(
      SubmissionResult.self,
      from: Data(contentsOf: URL(fileURLWithPath: scratch.path + "/out/results/a.json")))
    let checks = result.checks
    XCTAssertEqual(checks.map(\.points), [0, 1])
    XCTAssertEqual(
      checks[0].message, "First.swift uses double, which is the core's: write it yourself")
    XCTAssertEqual(checks[0].outcome, .failed)
    XCTAssertEqual(checks[0].place, SourcePlace(file: "First.swift", line: 2))
  }

  func testSymbolsInWords() {
    func mentions(_ words: String, _ name: String) -> Bool {
      SymbolWords(words).mentions(name, besides: "Mine")
    }
    let method =
      "TensorCore.Tensor.conv1d(_: TensorCore.Tensor, stride: Swift.Int) throws -> TensorCore.Tensor"
    XCTAssertTrue(mentions(method, "Tensor.conv1d"))
    XCTAssertTrue(mentions(method, "conv1d"))
    XCTAssertTrue(mentions("(extension in Layers):" + method, "Tensor.conv1d"))
    XCTAssertTrue(mentions("type metadata accessor for NeuralNetworks.Conv1d", "Conv1d"))
    XCTAssertTrue(mentions("Mine.wrap(NeuralNetworks.Conv1d) -> ()", "Conv1d"))
    XCTAssertTrue(mentions("rk_convolution", "rk_convolution"))
    XCTAssertFalse(mentions("rk_convolution_gradient", "rk_convolution"))
    XCTAssertFalse(mentions("(extension in Mine):" + method, "Tensor.conv1d"))
    XCTAssertFalse(mentions("Mine.Block.Conv1d.init() -> Mine.Block.Conv1d", "Conv1d"))
    XCTAssertFalse(mentions("Mine.sum(conv1d: Swift.Int) -> Swift.Int", "conv1d"))
    XCTAssertFalse(mentions("TensorCore.Tensor.conv1dOld() -> ()", "conv1d"))
  }
}
