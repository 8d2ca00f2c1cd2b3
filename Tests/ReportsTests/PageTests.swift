import Assignment
import Foundation
import Gradebook
import Grading
import Intake
import Metrics
import People
import Publication
import XCTest

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

final class PageTests: XCTestCase {
  private let attack = "<script>alert('x')</script>\u{202e}\u{0}\u{9b}\"&<!-- --><style>*{}</style>"

  /// A record with the attack in every place that somebody else writes.
  private func attacked() throws -> ClassRecord {
    var result = Sample.result(attack, values: .failed, message: attack)
    result.notes = [attack]
    result.late = LateMark(submitted: attack, due: attack, seconds: 60, share: 0.1)
    result.checks[0].diagnosis = attack
    result.checks[0].details = attack
    result.checks[1].difference = NumberDifference(
      quantity: attack, yours: attack, expected: attack, tolerance: attack, wrong: 1, count: 2)
    result.checks[1].curve = TrainingCurve(
      network: attack, goal: 0.7,
      points: [
        .init(attempt: 1, steps: 9, trainLoss: nil, trainAccuracy: nil, validationAccuracy: 0.5)
      ])
    result.checks[1].curve?.remarks = [attack]
    result.checks[1].curve?.parameters = [
      ParameterHealth(name: attack, gradient: 1, moved: 1, start: 1)
    ]
    var record = try Sample.record(
      [result], answers: [attack: ["1a": attack, "1b": "![](\(attack))"]],
      people: [attack: [Person(name: attack)]], hashes: [attack: [attack: attack]],
      marks: MarkBook(
        seed: 1,
        marks: [
          .init(submission: attack, question: "1a", points: 1, comment: attack, answer: attack)
        ]))
    record.students[0].result.late = result.late
    record.summary.title = attack
    record.summary.unrecognised = [attack]
    return record
  }

  func testEverythingThatOthersWroteIsText() throws {
    let record = try attacked()
    let pages = [
      ClassPage(record, attention: Attention.list(record)).html,
      StudentPage(StudentView(record.students[0]), manifest: record.manifest).html,
    ].map { $0.replacing("<script>\(TableScript.text)</script>", with: "") }
    for page in pages {
      XCTAssertFalse(page.contains("<script"))
      XCTAssertFalse(page.contains("*{}</style>"))
      XCTAssertFalse(page.contains("alert('"))
      for hidden in ["\u{202e}", "\u{0}", "\u{9b}"] { XCTAssertFalse(page.contains(hidden)) }
      XCTAssertTrue(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\u{fffd}"))
    }
    // in Markdown what is not between fences has a backslash before each mark
    let text = StudentMarkdown(StudentView(record.students[0]), manifest: record.manifest).text
    let outside = text.replacing(/```+text\n[\s\S]*?\n```+\n/, with: "")
    XCTAssertTrue(outside.contains("\\<script\\>"))
    XCTAssertFalse(outside.contains(/[^\\]<script/))
    XCTAssertFalse(text.contains("\u{202e}"))
  }

  func testATrainingsRemarksAndGradientsAreShown() throws {
    var result = Sample.result("ann", values: .failed, message: "it did not learn")
    result.checks[1].curve = TrainingCurve(
      network: "Net", goal: 0.7,
      points: [.init(attempt: 1, steps: 9, trainLoss: 1, trainAccuracy: 1, validationAccuracy: 0.5)]
    )
    result.checks[1].curve?.remarks = ["overfitting: much"]
    result.checks[1].curve?.parameters = [
      ParameterHealth(name: "a.W", gradient: 1e-3, moved: 0.25, start: 1),
      ParameterHealth(name: "b.W", gradient: nil, moved: 0, start: 1),
    ]
    let record = try Sample.record([result])
    let page = StudentPage(StudentView(record.students[0]), manifest: record.manifest).html
    XCTAssertTrue(page.contains("<li>overfitting: much</li>"))
    // half of ten powers of ten, of 260 wide; and none where no gradient came
    XCTAssertTrue(page.contains(/a\.W<\/text><rect [^>]*width="130\.0"\/><text[^>]*>0\.25</))
    XCTAssertTrue(page.contains(/b\.W<\/text><rect [^>]*width="0\.0"\/><text[^>]*>not moved</))
    let text = StudentMarkdown(StudentView(record.students[0]), manifest: record.manifest).text
    XCTAssertTrue(text.contains("overfitting: much"))
  }

  func testAnAnswerCannotEndItsFence() {
    let block = StudentMarkdown.block("a\n```\n# Points: 12\n`````\nb")
    XCTAssertTrue(block.hasPrefix("``````text\n"), block)
    XCTAssertTrue(block.hasSuffix("\n``````\n\n"), block)
  }

  func testPagesAllowNothingButTheirStyleAndTheClassPageItsScript() throws {
    let record = try attacked()
    let student = StudentPage(StudentView(record.students[0]), manifest: record.manifest).html
    let whole = ClassPage(record, attention: Attention.list(record)).html
    for (page, script) in [
      (student, ""), (whole, " script-src 'sha256-\(TableScript.hash)';"),
    ] {
      let policy = try XCTUnwrap(
        page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)?.output.1)
      XCTAssertEqual(
        policy,
        "default-src 'none'; style-src 'sha256-\(Stylesheet.hash)';\(script) base-uri 'none'; "
          + "form-action 'none'")
      XCTAssertEqual(page.matches(of: /<script/).count, script.isEmpty ? 0 : 1)
      let bare = page.replacing(HTML.escape(attack), with: "")
      for outside in [
        "http:", "https:", " src=", " style=", "@import", "url(", "<link", "fetch(", "innerHTML",
      ] { XCTAssertFalse(bare.contains(outside), outside) }
      // the hashes are those of what stands between the tags
      let style = try XCTUnwrap(page.firstMatch(of: /<style>([\s\S]*?)<\/style>/)?.output.1)
      XCTAssertEqual(try hash(style), Stylesheet.hash)
    }
    let script = try XCTUnwrap(whole.firstMatch(of: /<script>([\s\S]*?)<\/script>/)?.output.1)
    XCTAssertEqual(try hash(script), TableScript.hash)
  }

