import Metrics
import XCTest

@testable import Reports

/// The drawing of a training's gradients.
final class ParameterBarsTests: XCTestCase {
  private func html(_ gradient: Double?, moved: Double = 0.5, name: String = "W") -> String {
    ParameterBars([ParameterHealth(name: name, gradient: gradient, moved: moved, start: 1)]).html
  }

  /// The scale is logarithmic from 1e-8 to 1e2 over 260 units.
  func testABarIsAsLongAsItsGradientOnALogarithmicScale() {
    XCTAssertTrue(html(1e-3).contains("width=\"130.0\""), html(1e-3))
    XCTAssertTrue(html(1).contains("width=\"208.0\""), html(1))
  }

  func testWhatIsOffTheScaleEndsAtItsEnd() {
    XCTAssertTrue(html(1e9).contains("width=\"260.0\""))
    for nothing in [1e-12, 0, nil] as [Double?] {
      XCTAssertTrue(html(nothing).contains("width=\"0.0\""))
    }
  }

  func testAParameterThatNeverMovedSaysSo() {
    XCTAssertTrue(html(1, moved: 0).contains("not moved"))
    XCTAssertTrue(html(1, moved: 0.25).contains(">0.25<"))
  }

  func testANameFromTheStudentsProgramIsOnlyText() {
    XCTAssertTrue(html(1, name: "<b>").contains("&lt;b&gt;"))
    XCTAssertFalse(html(1, name: "<b>").contains("<b>"))
  }

  func testNothingToDrawIsNothing() { XCTAssertEqual(ParameterBars([]).html, "") }
}
