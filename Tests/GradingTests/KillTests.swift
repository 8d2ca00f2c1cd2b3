import Assignment
import Foundation
import Gradebook
import TestSupport
import XCTest

@testable import Building

/// Whatever is killed at whatever moment, nothing is lost and nothing is there twice.
final class KillTests: XCTestCase {
  /// So many times the tool is killed.
  private static let kills = 20

  private func writeClass(_ scratch: Scratch, _ course: SmallCourse) throws {
    for (name, text) in [
      ("ann", try course.solution()), ("ben", try course.solution()),
      ("cem", try course.solution("    // my own\n")),
      ("dan", try course.mistaken()),
      ("eve", try course.solution("    oops\n")),
      ("fay", "import Glibc\n" + (try course.solution("    exit(0)\n"))),
    ] { try scratch.write(text, "class/\(name)/WeightedMeans.swift") }
    try scratch.write("nothing", "class/gus/readme.txt")
  }

  /// What must be the same, killed or not; times differ.
  private func state(_ folder: String) throws -> [String] {
    let gradebook = try Gradebook(reading: folder)
    let submissions = try gradebook.submissions().map { graded in
      var lines = ["\(graded.submission) \(graded.build?.errors ?? [])"]
      lines += graded.verdicts.map { "\($0.key.check) \($0.outcome) \($0.message)" }
      return lines.joined(separator: "\n")
    }
    let verdicts = try Set(gradebook.submissions().map(\.submission.files)).sorted().map {
      "\($0) \(try gradebook.verdicts(on: $0).count)"
    }
    let published = try gradebook.published()?.results.map { "\($0.submission) \($0.score)" } ?? []
    let table = try String(contentsOfFile: folder + "/grades.csv", encoding: .utf8)
    return submissions + verdicts + published + [table]
  }

  func testKilledAtRandomMomentsItEndsAsIfNothingHadHappened() throws {
    let scratch = try Scratch()
    let quiet = try SmallCourse(scratch, "quiet", ownCache: true)
    try writeClass(scratch, quiet)
    func grade(_ name: String) -> [String] {
      ["grade", scratch.path + "/class", "--out", scratch.path + "/" + name, "--seed", "11"]
    }
    let begin = DispatchTime.now().uptimeNanoseconds
    let undisturbed = try quiet.run(grade("undisturbed"))
    // one cannot be read
    XCTAssertEqual(undisturbed.status, 3, undisturbed.output)
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - begin) * 1e-9

