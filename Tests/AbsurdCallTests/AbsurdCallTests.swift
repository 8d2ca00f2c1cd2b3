import Foundation
import TestSupport
import XCTest

/// Calls of the core with arguments that nobody in his senses gives (`Tests/AbsurdCalls`), in a program of
/// their own: every one returns, throws a `TensorError`, or, where a function cannot throw, ends the program
/// with a sentence that begins with its name. None traps, hangs or dies without a word.
final class AbsurdCallTests: XCTestCase {
  func testEveryCallEndsInASentence() throws {
    try check(seed: 16, calls: 4000)
  }

  /// With as good as no memory, what throws says so.
  func testEveryCallEndsInASentenceWithoutMemory() throws {
    try check(seed: 17, calls: 1500, memory: 100_000)
  }

  private func check(seed: UInt64, calls: Int, memory: Int? = nil) throws {
    var (counts, problems): (AbsurdCallCounts, [String]) = (AbsurdCallCounts(), [])
    var next = 0
    while next < calls {
      let run = try Program(Program.products.appendingPathComponent("AbsurdCalls")).run(
        ["\(seed)", "\(next)", "\(calls - next)"] + (memory.map { ["\($0)"] } ?? []),
        in: NSTemporaryDirectory(), environment: ["SWIFT_BACKTRACE": "enable=no"])
      let outcome = AbsurdCallOutcome(run)
      counts.add(outcome)
      problems += outcome.problems
      guard let last = outcome.lastCall, last >= next else {
        return XCTFail("the program did nothing: \(run.output) \(run.error)")
      }
      next = last + 1
    }
    print("seed \(seed), \(calls) calls: \(counts)")
    XCTAssertTrue(
      problems.isEmpty,
      "seed \(seed): \(problems.count) of \(calls) calls\n" + problems.joined(separator: "\n"))
    XCTAssertGreaterThan(counts.returned, calls / 10, "nothing is tried if everything is refused")
    XCTAssertGreaterThan(counts.threw, calls / 10)
  }
}

struct AbsurdCallCounts: CustomStringConvertible {
  var returned = 0
  var threw = 0
  var stopped = 0
  var died = 0

  mutating func add(_ outcome: AbsurdCallOutcome) {
    returned += outcome.counts.returned
    threw += outcome.counts.threw
    stopped += outcome.counts.stopped
    died += outcome.counts.died
  }

  var description: String {
    "\(returned) returned, \(threw) threw, \(stopped) ended with a sentence, \(died) without"
  }
}

/// What a run of the program did, until it came to its end or ended in a call.
struct AbsurdCallOutcome {
  private(set) var counts = AbsurdCallCounts()
  private(set) var problems: [String] = []
  private(set) var lastCall: Int?

  init(_ run: Program.Outcome) {
    var (title, arguments, isOver) = ("", "", true)
    for line in run.output.split(separator: "\n") {
      if line.hasPrefix("call ") {
        (title, arguments, isOver) = (String(line), "", false)
        lastCall = Int(line.split(separator: " ")[1])
      } else if line.hasPrefix("returned") {
        counts.returned += 1
        isOver = true
      } else if line.hasPrefix("threw ") {
        counts.threw += 1
        isOver = true
        if !Self.isSentence(line.dropFirst(6)) { problems.append("\(title) \(arguments): \(line)") }
      } else {
        arguments = String(line)
      }
    }
    guard !isOver else { return }
    let sentence = run.error.split(separator: "\n").lazy.compactMap { line -> Substring? in
      line.firstRange(of: "Fatal error: ").map { line[$0.upperBound...] }
    }.first
    if title.contains("may stop"), let sentence, Self.isSentence(sentence) {
      counts.stopped += 1
    } else {
      counts.died += 1
      problems.append("\(title) \(arguments): ended by \(run.status): \(run.error.suffix(300))")
    }
  }

  /// As in `zeros: a tensor of the shape [-1] has a negative size`: an operation and what is wrong.
  private static func isSentence(_ text: Substring) -> Bool {
    guard let colon = text.firstRange(of: ": ") else { return false }
    return !text[..<colon.lowerBound].isEmpty && text[colon.upperBound...].count > 15
      && !text.hasPrefix("something else")
  }
}
