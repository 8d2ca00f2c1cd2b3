import Downloads
import XCTest

final class PaceTests: XCTestCase {
  func testAmountRateAndTimeLeft() {
    var pace = Pace()
    XCTAssertEqual(pace.text(done: 0, total: 10_000_000, at: 100), "0.0 of 10.0 MB")
    XCTAssertEqual(pace.text(done: 1_000_000, total: 10_000_000, at: 100.4), "1.0 of 10.0 MB")
    XCTAssertEqual(
      pace.text(done: 4_000_000, total: 10_000_000, at: 102),
      "4.0 of 10.0 MB, 2.0 MB/s, 0:03 left")
    XCTAssertEqual(
      pace.text(done: 4_000_000, total: 4_000_000_000, at: 102),
      "4.0 of 4000.0 MB, 2.0 MB/s, 33:18 left")
    XCTAssertEqual(
      pace.text(done: 4_000_000, total: 40_000_000_000, at: 102),
      "4.0 of 40000.0 MB, 2.0 MB/s, 5:33 h left")
    XCTAssertEqual(pace.text(done: 6_000_000, total: nil, at: 102), "6.0 MB, 3.0 MB/s")
    // What was fetched before a new connection says nothing of its pace.
    pace.restart()
    XCTAssertEqual(pace.text(done: 6_000_000, total: nil, at: 200), "6.0 MB")
    XCTAssertEqual(pace.text(done: 7_000_000, total: nil, at: 201), "7.0 MB, 1.0 MB/s")
  }
}
