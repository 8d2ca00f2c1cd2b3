import Foundation
import TestSupport
import XCTest

/// Decisions from outside: the command that a message prints answers it, and every later run goes by it.
final class DecideCommandTests: XCTestCase {
  /// The words of a printed command as a shell takes them.
  private func words(_ command: String) throws -> [String] {
    let line = "printf '%s\\n' " + command.dropFirst("./rhythm ".count)
    let outcome = try Program(URL(fileURLWithPath: "/bin/sh")).run(["-c", line], in: "/")
    return outcome.output.split(separator: "\n").map(String.init)
  }

  /// The command that a run printed behind some words.
  private func command(_ meaning: String, in output: String) throws -> String {
    let line = try XCTUnwrap(
      output.split(separator: "\n").first { $0.contains("  \(meaning): ./rhythm decide ") }, output)
    return String(try XCTUnwrap(line.firstRange(of: "./rhythm").map { line[$0.lowerBound...] }))
  }

  func testWhatAMessagePrintsIsDecidedOnceAndForAll() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    let out = scratch.path + "/out put"
    let folder = scratch.path + "/class"
    try scratch.write(try course.solution(), "class/ann/WeightedMeans.swift")
    try scratch.write(try course.mistaken(), "class/ann (1)/WeightedMeans.swift")
    try scratch.write(try course.solution() + "// bob\n", "class/bob/WeightedMeans_final.swift")
    try scratch.write("x", "class/bob/MovingSums.swift")
    func grade(_ more: [String] = []) throws -> (status: Int32, output: String) {
      try course.run(["grade", folder, "--out", out] + more)
    }
    func table() throws -> [String] {
      try String(contentsOfFile: out + "/grades.csv", encoding: .utf8).split(separator: "\r\n")
        .dropFirst().map { $0.split(separator: ",").prefix(3).joined(separator: ",") }
    }
    // before anything is graded
    let intake = try course.run(["intake", folder, "--out", out])
    XCTAssertEqual(intake.status, 3, intake.output)
    XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    let counts = try command("ann counts", in: intake.output)
    let first = try course.run(try words(counts))
    XCTAssertEqual(first.status, 0, first.output)
    XCTAssertTrue(first.output.contains("decided: ann (1) is left out"), first.output)
    XCTAssertTrue(first.output.contains("nothing is graded in"), first.output)
    let second = try course.run(["decide", "owner", "bob", "Bob Ray", "--out", out])
    XCTAssertEqual(second.status, 0, second.output)
    XCTAssertEqual(try course.run(["decide", "undo", "2", "--out", out]).status, 0)
    let again = try course.run(["intake", folder, "--out", out])
    XCTAssertFalse(again.output.contains("looks like a copy"), again.output)

    let graded = try grade()
    XCTAssertEqual(graded.status, 3, graded.output)
    XCTAssertEqual(try table(), ["ann,ann,3", "bob,bob,0"])
    let file = try command(
      "WeightedMeans_final.swift is WeightedMeans.swift", in: graded.output)
    // where the course has another unit the class still knows its own
    let other = course.root + "/Assignments/Other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try String(contentsOfFile: course.manifest, encoding: .utf8)
      .replacing("unit: Toy", with: "unit: Other")
      .write(toFile: other + "/assignment.yml", atomically: true, encoding: .utf8)
    let nowhere = try course.run(["intake", folder])
    XCTAssertEqual(nowhere.status, 1, nowhere.output)
    XCTAssertTrue(
      nowhere.output.contains("several units; add --unit Other or --unit Toy"), nowhere.output)
    let known = try course.run(["intake", folder, "--out", out])
    XCTAssertEqual(known.status, 3, known.output)
    let taken = try course.run(try words(file))
    XCTAssertEqual(taken.status, 0, taken.output)
    try FileManager.default.removeItem(atPath: other)
    XCTAssertTrue(
      taken.output.contains("the grade of bob stays as it is, also provisional, until"),
      taken.output)
    XCTAssertEqual(try grade().status, 0)
    XCTAssertEqual(try table(), ["ann,ann,3", "bob,bob,3"])

    // a name that nobody has
    let unknown = try course.run(["decide", "leave-out", "bobb", "--out", out])
    XCTAssertEqual(unknown.status, 2, unknown.output)
    XCTAssertTrue(unknown.output.contains("did you mean bob?"), unknown.output)

