import Foundation
import Gradebook
import TestSupport
import XCTest

@testable import Grading

/// A rollback brings back every file of the published state, not the scores alone.
final class RollbackTests: XCTestCase {
  /// All files of the output folder but the gradebook and the number of the state.
  private func files(_ scratch: Scratch) throws -> [String: Data] {
    let out = scratch.path + "/out"
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: out)
    where !name.hasPrefix(".") && !name.hasPrefix(Gradebook.fileName) {
      files[name] = FileManager.default.contents(atPath: out + "/" + name)
    }
    return files.filter { !$0.value.isEmpty }
  }

  func testEveryFileComesBackAsItWasPublished() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    let manifest = unit.assignmentFolder + "/assignment.yml"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    func assign(_ due: String, _ title: String) throws {
      try
        (text.replacingOccurrences(of: "title: The first", with: "title: \(title)")
        + "\ndue: \(due)\nlate: {perDay: 0.5}\nquestions: [{id: 1a, points: 1}]\n")
        .write(toFile: manifest, atomically: true, encoding: .utf8)
    }
    let right = "import TinyCore\nfunc first() -> Int { double(21) }\n"
    try assign("2024-09-24 21:00 UTC", "The first")
    try scratch.write("<!-- answer 1a -->\nold\n<!-- end 1a -->\n", "Assignments/Tiny/ANSWERS.md")
    try scratch.write(right, "class/1-9 - Ann - Sep 24, 2024 901 PM/First.swift")
    try scratch.write("mine", "class/1-9 - Ann - Sep 24, 2024 901 PM/ANSWERS.md")
    try scratch.write(right, "class/2-9 - Ben - Sep 24, 2024 900 PM/First.swift")
    try unit.grade(scratch)
    let before = try files(scratch)
    XCTAssertTrue(
      Set(before.keys).isSuperset(of: [
        "assignment/ANSWERS.md", "assignment/First.swift", "assignment/assignment.json",
        "grades.csv", "intake.json", "report/index.html", "results/Ann (1).json", "run.json",
        "submissions/Ann (1).json", "submissions/Ben (2).json",
      ]), "\(before.keys.sorted())")

    // a later attempt with another answer, another due date, another heading, another question,
    try assign("2024-09-26 21:00 UTC", "Another heading")
    try scratch.write("<!-- answer 1a -->\nnew\n<!-- end 1a -->\n", "Assignments/Tiny/ANSWERS.md")
    // and other code, which the page of then does not show
    try scratch.write(
      right + "// again\n", "class/1-9 - Ann - Sep 25, 2024 901 PM/First.swift")
    try scratch.write("changed", "class/1-9 - Ann - Sep 25, 2024 901 PM/ANSWERS.md")
    try unit.grade(scratch)
    let changed = try files(scratch)
    for name in [
      "assignment/ANSWERS.md", "assignment/assignment.json", "grades.csv", "intake.json",
      "report/Ann (1).html", "report/index.html", "results/Ann (1).json", "run.json",
      "submissions/Ann (1).json",
    ] { XCTAssertNotEqual(before[name], changed[name], "\(name) should not be as before") }

    let publisher = Publisher(
      gradebook: try scratch.gradebook(), folder: scratch.path + "/out",
      writeReports: unit.options(scratch).writeReports)
    _ = try publisher.rollBack()
    let after = try files(scratch)
    XCTAssertEqual(after.keys.sorted(), before.keys.sorted())
    for (name, data) in before { XCTAssertEqual(after[name], data, name) }
  }
}
