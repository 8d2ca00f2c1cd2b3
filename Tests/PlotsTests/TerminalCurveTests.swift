import XCTest

@testable import Plots

final class TerminalCurveTests: XCTestCase {
  private func epochs(_ pairs: [(validation: Double, training: Double)]) -> [LearningCurve.Epoch] {
    pairs.map {
      .init(
        trainLoss: 1, trainAccuracy: $0.training, validationLoss: 1,
        validationAccuracy: $0.validation)
    }
  }

  func testALineAndDots() {
    let lines = TerminalCurve.lines(
      epochs([(0.5, 0.6), (0.75, 0.8), (1, 1)]), of: 5, width: 34)
    // Blanks for empty patterns, or no editor would leave them alone.
    let shown = lines.map { $0.replacingOccurrences(of: "\u{2800}", with: " ") }
    XCTAssertEqual(
      shown,
      [
        "1.000 ┤           ⡠⠊             ",
        "      ┤        ⣄⠔⠉               ",
        "      ┤    ⡀⢀⠥⠊                  ",
        "      ┤⡀ ⠂⡠⠒⠁                    ",
        "0.500 ┤⣀⠔⠉                       ",
        "accuracy: validation 1.000 (line),",
        "training 1.000 (dotted), epoch 3/5",
      ])
    XCTAssertEqual(
      TerminalCurve.lines(epochs([(0.5, 0.6), (0.75, 0.8)]), of: 5, width: 100).last,
      "accuracy: validation 0.750 (line), training 0.800 (dotted), epoch 2/5")
  }

  func testNoLineIsWiderThanTheTerminal() {
    for width in 0..<130 {
      let lines = TerminalCurve.lines(epochs([(0.5, 0.6), (0.9, 0.7)]), of: 2, width: width)
      XCTAssertTrue(lines.allSatisfy { $0.count <= width }, "\(width)")
      XCTAssertEqual(lines.isEmpty, width < 28, "\(width)")
      // the legend is whole
      XCTAssertTrue(lines.isEmpty || lines.last?.hasSuffix("epoch 2/2") == true, "\(width)")
      XCTAssertTrue(
        lines.isEmpty || lines.joined(separator: " ").contains("training 0.700 (dotted), epoch"),
        "\(width)")
    }
  }

  func testWhatIsNoNumberIsLeftOut() {
    XCTAssertEqual(TerminalCurve.lines([], of: 3, width: 80), [])
    XCTAssertEqual(TerminalCurve.lines(epochs([(.nan, .nan)]), of: 3, width: 80), [])
    let lines = TerminalCurve.lines(
      epochs([(0.5, .nan), (.nan, 0.5), (0.5, 0.5)]), of: 3, width: 80)
    XCTAssertEqual(lines.count, 6)
  }

  func testMoreEpochsThanPlannedAndOnlyOne() {
    XCTAssertEqual(
      TerminalCurve.lines(epochs([(1, 1), (0, 0), (1, 1)]), of: 2, width: 80).count, 6)
    XCTAssertEqual(TerminalCurve.lines(epochs([(0.5, 0.5)]), of: 1, width: 80).count, 6)
  }
}
