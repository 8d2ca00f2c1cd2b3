import Foundation
import TestSupport
import XCTest

@testable import Grading
@testable import Judge

final class CheckSourcesTests: XCTestCase {
  private let files = [
    """
    import Judge

    /// What two checks share.
    struct Shared {
      let size = 3
    }

    final class FirstChecks: Base {
      func test1() { use(Shared()) }
    }

    final class SecondChecks: Base {
      func test1() { use(2) }
    }
    """,
    "class Base: CheckCase {\n  let x = 1\n}\n",
    "extension Session {\n  func ask() { helper() }\n}\nfunc helper() { print(1) }\n",
  ]

  /// Of the real unit, a change of one task's checks leaves the verdicts of the others.
  func testACheckOfTheCourseDependsOnItsOwnSources() throws {
    let folder = Repository.folder.appendingPathComponent("Grader/Units/RecurrentNetworks")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    let texts = try paths.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("StandIns/") }.sorted()
      .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
    func hashes(_ old: String = "", _ new: String = "") -> [String] {
      let sources = CheckSources(texts: texts.map { $0.replacingOccurrences(of: old, with: new) })
      return ["RNNChecks", "LSTMChecks", "ConvNetChecks"].map(sources.hash(ofClass:))
    }
    let before = hashes()
    XCTAssertEqual(Set(before).count, 3)
    for (old, new, changed) in [
      ("\"convnet.values\"", "\"convnet.shapes\"", [false, false, true]),
      ("/// The sizes", "/// All sizes", [false, false, false]),
      ("size(5, 2, 3, 1)", "size(5, 2, 3, 2)", [true, true, false]),
    ] {
      XCTAssertEqual(zip(hashes(old, new), before).map { $0 != $1 }, changed, old)
    }
  }

  private func hashes(replacing old: String = "", with new: String = "") -> [String] {
    let sources = CheckSources(texts: files.map { $0.replacingOccurrences(of: old, with: new) })
    return ["FirstChecks", "SecondChecks"].map(sources.hash(ofClass:))
  }

  /// Whether the change reaches the first and the second class.
  private func reach(_ old: String, _ new: String) -> [Bool] {
    XCTAssertTrue(files.contains { $0.contains(old) })
    return zip(hashes(), hashes(replacing: old, with: new)).map { $0 != $1 }
  }

  func testAClassDependsOnItselfAndOnWhatItNames() {
    XCTAssertEqual(hashes()[0], hashes()[0])
    XCTAssertNotEqual(hashes()[0], hashes()[1])
    XCTAssertEqual(reach("use(2)", "use(7)"), [false, true])
    XCTAssertEqual(reach("size = 3", "size = 4"), [true, false])
  }

  func testABaseClassAndAnExtensionReachAll() {
    XCTAssertEqual(reach("let x = 1", "let x = 2"), [true, true])
    // an extension of a type from elsewhere is used without being named, and so is what it calls
    XCTAssertEqual(reach("func ask() {", "func ask() { stop();"), [true, true])
    XCTAssertEqual(reach("print(1)", "print(2)"), [true, true])
  }

  func testACommentChangesNothing() {
    XCTAssertEqual(reach("What two checks share", "Shared by two checks"), [false, false])
  }

  func testAnUnknownClassDependsOnEverything() {
    let old = CheckSources(texts: files).hash(ofClass: "Other")
    let changed = files.map { $0.replacingOccurrences(of: "use(2)", with: "use(7)") }
    XCTAssertNotEqual(old, CheckSources(texts: changed).hash(ofClass: "Other"))
  }
}