    // From at once to well into the work, over and over: each run begins where the one before was
    // killed. When all is done before the kill, another round begins, with no worker built.
    var generator = SplitMix(state: 2017)
    var (killed, round) = (0, 0)
    let course = try SmallCourse(scratch, "killed", ownCache: true)
    let workers = course.root + "/.build/workers"
    while killed < Self.kills {
      let process = try course.start(grade("disturbed\(round)"))
      Thread.sleep(forTimeInterval: generator.fraction() * seconds * 0.3)
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal {
          killed += 1
          continue
        }
      }
      process.waitUntilExit()
      try compare(scratch, round)
      round += 1
      for name in try FileManager.default.contentsOfDirectory(atPath: workers)
      where !name.hasPrefix("modules-") && !name.hasPrefix("importable-") {
        try FileManager.default.removeItem(atPath: workers + "/" + name)
      }
    }
    let last = try course.run(grade("disturbed\(round)"))
    XCTAssertEqual(last.status, 3, last.output)
    try compare(scratch, round)
    print("killed \(killed) times in \(round + 1) rounds")
    // nothing is left lying about
    let manager = FileManager.default
    XCTAssertEqual(
      try manager.contentsOfDirectory(atPath: course.root + "/tmp").filter {
        $0.hasPrefix("rhythm-grade-")
      }, [])
    XCTAssertEqual(
      try manager.contentsOfDirectory(atPath: workers).filter {
        $0.hasPrefix(WorkerBuilder.leftover)
      }, [])
    XCTAssertEqual(
      try manager.contentsOfDirectory(atPath: scratch.path + "/disturbed\(round)").sorted(),
      try manager.contentsOfDirectory(atPath: scratch.path + "/undisturbed").sorted())
  }

  private func compare(_ scratch: Scratch, _ round: Int) throws {
    XCTAssertEqual(
      try state(scratch.path + "/disturbed\(round)"), try state(scratch.path + "/undisturbed"))
  }

  func testTwoRunsOnOneFolderDoNotHarmEachOther() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    try writeClass(scratch, course)
    let arguments = ["grade", scratch.path + "/class", "--out", scratch.path + "/two"]
    let first = try course.start(arguments, log: "first.txt")
    let lock = scratch.path + "/two/.lock"
    while first.isRunning,
      (try? String(contentsOfFile: lock, encoding: .utf8)) != "\(first.processIdentifier)\n"
    { usleep(10_000) }
    let second = try course.run(arguments)
    XCTAssertEqual(second.status, 1)
    XCTAssertTrue(
      second.output.contains("is in use by process \(first.processIdentifier)"), second.output)
    first.waitUntilExit()
    XCTAssertEqual(first.terminationStatus, 3)
    XCTAssertEqual(try Gradebook(reading: scratch.path + "/two").submissions().count, 7)
  }

  func testCtrlCKeepsWhatIsFinishedAndSaysHowToGoOn() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    try scratch.write(try course.solution(), "stopped/ann/WeightedMeans.swift")
    try scratch.write(
      try course.solution("    while true {}\n"), "stopped/hangs/WeightedMeans.swift")
    let arguments = [
      "grade", scratch.path + "/stopped", "--out", scratch.path + "/stopped-out", "--jobs", "1",
    ]
    let process = try course.start(arguments)
    while process.isRunning, try !course.output().contains("[1/2] ann") { usleep(10_000) }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 130)
    let said = try course.output()
    XCTAssertTrue(said.contains("the same command goes on"), said)
    XCTAssertTrue(said.contains("stopped early: 1 of 2"), said)
    let table = try String(
      contentsOfFile: scratch.path + "/stopped-out/grades.csv", encoding: .utf8)
    XCTAssertTrue(table.contains("ann,ann,3,5,graded"), table)
    try requireNothingLeft(course)
    let again = try course.run(arguments)
    XCTAssertEqual(again.status, 0, again.output)
    XCTAssertTrue(again.output.contains("1 of them known"), again.output)
    try requireNothingLeft(course)
  }

  /// From the self-test over the build of the reference to that of a submission.
  func testCtrlCAtAnyMomentLeavesNothingBehind() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch, ownCache: true)
    try writeClass(scratch, course)
    var stopped = 0
    for tenths in [3, 5, 8, 12, 17, 23, 30] {
      let process = try course.start([
        "grade", scratch.path + "/class", "--out", scratch.path + "/out",
      ])
      Thread.sleep(forTimeInterval: Double(tenths) * 0.1)
      // the group, as a terminal does
      kill(-process.processIdentifier, SIGINT)
      process.waitUntilExit()
      if process.terminationStatus == 130 { stopped += 1 }
      try requireNothingLeft(course)
    }
    XCTAssertGreaterThan(stopped, 3)
  }

  private func requireNothingLeft(_ course: SmallCourse) throws {
    let manager = FileManager.default
    XCTAssertEqual(try manager.contentsOfDirectory(atPath: course.root + "/tmp"), [])
    let workers = try? manager.contentsOfDirectory(atPath: course.root + "/.build/workers")
    XCTAssertEqual(workers?.filter { $0.hasPrefix(WorkerBuilder.leftover) } ?? [], [])
  }
}

/// A generator with a fixed start, so that a failure comes again (SplitMix64, Steele et al. 2014).
struct SplitMix {
  var state: UInt64

  /// A number from 0 to 1.
  mutating func fraction() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
  }
}
