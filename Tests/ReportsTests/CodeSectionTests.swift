import Assignment
import Foundation
import Publication
import XCTest

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A student's files on their page, with what was found at the lines.
final class CodeSectionTests: XCTestCase {
  private let stub = """
    func mean(_ x: [Double]) throws -> Double {
      // TODO: Task 1: the mean
      throw Unimplemented("1")
    }
    """

  private let own = """
    func helper() {}

    public func mean(_ x: [Double]) throws -> Double {
      let first = x[7]
      return first
    }

    """

  private func page(
    _ code: String, file: String = "A.swift", change: (inout SubmissionResult) -> Void
  ) throws -> String {
    var result = Sample.result("ann", values: .failed, message: "H: yours 1, expected 2")
    change(&result)
    var record = try Sample.record([result])
    record.students[0].files = [file: Array(code.utf8)]
    return StudentPage(
      StudentView(record.students[0]), manifest: record.manifest, stubs: ["A.swift": stub]
    ).html
  }

  /// The numbers of the lines that something is said of, with the text of it.
  private func findings(_ page: String) -> [Int: String] {
    let lines = page.matches(of: /<li id="line-1-(\d+)" class="found">(.*)<\/li>/)
    return Dictionary(
      uniqueKeysWithValues: lines.map { (Int($0.output.1) ?? 0, String($0.output.2)) })
  }

  func testAFindingStandsAtItsLineOrAtTheTasksFunction() throws {
    let page = try page(own) { result in
      result.checks[1].outcome = .crashed
      result.checks[1].message = "the program stopped: Index out of range"
      result.checks[1].place = SourcePlace(file: "A.swift", line: 4)
    }
    let found = findings(page)
    XCTAssertEqual(found.keys.sorted(), [3, 4])
    XCTAssertTrue(found[3]?.contains("H: yours 1, expected 2") == true, page)
    XCTAssertTrue(found[4]?.hasPrefix("<code>  let first = x[7]</code>") == true, page)
    XCTAssertTrue(found[4]?.contains("Index out of range") == true, page)
    // from the line to the check and back
    XCTAssertTrue(found[4]?.contains("<a href=\"#check-2\">1 The first: accuracy</a>") == true)
    XCTAssertTrue(
      page.contains(/id="check-2">.*\n?.*<a class="place" href="#line-1-4">A\.swift, line 4</))
    XCTAssertTrue(page.contains("<a class=\"place\" href=\"#line-1-3\">in A.swift</a>"))
  }

  func testWhatPassedIsNotInTheCode() throws {
    let page = try page(own) { result in
      for index in result.checks.indices { result.checks[index].outcome = .passed }
    }
    XCTAssertEqual(findings(page), [:])
    XCTAssertTrue(page.contains("<details><summary><code>A.swift</code>, 6 lines</summary>"), page)
  }

  func testTheCompilersWordsStandOnceAtEachLine() throws {
    let page = try page(own) { result in
      result.compilerMessages = [
        CompilerMessage("A.swift:4:7: error: cannot find 'x'"),
        CompilerMessage("A.swift:4:9: warning: never used"),
        // the line after the last, where a brace is missing
        CompilerMessage("A.swift:7:1: error: expected '}'"),
        CompilerMessage("Other.swift:1:1: error: not theirs"),
      ].compactMap(\.self)
      for index in result.checks.indices {
        result.checks[index].outcome = .notBuilt
        result.checks[index].message = "the code does not compile: cannot find 'x'"
        result.checks[index].place = SourcePlace(file: "A.swift", line: 4)
      }
    }
    let found = findings(page)
    XCTAssertEqual(found.keys.sorted(), [4, 6])
    XCTAssertEqual(found[4]?.matches(of: /cannot find/).count, 1, page)
    XCTAssertTrue(found[4]?.contains("never used") == true)
    XCTAssertTrue(found[6]?.contains("expected &#39;}&#39;") == true)
    XCTAssertFalse(page.contains("not theirs"))
  }

  func testChecksThatSayTheSameStandTogether() throws {
    let page = try page(own) { result in
      for index in result.checks.indices {
        result.checks[index].outcome = .notImplemented
        result.checks[index].message = "task 1 (One) is not started"
        result.checks[index].place = SourcePlace(file: "A.swift", line: 3)
      }
    }
    let found = findings(page)[3] ?? ""
    XCTAssertEqual(found.matches(of: /is not started/).count, 1, found)
    XCTAssertTrue(found.contains("#check-1") && found.contains("#check-2"), found)
  }

