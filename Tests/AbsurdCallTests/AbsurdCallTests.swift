import Dispatch
import Foundation
import Synchronization
import TestSupport
import XCTest

/// Calls of the core with arguments that nobody in his senses gives (`Tests/AbsurdCalls`), in a program of
/// their own: every one returns, throws a `TensorError`, or, where a function cannot throw, ends the program
/// with a sentence. Each sentence begins with the public name of what was called. None traps, hangs or dies
/// without a word.
///
/// A precondition has no sentence in an optimised build. What is called here is optimised in every build, in
/// that of the tests too.
final class AbsurdCallTests: XCTestCase {
  func testEveryCallEndsInASentence() throws {
    try check(seed: 16, calls: 4000)
  }

  /// With as good as no memory, what throws says so.
  func testEveryCallEndsInASentenceWithoutMemory() throws {
    try check(seed: 17, calls: 1500, memory: 100_000)
  }

  /// The system's own limit, and no pretence: the operation, its operands and the bytes are said, and what fits
  /// goes on.
  func testWhatDoesNotFitIntoALimitIsSaid() throws {
    let run = try Program(Program.products.appendingPathComponent("AbsurdCalls")).run(
      ["limit", "\(3 << 30)"], in: NSTemporaryDirectory(),
      environment: ["SWIFT_BACKTRACE": "enable=no"])
    let shape = "the result [40000, 40000]"
    let operands = [
      "+: [40000, 1] + [1, 40000]: \(shape)", "matmul: [40000, 1] × [1, 40000]: \(shape)",
      "expanded: [1, 40000]: \(shape)", "padded: [40000, 1]: \(shape)",
      "stack: 40000 tensors, the first [1, 40000]: the result [40000, 1, 40000]",
      "oneHot: 40000 labels of 40000 classes: \(shape)",
    ]
    let lines = run.output.split(separator: "\n")
    XCTAssertEqual(lines.count, operands.count + 1, run.output + run.error)
    for (line, operands) in zip(lines, operands) {
      // of 4 · 40000² bytes
      let start = "threw \(operands) takes 6.4 GB of memory, and "
      XCTAssertTrue(line.hasPrefix(start), "\(line)")
      XCTAssertNotNil(
        line.dropFirst(start.count).wholeMatch(
          of: /\d+\.\d [GM]B are free\. Smaller batches or sizes need less/), "\(line)")
    }
    XCTAssertEqual(lines.last, "[40000.0]")
    XCTAssertTrue(
      run.error.contains(
        "Fatal error: zeros: a tensor of the shape [40000, 40000] takes 6.4 GB of memory, and "),
      run.error)
  }

  /// An assertion would have told the two apart.
  func testTheCoreIsOptimisedInThisBuildToo() throws {
    let run = try Program(Program.products.appendingPathComponent("AbsurdCalls")).run(
      ["assert"], in: NSTemporaryDirectory(), environment: ["SWIFT_BACKTRACE": "enable=no"])
    XCTAssertEqual(run.output, "the core has no assertions\n", run.error)
    // what is built on it has the same settings
    let package = try String(
      contentsOf: Repository.folder.appendingPathComponent("Package.swift"), encoding: .utf8)
    XCTAssertNotNil(
      package.firstMatch(of: /let optimised: \[SwiftSetting\] =\s+strict \+ \[.unsafeFlags\(\["-O"/)
    )
    let targets = package.split(separator: /\.(executableT|t)arget\(\s*/)
    func target(_ name: Substring) throws -> Substring {
      try XCTUnwrap(targets.first { $0.hasPrefix("name: \"\(name)\"") }, "\(name)")
    }
    let dependencies = try target("AbsurdCalls").prefix { $0 != "]" }
    let modules = dependencies.matches(of: /"(\w+)"/).map(\.1).dropFirst()
    XCTAssertGreaterThan(modules.count, 5)
    for module in modules {
      XCTAssertTrue(try target(module).contains("swiftSettings: optimised)"), "\(module)")
    }
  }

  private func check(seed: UInt64, calls: Int, memory: Int? = nil) throws {
    let parts = [0..<calls / 2, calls / 2..<calls]
    let outcomes = Mutex<[AbsurdCallOutcome]>([])
    DispatchQueue.concurrentPerform(iterations: parts.count) { part in
      var next = parts[part].lowerBound
      while next < parts[part].upperBound {
        let count = parts[part].upperBound - next
        let run = Result {
          try Program(Program.products.appendingPathComponent("AbsurdCalls")).run(
            ["\(seed)", "\(next)", "\(count)"] + (memory.map { ["\($0)"] } ?? []),
            in: NSTemporaryDirectory(), environment: ["SWIFT_BACKTRACE": "enable=no"])
        }
        guard case .success(let run) = run else { return XCTFail("\(run)") }
        let outcome = AbsurdCallOutcome(run)
        outcomes.withLock { $0.append(outcome) }
        guard let last = outcome.lastCall, last >= next else {
          return XCTFail("the program did nothing: \(run.output) \(run.error)")
        }
        next = last + 1
      }
    }
    let all = outcomes.withLock { $0 }
    let problems = all.flatMap(\.problems)
    var counts = AbsurdCallCounts()
    for outcome in all { counts.add(outcome) }
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
    var (title, call, isOver, mayStop) = ("", Substring(), true, false)
    for line in run.output.split(separator: "\n") {
      if line.hasPrefix("call ") {
        (title, call, isOver) = (String(line), "", false)
        mayStop = line.contains("may stop")
        lastCall = Int(line.split(separator: " ")[1])
      } else if line.hasPrefix("returned") {
        counts.returned += 1
        isOver = true
      } else if line.hasPrefix("threw ") {
        counts.threw += 1
        isOver = true
        if !Self.isSentence(line.dropFirst(6), of: call) {
          problems.append("\(title) \(call): \(line)")
        }
      } else if line == "looks" {
        // a view's elements are put in order then
        (mayStop, call) = (true, "Tensor " + call)
      } else {
        call = line
      }
    }
    guard !isOver else { return }
    let sentence = run.error.split(separator: "\n").lazy.compactMap { line -> Substring? in
      line.firstRange(of: "Fatal error: ").map { line[$0.upperBound...] }
    }.first
    if mayStop, let sentence, Self.isSentence(sentence, of: call) {
      counts.stopped += 1
    } else {
      counts.died += 1
      problems.append("\(title) \(call): ended by \(run.status): \(run.error.suffix(300))")
    }
  }

  /// As in `zeros: a tensor of the shape [-1] has a negative size`: what was called, by one of its names,
  /// and what is wrong.
  ///
  /// - Parameter call: the names, a tabulator and the arguments.
  private static func isSentence(_ text: Substring, of call: Substring) -> Bool {
    guard let colon = text.firstRange(of: ": "), let names = call.split(separator: "\t").first
    else {
      return false
    }
    return names.split(separator: " ").contains(text[..<colon.lowerBound])
      && text[colon.upperBound...].count > 15
  }
}
