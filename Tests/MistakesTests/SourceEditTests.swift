import XCTest
import Yams

@testable import Proof

/// How an entry's changes find their places in the solution.
final class SourceEditTests: XCTestCase {
  private let file = SolutionFile(
    name: "A.swift",
    text: """
      // BEGIN DECLARATIONS 1: declare
      let x: Int
      // END DECLARATIONS
      init() {
        // BEGIN SOLUTION 1: make
        x = 1
        // END SOLUTION
      }
      func call() {
        // BEGIN SOLUTION 1: use
        print(x)
        print(x)
        // END SOLUTION
      }
      """)

  private func applying(_ yaml: String) throws -> String {
    try file.applying(YAMLDecoder().decode([SourceEdit].self, from: yaml))
  }

  func testReplacesEverywhere() throws {
    let text = try applying("[{replace: print(x), with: print(2 * x)}]")
    XCTAssertEqual(text.ranges(of: "print(2 * x)").count, 2)
    XCTAssertFalse(text.contains("print(x)"))
  }

  /// Two gates that change places need no third name.
  func testAllChangesSeeTheTextAsItWas() throws {
    let text = try applying("[{replace: let x, with: x = 1}, {replace: x = 1, with: let x}]")
    XCTAssertTrue(text.contains("\nx = 1: Int\n"))
    XCTAssertTrue(text.contains("\n  let x\n"))
  }

  func testReplacesABlock() throws {
    for (block, kept) in [("declarations", "x = 1"), ("init", "print(x)"), ("call", "x = 1")] {
      let text = try applying("[{block: \(block), with: \"here\\n\"}]")
      XCTAssertEqual(text.ranges(of: "here\n").count, 1, block)
      XCTAssertTrue(text.contains(kept), block)
      XCTAssertEqual(text.ranges(of: "// END").count, 3, block)
    }
    XCTAssertFalse(try applying("[{block: call, with: \"\"}]").contains("print"))
  }

  func testSaysWhatIsWrong() {
    XCTAssertThrowsError(try applying("[{replace: y, with: z}]")) {
      XCTAssertEqual("\($0)", "A.swift does not contain this any more: y")
    }
    XCTAssertThrowsError(
      try applying("[{replace: x = 1, with: a}, {block: init, with: b}]")
    ) { XCTAssertTrue("\($0)".hasPrefix("two changes of A.swift meet at"), "\($0)") }
    XCTAssertThrowsError(try applying("[{replace: x, block: init, with: b}]")) {
      XCTAssertTrue("\($0)".contains("one of the two"), "\($0)")
    }
  }

  /// The files that an edited one stands on and those that stand on it go with it, no others.
  func testHandsInWhatHasToDoWithTheChange() throws {
    let texts = [
      "Layer": "class Layer {}", "Net": "class Net { let layer: Layer }\n",
      "Other": "class Other {}",
      "More": "// as Layer\nclass More { let base: Base }", "Base": "class Base {}",
    ]
    let solution = Solution(
      files: Dictionary(
        uniqueKeysWithValues: texts.map { name, text in
          ("\(name).swift", SolutionFile(name: "\(name).swift", text: text))
        }))
    func files(_ name: String) throws -> Set<String> {
      let edit = try YAMLDecoder().decode(
        [SourceEdit].self, from: "[{replace: class, with: final class}]")
      return Set(try solution.applying(["\(name).swift": edit]).keys)
    }
    XCTAssertEqual(try files("Layer"), ["Layer.swift", "Net.swift"])
    XCTAssertEqual(try files("Net"), ["Layer.swift", "Net.swift"])
    XCTAssertEqual(try files("More"), ["More.swift", "Base.swift"])
    XCTAssertEqual(try files("Other"), ["Other.swift"])
  }
}
