import Foundation
import Sandbox
import TestSupport
import XCTest

/// The limit on the clock while other programs want the processors too.
final class BusyMachineTests: XCTestCase {
  private func ending(_ script: String, cpu: Double, clock: Double) throws -> Ending {
    try ChildProcess(
      ["/bin/sh", "-c", script], environment: [:],
      limits: Limits(cpuSeconds: cpu, wallSeconds: clock)
    ).wait()
  }

  /// Computes until it has had 0.8 s of a processor, by fields 14 and 15 of proc(5)'s `stat`.
  private let work = """
    ticks=0
    while [ $ticks -lt $((80 * $(getconf CLK_TCK) / 100)) ]; do
      i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done
      read -r line < /proc/$$/stat; set -- $line; ticks=$((${14} + ${15}))
    done
    """

  /// It has a quarter of a processor, so a plain clock shows more than three seconds.
  func testWaitingForAProcessorDoesNotCount() throws {
    let ending = try onABusyMachine { try self.ending(work, cpu: 20, clock: 1.5) }
    XCTAssertTrue(ending.isSuccess, ending.summary)
    XCTAssertGreaterThan(
      ending.wallSeconds, 1.5, "the machine was not busy, so this has shown nothing")
  }

  func testSleepCountsThere() throws {
    let ending = try onABusyMachine { try self.ending("sleep 60", cpu: 20, clock: 0.5) }
    XCTAssertEqual(ending.exceeded, .wallSeconds)
    XCTAssertLessThan(ending.wallSeconds, 30)
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
