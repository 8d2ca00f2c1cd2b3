import Assignment
import Foundation
import TestSupport
import XCTest

@testable import rhythm

/// What beginners write, what the compiler says of it, and what the page on Swift says of that.
final class CompilerHelpTests: XCTestCase {
  /// What is written, by the name of a function that it stands in, and a part of what is read: in the
  /// compiler's own words where a declaration is refused, else in the page's.
  private static let lines: [(code: String, reads: String)] = [
    ("let y = x[0]", "x.select(axis: 1"),
    ("let y = x[0, 1]", "x.select(axis: 1"),
    ("var H = x; H += x", "write it out"),
    ("let y = x.view(2, 3)", "x.reshaped([n, h])"),
    ("let n = x.size(0)", "x.shape[0]"),
    ("let y = x.mean(dim: 1)", "x.mean(axis: 1)"),
    ("let y = x.softmax(dim: -1)", "x.softmax(axis: -1)"),
    ("let y = Tensor.cat([x, x], dim: -1)", "Tensor.concatenate(parts"),
    ("let y = x.unsqueeze(1)", "x.unsqueezed(axis: 1)"),
    ("for t in range(3) { print(t) }", "0..<n"),
    ("let n = len([1, 2])", "x.count"),
    ("let p = AvgPool1d(kernelSize: 2)", "AveragePool1d"),
    ("let y = x.matmul(x)", "one `try`"),
    ("let H = x; H = x", "`var` in place"),
    ("let z = None", "`nil`"),
    ("let z = torch.zeros(3)", "stand alone"),
    ("let i = I", "nothing above has this name"),
    ("let y = Tensor.zeros(3)", "a shape is a list"),
    ("let n = 2; let y = x * n", "`Float(n)`"),
    ("var H", "a value or a type"),
    ("let o: Tensor? = x; let y = try o + x", "`nil`: `if let"),
    ("let y = try x.select(1, 2)", "axis"),
    ("let net = Sequential(relu)", "the layer `ReLU()`"),
    ("let l = Linear(2, 3)", "&generator"),
  ]

  /// The line of the message and the column below it; what has no line is left as it is.
  func testAMessageStandsAboveItsLine() throws {
    let text = CompilerText(
      try AssignmentManifest.read(ToyCourse.assignment.path + "/assignment.yml"),
      root: ToyCourse.folder.path, folder: "Assignments/Toy",
      others: ["Try.swift": "let a = 1\n  let b = c\n"])
    let message = "Try.swift:2:11: error: cannot find 'c' in scope"
    XCTAssertEqual(text.text(message), "\(message)\n    let b = c\n            ^")
    XCTAssertEqual(text.line(at: SourcePlace(file: "Try.swift", line: 2)), "let b = c")
    XCTAssertEqual(text.line(at: SourcePlace(file: "Try.swift", line: 9)), "")
    XCTAssertEqual(text.line(at: SourcePlace(file: "None.swift", line: 1)), "")
    for other in ["Try.swift:9:1: error: gone", "error: no place"] {
      XCTAssertEqual(text.text(other), other)
    }
  }

  private func page() throws -> CompilerHelp {
    let folder = Repository.root + "/Assignments"
    let unit = try XCTUnwrap(
      FileManager.default.contentsOfDirectory(atPath: folder).sorted().first {
        FileManager.default.fileExists(atPath: "\(folder)/\($0)/Swift.md")
      })
    return CompilerHelp(
      page: try String(contentsOfFile: "\(folder)/\(unit)/Swift.md", encoding: .utf8))
  }

  /// What the compiler says of each line, each in a function of its own.
  private func messages(_ text: String, _ scratch: Scratch) throws -> [Int: String] {
    try scratch.write(text, "Lines.swift")
    let modules = Program.products.appendingPathComponent("Modules").path
    // the C modules below the core, which have nothing for students
    try scratch.write(
      ["CKernels", "COpenBLAS"].map { "module \($0) {}\n" }.joined(), "module.modulemap")
    let outcome = try Program(URL(fileURLWithPath: "/usr/bin/env")).run(
      [
        "swiftc", "-typecheck", "-swift-version", "6", "-I", modules, "Lines.swift", "-Xcc",
        "-fmodule-map-file=\(scratch.path)/module.modulemap", "-no-color-diagnostics",
        "-diagnostic-style", "llvm",
      ], in: scratch.path)
    XCTAssertNotEqual(outcome.status, 0)
    var found: [Int: String] = [:]
    for line in (outcome.output + outcome.error).split(separator: "\n") {
      guard let match = line.firstMatch(of: /Lines\.swift:(\d+):\d+: error: (.*)/),
        let number = Int(match.output.1), found[number] == nil
      else { continue }
      found[number] = String(match.output.2)
    }
    return found
  }

  func testWhatBeginnersWriteIsExplained() throws {
    let head = [
      "import NeuralNetworks", "import TensorCore", "var generator = RandomGenerator(seed: 1)",
    ]
    let functions = Self.lines.enumerated().map { index, line in
      "func line\(index)(_ x: Tensor) throws { \(line.code) }"
    }
    let found = try messages(
      (head + functions).joined(separator: "\n") + "\n", try Scratch())
    let page = try page()
    for (index, line) in Self.lines.enumerated() {
      guard let message = found[head.count + index + 1] else {
        XCTFail("\(line.code) compiles")
        continue
      }
      let read = message + " " + (page.sentence(for: message) ?? "")
      XCTAssertTrue(read.contains(line.reads), "\(line.code): \(read)")
    }
  }

  /// Messages that end the compiler's reading, so that one file has one of them.
  func testMessagesOfTheParser() throws {
    let page = try page()
    for (message, reads) in [
      ("expected '{' after 'if' condition", "braces"),
      ("expected '{' to start the body of for-each loop", "braces"),
      ("'self' used in property access 'W' before 'super.init' call", "every property its value"),
      ("property wrapper can only apply to a single variable", "one line each"),
      (
        "reference to property 'W' in closure requires explicit use of 'self' to make capture "
          + "semantics explicit", "`self.`"
      ),
      ("consecutive statements on a line must be separated by ';'", "parentheses"),
      ("cannot convert value of type '[Int]' to expected argument type 'Shape'", "is a list"),
      ("expected argument label before colon", "x.select(axis: 1"),
    ] {
      XCTAssertTrue(page.sentence(for: message)?.contains(reads) == true, message)
    }
    XCTAssertNil(page.sentence(for: "segmentation fault"))
  }

  func testAPatternsPartsStandOneAfterTheOther() {
    let help = CompilerHelp(
      page: """
        ## What the compiler means

        | it says | it is |
        |---|---|
        | `cannot find 'I'`, `no 'I'` | first |
        | `cannot find '…' in scope` | second |

        | `after` | nothing of this |
        """)
    XCTAssertEqual(help.sentence(for: "there is no 'I' here"), "first")
    XCTAssertEqual(help.sentence(for: "cannot find 'J' in scope"), "second")
    XCTAssertNil(help.sentence(for: "in scope cannot find 'J"))
    XCTAssertNil(CompilerHelp(page: "| `x` | y |").sentence(for: "x"))
  }
}