  /// As a policy has it.
  private func hash(_ text: Substring) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["sha256sum"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(text.utf8))
    try input.fileHandleForWriting.close()
    let sum = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let bytes = stride(from: 0, to: 64, by: 2).compactMap { place in
      UInt8(sum.dropFirst(place).prefix(2), radix: 16)
    }
    return Data(bytes).base64EncodedString()
  }

  func testPagesAreWellFormed() throws {
    let record = try attacked()
    for page in [
      ClassPage(record, attention: Attention.list(record)).html,
      StudentPage(StudentView(record.students[0]), manifest: record.manifest).html,
    ] {
      // as XML: void elements closed, and the two names that XML does not know
      let text = page.replacing(/<meta([^>]*)>/) { "<meta\($0.output.1)/>" }
        .replacing("<br>", with: "<br/>").replacing("<wbr>", with: "<wbr/>").replacing(
          "&nbsp;", with: " "
        )
        .replacing("<!DOCTYPE html>\n", with: "").replacing(/<style>[\s\S]*?<\/style>/, with: "")
        .replacing(/<script>[\s\S]*?<\/script>/, with: "")
      let parser = XMLParser(data: Data(text.utf8))
      XCTAssertTrue(
        parser.parse(), "\(String(describing: parser.parserError)) \(parser.lineNumber)")
    }
  }

  func testStudentPageShowsWhatCounts() throws {
    var result = Sample.result("ann", values: .failed, message: "unused")
    result.recordings = "synthetic recordings"
    result.checks[0].message = "H: yours 1, expected 2"
    result.checks[0].difference = NumberDifference(
      quantity: "H at [0, 1]", yours: "0.5", expected: "0.25", tolerance: "1e-4", wrong: 3, count: 8
    )
    result.checks[0].diagnosis = "the gate uses tanh"
    result.checks[0].findings = ["The first tensor <C> is wrong"]
    let record = try Sample.record(
      [result], answers: ["ann": ["1a": "Because.", "1b": "Yes."]],
      marks: MarkBook(
        seed: 1,
        marks: [
          .init(
            submission: "ann", question: "1a", points: 1.5, comment: "Good.", answer: "Because.")
        ]))
    let student = record.students[0]
    XCTAssertEqual(student.score, 2.5)
    let page = StudentPage(
      StudentView(student), manifest: record.manifest, prompts: ["1a": "Why so?"]
    ).html
    for text in [
      "1 / 3 <span class=\"quiet\">code</span>",
      "1.5 / 3 <span class=\"quiet\">answers marked so far</span>", "1 answer is not marked yet",
      "H at [0, 1]", "<td>0.5</td>", "<td>0.25</td>",
      "3 of 8", "the gate uses tanh", "<li>The first tensor &lt;C&gt; is wrong</li>", "Why so?",
      "Because.", "Good.", "not marked yet",
      "1.5&nbsp;/&nbsp;2", "synthetic recordings",
    ] {
      XCTAssertTrue(page.contains(text), text)
    }
    XCTAssertTrue(
      ClassPage(record, attention: []).html.contains("trained on synthetic recordings"))
    let markdown = StudentMarkdown(StudentView(student), manifest: record.manifest).text
    for text in [
      "**1 of 3 points** (code), **1.5 of 3 points** (answers marked so far)", "provisional",
      "the gate uses tanh", "is wrong", "Good\\.",
    ] {
      XCTAssertTrue(
        markdown.contains(text) || markdown.contains(text.replacing("\\", with: "")), text)
    }
  }

  // MARK: The class page's order

  func testTheClassPageBeginsWithTheSubmissions() throws {
    let record = try Sample.record([Sample.result("ann"), Sample.result("ben", values: .failed)])
    let page = ClassPage(record, attention: []).html
    let headings = page.matches(of: /<h2 id="([^"]*)">([^<]*)<\/h2>/)
    XCTAssertEqual(headings.first.map { String($0.output.2) }, "Submissions")
    XCTAssertGreaterThan(headings.count, 3)
    // a link to each section, and no section twice
    let links = page.matches(of: /<li><a href="#([^"]*)">/).map { String($0.output.1) }
    XCTAssertEqual(links, headings.map { String($0.output.1) })
    XCTAssertEqual(Set(links).count, links.count)
    // what the script looks for; without it the search is not shown, and every row is there
    for id in ["tools", "search", "count", "class"] {
      XCTAssertEqual(page.matches(of: try Regex("id=\"\(id)\"")).count, 1, id)
      XCTAssertTrue(TableScript.text.contains("getElementById('\(id)')"), id)
    }
    XCTAssertTrue(page.contains("<label for=\"search\">Search</label>"))
    XCTAssertTrue(page.contains("<div id=\"tools\" class=\"tools\" hidden=\"\">"))
    for head in page.matches(of: /<th[ >][^>]*>?/) {
      XCTAssertTrue(head.output.contains("scope="), String(head.output))
    }
  }

  func testCodeAndAnswersStandApartWhileThereIsSomethingToMark() throws {
    let sheet = ["1a": "Because.", "1b": "Yes."]
    func mark(_ question: String, _ points: Double) -> Mark {
      Mark(
        submission: "ann", question: question, points: points, comment: "",
        answer: sheet[question] ?? "")
    }
    func page(_ marks: [Mark]) throws -> String {
      let record = try Sample.record(
        [Sample.result("ann"), Sample.result("ben")], answers: ["ann": sheet],
        marks: MarkBook(seed: 1, marks: marks))
      return ClassPage(record, attention: []).html
    }
    func row(_ page: String) throws -> String {
      try String(XCTUnwrap(page.firstMatch(of: /<tr role="row">.*ann\.html.*/)).output)
    }
    let (none, some, all) = (
      try page([]), try page([mark("1a", 1.5)]), try page([mark("1a", 1.5), mark("1b", 1)])
    )
    XCTAssertTrue(try row(none).contains("3&nbsp;/&nbsp;3"), none)
    XCTAssertTrue(try row(none).contains("–&nbsp;/&nbsp;3"), none)
    XCTAssertTrue(try row(none).contains("2&nbsp;to&nbsp;mark"), none)
    XCTAssertTrue(try row(some).contains("1.5&nbsp;/&nbsp;3"), some)
    for page in [none, some] {
      XCTAssertFalse(try row(page).contains("/&nbsp;6"), page)
      XCTAssertTrue(page.contains("Scores of the code"))
    }
    XCTAssertTrue(try row(all).contains("5.5&nbsp;/&nbsp;6"), all)
    XCTAssertFalse(all.contains("Scores of the code"))
  }

  func testTableAddsUpToTheGrade() throws {
    let late = LateMark(submitted: "b", due: "a", seconds: 61, share: 0.5)
    let sheet = ["1a": "Because.", "1b": "Yes."]
    func mark(_ name: String, _ question: String, _ points: Double) -> Mark {
      Mark(
        submission: name, question: question, points: points, comment: "",
        answer: sheet[question] ?? "")
    }
    let record = try Sample.record(
      ["=1+1", "half", "late", "none", "unseen"].map { Sample.result($0) },
      answers: ["half": sheet, "late": sheet],
      late: [
        "late": late, "unseen": LateMark(submitted: "late", due: "a", seconds: nil, share: 0),
      ],
      marks: MarkBook(
        seed: 1, marks: [mark("half", "1a", 2), mark("late", "1a", 1.5), mark("late", "1b", 1)]))
    XCTAssertEqual(
      GradesTable(record).text.components(separatedBy: "\r\n"),
      [
        // spreadsheets know UTF-8 by the mark in front
        "\u{feff}submission,members,score,max_score,status,code,late_minutes,late_percent,answers,total,"
          + "max_total,provisional",
        "'=1+1,'=1+1,3,3,graded,3,0,0,0,3,6,no",
        // one of two answers is marked
        "half,half,3,3,graded,3,0,0,,5,6,yes",
        "late,late,1.5,3,graded,3,2,50,2.5,2.75,6,no",
        "none,none,3,3,graded,3,0,0,0,3,6,no",
        "unseen,unseen,3,3,graded,3,?,0,0,3,6,no", "",
      ])
  }

  func testClassPageShowsWhatTheIntakeFound() throws {
    var record = try Sample.record([Sample.result("ann"), Sample.result("ben")])
    let person = { (name: String) in ["name": name, "ids": []] as [String: Any] }
    let report: [String: Any] = [
      "path": "class", "timeZone": "UTC",
      "submissions": [
        [
          "name": "ann", "platform": "plain", "source": "second ann", "people": [], "files": [],
          "hasAnswers": false, "notes": [], "submitted": "2024-09-25 21:00 UTC",
        ]
      ],
      "superseded": [
        [
          "name": "ann", "source": "first <ann>", "countedSource": "second ann",
          "submitted": "2024-09-24 21:00 UTC",
        ]
      ],
      "roster": [
        "file": "/where/list.csv", "students": 3, "missing": [person("cem <b>")],
        "unknown": [["submission": "ben", "person": person("Ben B.")]],
      ],
      "unrecognised": ["a.txt: no submission"], "problems": ["ben is there twice"],
    ]
    record.summary.intake = try JSONDecoder().decode(
      IntakeReport.self, from: JSONSerialization.data(withJSONObject: report))
    record.summary.unrecognised = ["a.txt: no submission"]
    let page = ClassPage(record, attention: []).html
    for text in [
      "first &lt;ann&gt;", "2024-09-24 21:00 UTC", "2024-09-25 21:00 UTC", "cem &lt;b&gt;",
      "Ben B.", "3 students on list.csv", "1 without a submission", "a.txt: no submission",
      "ben is there twice",
    ] { XCTAssertTrue(page.contains(text), text) }
    XCTAssertFalse(page.contains("/where/"))
  }

  func testLatenessCostsAShareOfAllPoints() throws {
    let late = LateMark(submitted: "b", due: "a", seconds: 60, share: 0.5)
    let record = try Sample.record([Sample.result("ann")], late: ["ann": late])
    XCTAssertEqual(record.students[0].penalty, 1.5)
    XCTAssertEqual(record.students[0].score, 1.5)
    XCTAssertTrue(ClassPage(record, attention: []).html.contains("late, −50&nbsp;%"))
  }

  func testCurveIsDrawnWithinItsFrame() throws {
    let points = (1...7).map { epoch -> TrainingCurve.Point in
      let isSecond = epoch > 4
      let share: Double = 0.4 + 0.05 * Double(epoch)
      return TrainingCurve.Point(
        attempt: isSecond ? 2 : 1, steps: 94 * (isSecond ? epoch - 4 : epoch), trainLoss: 0.5,
        trainAccuracy: epoch == 3 ? nil : share + 0.05, validationAccuracy: share)
    }
    let html = LearningCurve(TrainingCurve(network: "N", goal: 0.75, points: points)).html
    XCTAssertEqual(html.matches(of: /<circle/).count, 7)
    XCTAssertEqual(html.matches(of: /<polyline class="validation"/).count, 2)
    for match in html.matches(of: /cx="([\d.-]+)" cy="([\d.-]+)"/) {
      let (x, y) = (Double(match.output.1) ?? -1, Double(match.output.2) ?? -1)
      XCTAssertTrue((46...508).contains(x) && (12...190).contains(y), "\(x), \(y)")
    }
    XCTAssertTrue(html.contains("best 75.0 %"), html)
    XCTAssertEqual(LearningCurve(TrainingCurve(network: "N", goal: 0.5)).html, "")
  }

  /// The goal's figure is called what it is.
  func testACurveIsCalledByItsMetric() {
    let point = TrainingCurve.Point(
      attempt: 1, steps: 94, trainLoss: nil, trainAccuracy: nil, validationAccuracy: 0.5)
    for (metric, name) in [
      (Metric.accuracy, "Accuracy of N"), (.meanF1, "Mean F1 of N"),
      (.areaUnderROC, "Area under the ROC curve of N"),
    ] {
      let curve = TrainingCurve(network: "N", metric: metric, goal: 0.75, points: [point])
      XCTAssertTrue(LearningCurve(curve).caption.hasPrefix(name), LearningCurve(curve).caption)
    }
    // recorded when all goals were accuracies
    var old = TrainingCurve(network: "N", goal: 0.75, points: [point])
    old.metric = nil
    XCTAssertTrue(LearningCurve(old).caption.hasPrefix("Accuracy of N"))
  }

  func testLinksReachAnyFileName() {
    XCTAssertEqual(HTML.link("a b#?%ä"), "a%20b%23%3F%25%C3%A4")
  }
}
