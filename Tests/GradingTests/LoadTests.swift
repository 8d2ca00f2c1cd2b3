import Assignment
import Foundation
import Gradebook
import TestSupport
import XCTest

/// Grades depend neither on the number of jobs nor on what else the machine does.
final class LoadTests: XCTestCase {
  /// Spends processor time for every call, of which a check makes some thirty: under load it takes longer
  /// on the clock than the limits allow, though the processor time is the same.
  private static let slow = """
        let end = clock() + CLOCKS_PER_SEC / 40
        while clock() < end {}

    """

  private func grades(_ scratch: Scratch, _ course: SmallCourse, jobs: Int) throws -> [String] {
    let out = scratch.path + "/out\(jobs)"
    let run = try course.run([
      "grade", scratch.path + "/class", "--out", out, "--seed", "11", "--jobs", "\(jobs)",
    ])
    XCTAssertEqual(run.status, 0, run.output)
    let results = try Gradebook(reading: out).published()?.results ?? []
    // for a failure: which limit it was
    for result in results {
      print("\(result.submission):", result.checks.map { "\($0.seconds) s, \($0.message)" })
    }
    return results.map { "\($0.submission) \($0.score) \($0.checks.map(\.outcome.rawValue))" }
  }

  func testSameScoresAtAnyNumberOfJobsOnABusyMachine() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    let manifest = course.root + "/Assignments/RecurrentNetworks/assignment.yml"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    let limits = "check: {cpuSeconds: 3, wallSeconds: 3}"
    XCTAssertTrue(text.contains(limits))
    try text.replacingOccurrences(of: limits, with: "check: {cpuSeconds: 2, wallSeconds: 2}")
      .write(toFile: manifest, atomically: true, encoding: .utf8)
    for name in ["ann", "ben", "cem", "dan"] {
      let text = try course.solution("    // \(name)\n" + Self.slow)
      try scratch.write("import Glibc\n" + text, "class/\(name)/RNN.swift")
    }
    // never ends, and spends processor time; never ends, and waits
    try scratch.write(try course.solution("    while true {}\n"), "class/loops/RNN.swift")
    try scratch.write(
      "import Glibc\n" + (try course.solution("    sleep(1000)\n")), "class/sleeps/RNN.swift")
    let quiet = try grades(scratch, course, jobs: 1)
    XCTAssertEqual(
      quiet,
      ["ann", "ben", "cem", "dan"].map { "\($0) 2.0 [\"passed\", \"passed\"]" }
        + ["loops", "sleeps"].map { "\($0) 0.5 [\"passed\", \"timedOut\"]" })

    XCTAssertEqual(try onABusyMachine { try grades(scratch, course, jobs: 6) }, quiet)
  }
}
