import Foundation
import XCTest

@testable import Reports

final class AnswerSheetTests: XCTestCase {
  private let questions = ["4.1e", "4.11a", "4.11b"]
  private let template = """
    # Answers

    Write between the lines.

    ## 4.1 (e), 1 point

    What follows from that?

    <!-- answer 4.1e -->

    <!-- end 4.1e -->

    ## 4.11 (a), 2 points

    Compare.

    <!-- answer 4.11a -->

    <!-- end 4.11a -->

    ## 4.11 (b), 2 points

    Why?

    <!-- answer 4.11b -->

    <!-- end 4.11b -->

    """

  private func filled(_ answers: [String: String]) -> String {
    answers.reduce(template) { text, answer in
      text.replacing(
        "<!-- answer \(answer.key) -->\n", with: "<!-- answer \(answer.key) -->\n\(answer.value)\n")
    }
  }

  private func read(_ text: String) -> AnswerSheet {
    AnswerSheet(Data(text.utf8), template: template, questions: questions)
  }

  /// Every word of `words` is in an answer or among what is left over.
  private func assertKept(_ words: [String], _ sheet: AnswerSheet, line: UInt = #line) {
    let all = (sheet.answers.values + sheet.leftovers.map(\.text)).joined(separator: "\n")
    for word in words { XCTAssertTrue(all.contains(word), "\(word) is lost", line: line) }
  }

  private let three = ["4.1e": "First.", "4.11a": "Second,\n\nin two parts.", "4.11b": "Third."]

  func testReadsAnUndamagedSheet() {
    let sheet = read(filled(three))
    XCTAssertEqual(sheet.answers, three)
    XCTAssertEqual(sheet.problems, [])
    XCTAssertEqual(sheet.leftovers, [])
    XCTAssertEqual(read(template).answers, [:])
    XCTAssertEqual(read(template).problems, [])
  }

  func testReadsOtherLineEndsAndEncodings() throws {
    let text = filled(three)
    for end in ["\r\n", "\r"] {
      let sheet = read("\u{feff}" + text.replacing("\n", with: end))
      XCTAssertEqual(sheet.answers, three)
      XCTAssertEqual(sheet.problems, [])
    }
    let umlaut = filled(["4.1e": "Größe"])
    let latin = try XCTUnwrap(umlaut.data(using: .isoLatin1))
    let sheet = AnswerSheet(latin, template: template, questions: questions)
    XCTAssertEqual(sheet.answers["4.1e"], "Größe")
    XCTAssertEqual(sheet.problems, ["the file is not UTF-8; it was read as Windows-1252"])
    let wide = try XCTUnwrap(umlaut.data(using: .utf16))
    XCTAssertEqual(
      AnswerSheet(wide, template: template, questions: questions).answers["4.1e"], "Größe")
  }

  func testReadsMarkersAsEditorsLeaveThem() {
    for (begin, end) in [
      ("<!--answer 4.11a-->", "<!--end 4.11a-->"), ("<!-- Answer: 4.11A -->", "<!-- END 4.11a -->"),
      ("  <!-- answer 4.11 (a) -->  ", "<!-- end answer 4.11a -->"),
      ("<!– answer 4.11a –>", "<!— end 4.11a —>"),
      ("\\<!-- answer 4.11a --\\>", "&lt;!-- end 4.11a --&gt;"),
    ] {
      let text = filled(three).replacing("<!-- answer 4.11a -->", with: begin)
        .replacing("<!-- end 4.11a -->", with: end)
      let sheet = read(text)
      XCTAssertEqual(sheet.answers, three, begin)
      XCTAssertEqual(sheet.problems, [], begin)
    }
  }

  func testReadsAnswersOnTheLinesOfTheirMarkers() {
    let text = template.replacing(
      "<!-- answer 4.11a -->\n\n<!-- end 4.11a -->",
      with: "<!-- answer 4.11a --> Here. <!-- end 4.11a -->")
    XCTAssertEqual(read(text).answers, ["4.11a": "Here."])
    XCTAssertEqual(read(text).problems, [])
  }

  func testReadsSectionsInAnyOrder() {
    let text = """
      <!-- answer 4.11b -->
      Third.
      <!-- end 4.11b -->
      <!-- answer 4.1e -->
      First.
      <!-- end 4.1e -->
      <!-- answer 4.11a -->
      <!-- end 4.11a -->
      """
    XCTAssertEqual(read(text).answers, ["4.11b": "Third.", "4.1e": "First."])
    XCTAssertEqual(read(text).problems, [])
  }

  func testAMissingEndMarkerEndsAtTheNextHeading() {
    let sheet = read(filled(three).replacing("<!-- end 4.1e -->\n", with: ""))
    XCTAssertEqual(sheet.answers, three)
    XCTAssertEqual(sheet.problems.count, 1)
    XCTAssertTrue(sheet.problems[0].contains("the end marker of 4.1e is missing"))
    let last = read(filled(three).replacing("<!-- end 4.11b -->\n", with: ""))
    XCTAssertEqual(last.answers, three)
    XCTAssertEqual(last.problems.count, 1)
  }

