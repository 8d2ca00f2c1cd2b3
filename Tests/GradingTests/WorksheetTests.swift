import Assignment
import Foundation
import Intake
import TestSupport
import XCTest

/// `./rhythm try` from outside, on the toy unit.
final class WorksheetTests: XCTestCase {
  private var made: SmallCourse?
  private var course: SmallCourse {
    get throws {
      if let made { return made }
      let new = try SmallCourse(Scratch())
      made = new
      return new
    }
  }

  /// Runs a worksheet of these lines once.
  private func tried(
    _ lines: String, name: String = "lines.swift", _ arguments: String...
  ) throws -> (status: Int32, output: String) {
    let text = "import NeuralNetworks\nimport TensorCore\n" + lines + "\n"
    try text.write(
      toFile: try course.root + "/" + name, atomically: true, encoding: .utf8)
    return try course.run(["try", name] + arguments)
  }

  private func write(_ text: String, to file: String) throws {
    try text.write(
      toFile: try course.root + "/Assignments/Toy/" + file, atomically: true, encoding: .utf8)
  }

  func testANewWorksheetRunsAsItIs() throws {
    let run = try course.run(["try"])
    XCTAssertEqual(run.status, 0, run.output)
    let path = ".rhythmlab/Toy/Scratch.swift"
    XCTAssertTrue(run.output.hasPrefix("made \(path), with a few lines"), run.output)
    XCTAssertTrue(run.output.contains("\nY has 2 rows\n"), run.output)
    // how the unit's own is called, for later
    let text = try String(contentsOfFile: try course.root + "/" + path, encoding: .utf8)
    XCTAssertTrue(text.hasSuffix("// try weightedMeans(Tensor.ones([2, 3, 4]), Tensor([1, 2]))\n"))
    // it is made once
    try "2 + 3\n".write(toFile: try course.root + "/" + path, atomically: true, encoding: .utf8)
    let again = try course.run(["try"])
    XCTAssertTrue(again.output.hasPrefix("   1  2 + 3\n        5\ncompiled in "), again.output)
  }

  func testEachLineSaysWhatItGives() throws {
    let run = try tried(
      """
      let X = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
      try X.matmul(Tensor.ones([3, 1]))
      print("printed")
      for step in 0..<5 {
        let square = step * step
      }
      let large = Tensor.full([9, 9], 2)
      struct Pair { var a: Tensor; var n: Int }
      let pair = Pair(a: Tensor([7]), n: 1)
      let nothing: Tensor? = nil
      func twice(_ x: Int) -> Int { 2 * x + large.count }
      twice(4)
      """)
    XCTAssertEqual(run.status, 0, run.output)
    // 1 + 2 + 3 and 4 + 5 + 6; 2 · 4 + 9 · 9
    for text in [
      "   3  let X = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])\n        X = [2, 3]\n"
        + "        [[1. 2. 3.]\n         [4. 5. 6.]]\n"
        + "   4  try X.matmul(Tensor.ones([3, 1]))\n        [2, 1]\n"
        + "        [[ 6.]\n         [15.]]\nprinted\n",
      "        square = 0\n        square = 1\n", "        the last of 5 times: square = 16\n",
      "        large = [9, 9]  from 2 to 2, mean 2\n", "        pair = .a [1]\n        [7.]\n",
      "        nothing = nil\n", "  14  twice(4)\n        89\n",
    ] {
      XCTAssertTrue(run.output.contains(text), "\(text) is not in\n\(run.output)")
    }
    XCTAssertFalse(run.output.contains("square = 4"), run.output)
  }

  func testTheUnitsFilesCanBeCalled() throws {
    let lines =
      "let means = try weightedMeans(Tensor.ones([2, 3, 4]), Tensor([1, 2]).unsqueezed(axis: 1))"
    let stub = try tried(lines)
    XCTAssertEqual(stub.status, 1)
    XCTAssertTrue(stub.output.contains("task 2 is not implemented yet"), stub.output)
    XCTAssertTrue(stub.output.contains("\n  at lines.swift:3: let means"), stub.output)
    // also what is not public
    try write(try course.solution() + "\nlet secret = 41\n", to: "WeightedMeans.swift")
    let run = try tried(lines + "\nsecret + 1")
    XCTAssertEqual(run.status, 0, run.output)
    XCTAssertTrue(
      run.output.contains("        means = [2, 4]\n        [[1. 1. 1. 1.]\n"), run.output)
    XCTAssertTrue(run.output.contains("        42\n"), run.output)
  }

  func testErrorsHaveTheLinesOfTheFileAndTheSentenceOfThePage() throws {
    try write(
      """
      ## What the compiler means

      | it says | it is |
      |---|---|
      | `cannot find '…' in scope` | nothing above has this name |

      """, to: "Swift.md")
    let run = try tried("let a = 1\nlet b = a + c")
    XCTAssertEqual(run.status, 1)
    XCTAssertTrue(
      run.output.hasPrefix(
        """
        lines.swift does not compile:
        lines.swift:4:13: error: cannot find 'c' in scope
          let b = a + c
                      ^
          It means: nothing above has this name
        The first one first; Assignments/Toy/Swift.md says what the compiler means.

        """), run.output)
    // as text from a page has it, in the line that is meant
    let copied = try tried("let a = 1\nlet b = \u{200B}a")
    XCTAssertTrue(
      copied.output.contains("line 4 has an invisible character, U+200B"), copied.output)
  }