    // what is shown already is brought up to date at once, and stays so through everything
    let leftOut = try course.run(
      ["decide", "leave-out", "bob", "--out", out, "--reason", "not of this course"])
    XCTAssertEqual(leftOut.status, 0, leftOut.output)
    XCTAssertFalse(leftOut.output.contains("stays as it is"), leftOut.output)
    XCTAssertEqual(try table(), ["ann,ann,3"])
    XCTAssertEqual(try course.run(["report", "--out", out]).status, 0)
    XCTAssertEqual(try table(), ["ann,ann,3"])
    let exported = try course.run(["export", "gradescope", "--out", out])
    XCTAssertEqual(exported.status, 0, exported.output)
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: out + "/exports/gradescope"), ["ann"])
    XCTAssertEqual(try grade().status, 0)
    XCTAssertEqual(try table(), ["ann,ann,3"])
    XCTAssertEqual(try course.run(["regrade", "--out", out]).status, 0)
    XCTAssertEqual(try table(), ["ann,ann,3"])
    let rollback = try course.run(["rollback", "--out", out])
    XCTAssertEqual(rollback.status, 0, rollback.output)
    XCTAssertEqual(try table(), ["ann,ann,3"], "a rollback takes no decision back")

    // other files under the name that is left out
    try scratch.write(try course.solution() + "// more\n", "class/bob/WeightedMeans_final.swift")
    let changed = try grade()
    XCTAssertEqual(changed.status, 3, changed.output)
    XCTAssertTrue(changed.output.contains("bob is left out by decision, and has other files now"))

    let list = try course.run(["decide", "list", "--out", out])
    XCTAssertTrue(list.output.contains("bob is left out (not of this course)"), list.output)
    let number = try XCTUnwrap(
      list.output.split(separator: "\n").first { $0.contains("bob is left out") }?
        .split(separator: " ").first.map(String.init))
    let undone = try course.run(["decide", "undo", number, "--out", out])
    XCTAssertEqual(undone.status, 0, undone.output)
    XCTAssertEqual(try grade().status, 0)
    XCTAssertEqual(try table(), ["ann,ann,3", "bob,bob,3"])
    let none = try course.run(["decide", "undo", number, "--out", out])
    XCTAssertEqual(none.status, 2, none.output)

    // grade's own option is kept too
    XCTAssertEqual(try grade(["--leave-out", "bob"]).status, 0)
    XCTAssertEqual(try grade().status, 0)
    XCTAssertEqual(try table(), ["ann,ann,3"])
  }

  func testADecisionAboutPeopleIsInTheNextExport() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    let out = scratch.path + "/out"
    try scratch.write(try course.solution(), "class/Cy Fox/WeightedMeans.swift")
    let roster = try scratch.write(
      "id,email,name\n00345678,cy1@u.example,Cy Fox\n00345679,cy2@u.example,Cy Fox\n",
      "roster.csv")
    let graded = try course.run(
      ["grade", scratch.path + "/class", "--out", out, "--roster", roster])
    XCTAssertEqual(graded.status, 3, graded.output)
    func export() throws -> (status: Int32, output: String) {
      try course.run(["export", "moodle-gradebook", "--out", out, "--roster", roster])
    }
    XCTAssertEqual(try export().status, 1)
    // nobody is called so
    let nobody = try course.run(["decide", "owner", "Cy Fox", "00345699", "--out", out])
    XCTAssertEqual(nobody.status, 2, nobody.output)
    XCTAssertTrue(nobody.output.contains("is called 00345699: did you mean 0034567"), nobody.output)
    for person in ["345678", "cy2@u.example"] {
      let decided = try course.run(["decide", "owner", "Cy Fox", person, "--out", out])
      XCTAssertEqual(decided.status, 0, decided.output)
    }
    // the newer one is in the older one's place, which comes back with its undoing
    let list = try course.run(["decide", "list", "--out", out]).output
    XCTAssertTrue(list.contains("the work of cy2") && !list.contains("the work of 345678"), list)
    let undone = try course.run(["decide", "undo", "2", "--out", out])
    XCTAssertTrue(
      undone.output.contains("holds again: Cy Fox is the work of 345678"), undone.output)
    let owner = try command("Cy Fox, 00345679, handed it in", in: graded.output)
    let decided = try course.run(try words(owner))
    XCTAssertEqual(decided.status, 0, decided.output)
    XCTAssertTrue(
      decided.output.contains("takes the place of decision 3"),
      decided.output)
    // at once, and after another run
    for _ in 0..<2 {
      let exported = try export()
      XCTAssertEqual(exported.status, 0, exported.output)
      let table = try String(
        contentsOfFile: out + "/exports/moodle-gradebook.csv", encoding: .utf8)
      XCTAssertTrue(table.contains("00345679,cy2@u.example,3"), table)
      XCTAssertFalse(table.contains("00345678"), table)
      let again = try course.run(
        ["grade", scratch.path + "/class", "--out", out, "--roster", roster])
      XCTAssertEqual(again.status, 0, again.output)
    }
  }

  func testWhatIsNotDecidedStaysAskedWhenOthersAreDeliveredAfterwards() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    let out = scratch.path + "/out"
    try scratch.write(try course.solution(), "first/ann/WeightedMeans.swift")
    try scratch.write(try course.solution(), "late/bob/WeightedMeans_final.swift")
    try scratch.write("x", "late/bob/MovingSums.swift")
    func page() throws -> String {
      try String(contentsOfFile: out + "/report/index.html", encoding: .utf8)
    }
    let asks = "WeightedMeans_final.swift may be meant for it"
    func asked() throws -> Int {
      try String(contentsOfFile: out + "/intake.json", encoding: .utf8).split(separator: "\n")
        .count { $0.contains("\"sentence\"") && $0.contains(asks) }
    }
    for (delivery, status) in [("first", 0), ("late", 3), ("first", 3), ("first", 3)] {
      let graded = try course.run(["grade", scratch.path + "/" + delivery, "--out", out])
      XCTAssertEqual(graded.status, Int32(status), graded.output)
      XCTAssertEqual(graded.output.contains(asks), status == 3, graded.output)
      XCTAssertEqual(try page().contains(asks), status == 3, delivery)
      XCTAssertEqual(try asked(), status == 3 ? 1 : 0, delivery)
    }
    // the page follows the decision at once, and so does every later run
    let none = try course.run(
      ["decide", "leave-out", "bob", "--file", "WeightedMeans_final.swift", "--out", out])
    XCTAssertEqual(none.status, 0, none.output)
    XCTAssertFalse(try page().contains(asks))
    XCTAssertEqual(try asked(), 0)
    let last = try course.run(["grade", scratch.path + "/first", "--out", out])
    XCTAssertEqual(last.status, 0, last.output)
  }
}