  /// Whoever writes the file writes no part of the page.
  func testWhatStandsInAFileIsText() throws {
    let attack = """
      </code></li></ol></details><script>alert('x')</script>
      <!-- "&' --><style>*{}</style>\u{202e}\u{0}\u{9b} <a href="javascript:alert(1)">
      // </pre> ]]> &lt;script&gt; /srv/own/comment
      """
    let page = try page(attack) { result in
      result.checks[0].place = SourcePlace(file: "A.swift", line: 1)
      result.checks[1].place = SourcePlace(file: "A.swift\" onclick=\"x", line: 1)
      result.checks[1].outcome = .crashed
      result.compilerMessages = [CompilerMessage("A.swift:2:1: error: <script>alert('x')</script>")]
        .compactMap(\.self)
    }
    XCTAssertFalse(page.contains("<script"))
    XCTAssertFalse(page.contains("</pre>"))
    XCTAssertFalse(page.contains("<!--"))
    XCTAssertFalse(page.contains("javascript:alert(1)\""))
    XCTAssertFalse(page.contains("onclick=\""))
    for hidden in ["\u{202e}", "\u{0}", "\u{9b}"] { XCTAssertFalse(page.contains(hidden)) }
    // what they wrote themselves is shown as it is
    XCTAssertTrue(page.contains("// &lt;/pre&gt; ]]&gt; &amp;lt;script&amp;gt; /srv/own/comment"))
    let text = page.replacing(/<meta([^>]*)>/) { "<meta\($0.output.1)/>" }
      .replacing("&nbsp;", with: " ").replacing("<!DOCTYPE html>\n", with: "")
      .replacing(/<style>[\s\S]*?<\/style>/, with: "")
    let parser = XMLParser(data: Data(text.utf8))
    XCTAssertTrue(parser.parse(), "\(String(describing: parser.parserError)) \(parser.lineNumber)")
  }

  func testOnlyFilesOfTheAssignmentAreShown() throws {
    let page = try page("SECRET", file: "B.swift") { _ in }
    XCTAssertFalse(page.contains("SECRET"))
    XCTAssertFalse(page.contains("<h2 id=\"code\">"))
  }

  // MARK: Lines

  private func lines(_ text: String) -> [String] {
    SourceListing("A.swift", Array(text.utf8)).lines
  }

  /// As the compiler counts them.
  func testLinesEndWhereTheCompilersDo() {
    XCTAssertEqual(lines("a\nb\r\nc\rd"), ["a", "b", "c", "d"])
    XCTAssertEqual(lines("a\n\nb\n"), ["a", "", "b"])
    XCTAssertEqual(lines("\r\r\n"), ["", ""])
    XCTAssertEqual(lines(""), [""])
    // other marks that end a line for Unicode do not for the compiler
    XCTAssertEqual(lines("a\u{2028}b\u{c}c\u{85}d").count, 1)
  }

  func testWhatIsTooLongIsCutAndSaid() throws {
    let long = String(repeating: "x", count: 600) + "END"
    XCTAssertEqual(lines(long)[0], String(repeating: "x", count: 500) + " … (cut)")
    let page = try page(String(repeating: "x\n", count: 5001) + "END") { result in
      result.checks[0].place = SourcePlace(file: "A.swift", line: 5002)
    }
    XCTAssertFalse(page.contains("END"))
    XCTAssertTrue(page.contains("2 more lines are not shown"))
    XCTAssertTrue(page.contains(/id="line-1-5002"><p>Line 5002:<\/p>.*H: yours 1/))
  }

  // MARK: Functions

  private func function(
    _ stub: String, _ own: String, _ kind: CheckKind = .values
  ) throws -> Int? {
    TaskFunctions(of: try Sample.manifest().tasks[0], stub: stub)
      .line(of: kind, in: own.components(separatedBy: "\n"))
  }

  func testTheTasksFunctionIsFoundUnderItsName() throws {
    let stub = """
      /// A layer: init(x) makes it.
      public final class One {
        public init(
          size: Int
        ) throws {
          throw Unimplemented("1")
        }
        func other() throws { throw Unimplemented("2") }
        @discardableResult
        public func callAsFunction<T>(_ x: T) throws {
          throw Unimplemented("1")
        }
      }
      """
    let own = """
      // func callAsFunction( is below
      final class One {
        func callAsFunction(_ x: Int) {
        }
        private func initialised() {}
        init(size: Int) {
          self.init(size: 2)
        }
      }
      """
    XCTAssertEqual(try function(stub, own), 3)
    XCTAssertEqual(try function(stub, own, .parameters), 6)
    XCTAssertEqual(try function(stub, own, .start), 6)
    XCTAssertNil(try function(stub, "let x = 1"))
    XCTAssertNil(try function("", own))
  }

  /// Of several that are called alike it is the one in the same order.
  func testOfFunctionsCalledAlikeItIsTheOneInTheSamePlace() throws {
    let stub = """
      struct A { 
        init(a: Int) {}
      }
      struct B {
        init(b: Int) throws { throw Unimplemented("1") }
      }
      """
    let own = "init(a: Int) {}\ninit(b: Int) {}"
    XCTAssertEqual(try function(stub, own), 2)
    XCTAssertEqual(try function(stub, "init(b: Int) {}"), 1)
  }
}