  func testWhatIsInTheMiddleOfBeingWrittenStopsNoLine() throws {
    try write("let x = ]\n", to: "MovingSums.swift")
    let run = try tried("1 + 1")
    XCTAssertEqual(run.status, 0, run.output)
    XCTAssertTrue(
      run.output.hasPrefix("Assignments/Toy does not compile, so lines.swift runs without it:\n"),
      run.output)
    XCTAssertTrue(run.output.contains("MovingSums.swift:1:9: error: "), run.output)
    XCTAssertTrue(run.output.contains("        2\n"), run.output)
    // a line that needs it is told why it cannot run
    let needing = try tried("try movingSums([1], width: 1)")
    XCTAssertEqual(needing.status, 1)
    XCTAssertTrue(needing.output.contains("MovingSums.swift:1:9: error: "), needing.output)
  }

  func testWhereItStops() throws {
    try write(
      """
      import TensorCore

      func crash(_ x: [Int]) -> Int { x[3] }
      func fail(_ x: Tensor) throws -> Tensor {
        let y = x
        return try y.matmul(x)
      }
      """ + "\n" + (try course.solution()), to: "WeightedMeans.swift")
    let crash = try tried("print(\"before\")\ncrash([1])")
    XCTAssertEqual(crash.status, 1)
    XCTAssertTrue(
      crash.output.contains(
        "before\nit crashed: Index out of range\n"
          + "  at WeightedMeans.swift:3: func crash(_ x: [Int]) -> Int { x[3] }\n"), crash.output)
    // what cannot throw ends with a sentence of its own
    let stopped = try tried("let X = Tensor.zeros([-1])")
    XCTAssertTrue(
      stopped.output.contains("it crashed: zeros: a tensor of the shape [-1] has a negative size"),
      stopped.output)
    let thrown = try tried("let X = Tensor.ones([2, 3])\nlet t = try? fail(X)\nlet Y = try fail(X)")
    XCTAssertEqual(thrown.status, 1)
    XCTAssertTrue(
      thrown.output.contains("an error was thrown: matmul: [2, 3] × [2, 3]: the inner"),
      thrown.output)
    XCTAssertTrue(
      thrown.output.contains(
        "\n  at WeightedMeans.swift:6: return try y.matmul(x)\n"
          + "  at lines.swift:5: let Y = try fail(X)\n"), thrown.output)
    let endless = try tried("var n = 0\nwhile true {\n  n &+= 1\n}", "--seconds", "1")
    XCTAssertEqual(endless.status, 1)
    XCTAssertTrue(
      endless.output.contains(
        "it was stopped: it used more than 1 s of processor time. Is there a loop"), endless.output)
    XCTAssertTrue(endless.output.contains(/lines\.swift:[45]:/), endless.output)
    let flood = try tried("while true { print(\"again and again\") }")
    XCTAssertEqual(flood.status, 1)
    XCTAssertTrue(
      flood.output.contains("it printed more than 1 MiB"), String(flood.output.suffix(99)))
    let ended = try tried("import Glibc\nexit(3)")
    XCTAssertEqual(ended.status, 1)
    XCTAssertTrue(ended.output.contains("it ended with exit status 3"), ended.output)
  }

  func testWhatIsNoPlaceForAWorksheet() throws {
    for (path, sentence) in [
      ("WeightedMeans.swift", "has the name or the folder of a file of the course"),
      ("weightedmeans.swift", "has the name or the folder of a file of the course"),
      ("Assignments/Toy/new.swift", "has the name or the folder of a file of the course"),
      ("notes.txt", "its name must end in .swift"), ("Assignments", "is a folder"),
    ] {
      let run = try course.run(["try", path])
      XCTAssertEqual(run.status, 1, path)
      XCTAssertTrue(run.output.contains(sentence), "\(path): \(run.output)")
      XCTAssertFalse(
        FileManager.default.fileExists(atPath: try course.root + "/Assignments/Toy/new.swift"))
    }
    try Data([0xff, 0xfe, 0x31]).write(to: URL(fileURLWithPath: try course.root + "/bytes.swift"))
    XCTAssertTrue(try course.run(["try", "bytes.swift"]).output.contains("no text in UTF-8"))
  }

  /// A whole working copy that is handed in has a worksheet in it, which is nobody's file.
  func testAWorksheetIsNotHandedIn() throws {
    XCTAssertEqual(try course.run(["try"]).status, 0)
    let scratch = try Scratch()
    let delivery = scratch.path + "/delivery/Ann Example"
    for folder in ["Assignments", ".rhythmlab"] {
      try FileManager.default.createDirectory(
        atPath: delivery, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(try course.root)/\(folder)", toPath: "\(delivery)/\(folder)")
    }
    let manifest = try AssignmentManifest.read(course.manifest)
    let stub = try String(
      contentsOfFile: try course.root + "/Assignments/Toy/MovingSums.swift", encoding: .utf8)
    let intake = try Intake(folder: scratch.path + "/delivery", files: manifest.files)
    XCTAssertEqual(intake.submissions.map { $0.files.keys.sorted() }, [manifest.files.sorted()])
    XCTAssertEqual(intake.submissions[0].files["MovingSums.swift"], Array(stub.utf8))
  }
}
