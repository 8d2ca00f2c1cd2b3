import Metrics
import XCTest

final class MedianTests: XCTestCase {
  func testTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    XCTAssertEqual([3, 1, 2].median, 2)
    XCTAssertEqual([4, 1, 3, 2].median, 2.5)
    XCTAssertEqual([7].median, 7)
  }

  func testThereIsNoneOfNothingAndOfWhatHasNoOrder() {
    XCTAssertTrue([Double]().median.isNaN)
    XCTAssertTrue([1, .nan, 2].median.isNaN)
    XCTAssertTrue([1, .infinity, 2].median.isNaN)
  }
}
