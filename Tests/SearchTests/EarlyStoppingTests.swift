import Workers
import XCTest

/// Which epoch is the best, and when nothing gets better.
final class EarlyStoppingTests: XCTestCase {
  private func decisions(_ figures: [Double], patience: Int?) -> (best: [Bool], stops: [Bool]) {
    var stopping = EarlyStopping(patience: patience)
    let decisions = figures.map { stopping.update($0) }
    return (decisions.map(\.isBest), decisions.map(\.stops))
  }

  /// The specification's example.
  func testTheExample() {
    let (best, stops) = decisions([0.5, 0.7, 0.7, 0.8, .nan, 0.75], patience: 2)
    XCTAssertEqual(best, [true, true, false, true, false, false])
    XCTAssertEqual(stops, [false, false, false, false, false, true])
  }

  func testWhatIsNoNumberIsNeverTheBest() {
    XCTAssertEqual(decisions([.nan, .nan, 0.1], patience: 3).best, [false, false, true])
    XCTAssertEqual(decisions([.nan, .nan], patience: 2).stops, [false, true])
    // the least number is one
    XCTAssertEqual(
      decisions([-.infinity, -.infinity, -1], patience: 2).best, [true, false, true])
  }

  func testWithoutPatienceItNeverStops() {
    let (best, stops) = decisions([0.5] + Array(repeating: 0.1, count: 1000), patience: nil)
    XCTAssertEqual(best.filter { $0 }.count, 1)
    XCTAssertFalse(stops.contains(true))
  }

  func testEachBestFillsThePatienceUp() {
    XCTAssertEqual(decisions([0.5], patience: 1).stops, [false])
    XCTAssertEqual(
      decisions([0.5, 0.5], patience: 1).stops, [false, true], "as good is no better")
    XCTAssertEqual(decisions([0.9, 0.1, 0.95, 0.9], patience: 2).stops.last, false)
    XCTAssertEqual(decisions([0.5, 0.6, 0.4, 0.5, 0.6], patience: 3).stops.last, true)
  }
}
