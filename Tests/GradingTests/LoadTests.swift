import Assignment
import Foundation
import Gradebook
import TestSupport
import XCTest

/// Grades depend neither on the number of jobs nor on what else the machine does.
final class LoadTests: XCTestCase {
  /// Spends processor time for every call, of which a check makes some twenty or more: under load it takes longer
  /// on the clock than the limits allow, though the processor time is the same.
  private static let slow = """
        let end = clock() + CLOCKS_PER_SEC / 80
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

  /// Those of the task's checks among the stubs'.
  private func outcomes(_ shapes: String, _ others: String) -> [String] {
    ["notImplemented", shapes, others, others, "notImplemented", "notImplemented"]
  }

  func testSameScoresAtAnyNumberOfJobsOnABusyMachine() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    let memory = "memoryBytes: 2147483648}"
    try course.change([
      "check: {cpuSeconds: 3, wallSeconds: 3, \(memory)":
        "check: {cpuSeconds: 2, wallSeconds: 2, \(memory)"
    ])
    for name in ["ann", "ben", "cem", "dan"] {
      let text = try course.solution("    // \(name)\n" + Self.slow)
      try scratch.write("import Glibc\n" + text, "class/\(name)/WeightedMeans.swift")
    }
    // never ends, and spends processor time; never ends, and waits
    try scratch.write(try course.solution("    while true {}\n"), "class/loops/WeightedMeans.swift")
    try scratch.write(
      "import Glibc\n" + (try course.solution("    sleep(1000)\n")),
      "class/sleeps/WeightedMeans.swift")
    let quiet = try grades(scratch, course, jobs: 1)
    XCTAssertEqual(
      quiet,
      ["ann", "ben", "cem", "dan"].map { "\($0) 3.0 \(outcomes("passed", "passed"))" }
        + ["loops", "sleeps"].map { "\($0) 0.0 \(outcomes("timedOut", "notRun"))" })

    XCTAssertEqual(try onABusyMachine { try grades(scratch, course, jobs: 6) }, quiet)
  }
}
