import Foundation
import ResourceUsage
import TestSupport
import XCTest

@testable import Sandbox

/// The limit on the clock while other programs want the processors too.
final class BusyMachineTests: XCTestCase {
  private func ending(_ script: String, cpu: Double, clock: Double) throws -> Ending {
    try ChildProcess(
      ["/bin/sh", "-c", script], environment: [:],
      limits: Limits(cpuSeconds: cpu, wallSeconds: clock)
    ).wait()
  }

  /// It has a quarter of a processor, so a plain clock shows more than three seconds.
  func testWaitingForAProcessorDoesNotCount() throws {
    let ending = try onABusyMachine(others: 5) {
      try self.ending(processorWork(hundredths: 40), cpu: 20, clock: 1.5)
    }
    XCTAssertTrue(ending.isSuccess, ending.summary)
    XCTAssertGreaterThan(
      ending.wallSeconds, 1.5, "the machine was not busy, so this has shown nothing")
  }

  func testSleepCountsThere() throws {
    let ending = try onABusyMachine { try self.ending("sleep 60", cpu: 20, clock: 0.5) }
    XCTAssertEqual(ending.exceeded, .wallSeconds)
  }

  /// What is found of waits that are told of when they are over.
  func testWaitsAtTheSameTimeCountOnce() {
    var wait = ProcessorWait()
    wait.sample([1: 0.1, 2: 0], now: 1)
    XCTAssertEqual(wait.seconds, 0.1, accuracy: 1e-9)
    // one thread waited from 1 to 2; the other from 1.5 to 2.5, and one from 2.2 to 2.5
    wait.sample([1: 1.1, 2: 0], now: 2)
    XCTAssertEqual(wait.seconds, 1.1, accuracy: 1e-9)
    wait.sample([1: 1.1, 2: 1, 3: 0.3], now: 2.5)
    XCTAssertEqual(wait.seconds, 1.6, accuracy: 1e-9)
    // nothing more
    wait.sample([1: 1.1, 2: 1, 3: 0.3], now: 4)
    XCTAssertEqual(wait.seconds, 1.6, accuracy: 1e-9)
  }

  /// Forty threads that wait half a second for one that computes, and are let through one by one.
  func testManyThreadsGainNoMoreThanOne() {
    var wait = ProcessorWait()
    var waited: [pid_t: Double] = [:]
    for thread in 0..<40 { waited[pid_t(thread)] = 0 }
    wait.sample(waited, now: 0.5)
    for thread in 0..<40 {
      waited[pid_t(thread)] = 0.5
      wait.sample(waited, now: 1 + 0.02 * Double(thread))
    }
    // from 0.5, when the first began, until the last sample
    XCTAssertLessThan(wait.seconds, 1.3)
  }

  /// A thread that one sample has missed, and a number that is used again, bring no life's waits along.
  func testANewThreadHasWaitedSinceTheLastSampleAtMost() {
    var wait = ProcessorWait()
    wait.sample([1: 0.2], now: 10)
    wait.sample([:], now: 10.1)
    wait.sample([1: 0.3], now: 10.2)
    XCTAssertEqual(wait.seconds, 0.3, accuracy: 1e-9)
    // the first one from 10.1 on, and the new one since 10.2 at most
    wait.sample([1: 0.5, 7: 9], now: 10.3)
    XCTAssertEqual(wait.seconds, 0.4, accuracy: 1e-9)
  }

  /// A single thread's waits are known exactly, wherever they are thought to have been.
  func testWaitsOfOneThreadAreNotLost() {
    var wait = ProcessorWait()
    wait.sample([1: 0.010], now: 0.020)
    wait.sample([1: 0.036], now: 0.040)
    XCTAssertEqual(wait.seconds, 0.036, accuracy: 1e-9)
  }

  func testWhatIsLeftOfALimit() {
    let limit = ClockLimit(seconds: 2)
    XCTAssertEqual(limit.remaining(elapsed: 0.5, withoutProcessor: 0), 1.5)
    XCTAssertEqual(limit.remaining(elapsed: 5, withoutProcessor: 4), 1)
    XCTAssertEqual(limit.remaining(elapsed: 3, withoutProcessor: 1), 0)
    // ten times two seconds, whatever counts
    XCTAssertEqual(limit.remaining(elapsed: 19.5, withoutProcessor: 19.5), 0.5)
    XCTAssertEqual(limit.remaining(elapsed: 20, withoutProcessor: 20), 0)
  }
}