  func testAMissingBeginMarkerIsFoundByTheEnd() {
    let sheet = read(filled(three).replacing("<!-- answer 4.11a -->\n", with: ""))
    XCTAssertEqual(sheet.answers, three)
    XCTAssertEqual(sheet.problems.count, 1)
    XCTAssertTrue(sheet.problems[0].contains("the marker that 4.11a begins with is missing"))
  }

  func testWithoutMarkersTheHeadingDecides() {
    var text = filled(three)
    for id in questions {
      text = text.replacing("<!-- answer \(id) -->\n", with: "").replacing(
        "<!-- end \(id) -->\n", with: "")
    }
    let sheet = read(text)
    XCTAssertEqual(sheet.answers, three)
    XCTAssertEqual(sheet.problems.count, 3)
  }

  func testTwoAnswersToOneQuestionAreBothKept() {
    let sheet = read(
      filled(three) + "<!-- answer 4.1e -->\nAnother.\n<!-- end 4.1e -->\n")
    XCTAssertEqual(sheet.answers["4.1e"], "First.\n\nAnother.")
    XCTAssertEqual(sheet.problems.count, 1)
    // a copied template is no second answer
    let copy = read(filled(three) + template)
    XCTAssertEqual(copy.answers, three)
    XCTAssertEqual(copy.problems, [])
  }

  func testUnknownQuestionsAndStrayTextAreListed() {
    let text =
      filled(three) + "<!-- answer 9.9z -->\nStray.\n<!-- end 9.9z -->\nAfter.\n"
    let sheet = read("Before.\n" + text)
    XCTAssertEqual(sheet.answers, three)
    assertKept(["Stray.", "After.", "Before."], sheet)
    XCTAssertTrue(sheet.problems.contains { $0.contains("no question 9.9z") })
    XCTAssertEqual(sheet.leftovers.first?.line, 1)
  }

  func testCommentsFencesAndPicturesAreTheStudents() {
    let answer = """
      See <!-- my note --> this, and <!-- an open one
      ```swift
      // <!-- end 4.11b -->
      let x = 1
      ```
      ![curve](plots/curve.png) <img src="data:image/png;base64,AAAA">
      """
    let sheet = read(filled(["4.11a": answer, "4.11b": "Third."]))
    XCTAssertEqual(sheet.answers["4.11a"], answer)
    XCTAssertEqual(sheet.answers["4.11b"], "Third.")
    XCTAssertEqual(sheet.problems, [])
    XCTAssertEqual(
      sheet.remarks,
      [
        "the answer to 4.11a shows the picture plots/curve.png",
        "the answer to 4.11a shows the picture in the text itself",
      ])
  }

  func testAFenceThatIsNeverClosedSwallowsNothing() {
    let sheet = read(
      filled(["4.1e": "```\nopen", "4.11a": "```\nclosed\n```", "4.11b": "Third."]))
    XCTAssertEqual(sheet.answers["4.1e"], "```\nopen")
    XCTAssertEqual(sheet.answers["4.11a"], "```\nclosed\n```")
    XCTAssertEqual(sheet.answers["4.11b"], "Third.")
  }

  /// Whatever lines are deleted, doubled or moved: no word of the student's is lost.
  func testNoDamageLosesAWord() {
    let words = ["alpha", "beta", "gamma"]
    let text = filled(["4.1e": "alpha", "4.11a": "beta", "4.11b": "gamma"])
    let lines = text.components(separatedBy: "\n")
    let markers = lines.indices.filter { lines[$0].hasPrefix("<!--") || lines[$0].hasPrefix("#") }
    for first in markers {
      for second in markers {
        for copies in [0, 2] {
          let damaged = lines.enumerated().flatMap { index, line in
            [String](repeating: line, count: index == first || index == second ? copies : 1)
          }
          assertKept(words, read(damaged.joined(separator: "\n")))
        }
        var swapped = lines
        swapped.swapAt(first, second)
        assertKept(words, read(swapped.joined(separator: "\n")))
      }
    }
  }

  func testHostileSheetsTakeNoTime() {
    // quadratic reading would take minutes
    let sheet = read(
      String(repeating: "<!-- ", count: 20_000) + "\n" + String(repeating: "```\n", count: 5000))
    XCTAssertEqual(sheet.answers, [:])
    assertKept(["<!-- <!-- "], sheet)
    let fences = "<!-- answer 4.1e -->\n" + String(repeating: "```x\n", count: 50_000)
    XCTAssertEqual(read(fences).answers["4.1e"]?.count, 5 * 50_000 - 1)
  }

  func testMembersAreNoAnswer() {
    let sheet = read("<!-- members -->\nAnn, 1\n<!-- end members -->\n" + filled(three))
    XCTAssertEqual(sheet.members, "Ann, 1")
    XCTAssertEqual(sheet.answers, three)
    XCTAssertEqual(sheet.problems, [])
  }
}
