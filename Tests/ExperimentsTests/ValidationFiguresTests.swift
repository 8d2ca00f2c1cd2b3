import Assignment
import Foundation
import XCTest

@testable import Experiments

/// What `rhythm train` prints after its closing lines.
final class ValidationFiguresTests: XCTestCase {
  func testTable() throws {
    let figures = ValidationFigures(
      logits: [-2, -1, 1, -0.5, 2, 3], labels: [0, 0, 0, 1, 1, 1], classes: ["N", "A"])
    XCTAssertEqual(
      figures.table.text,
      """
      true \\ predicted  N  A  precision  recall     F1
                     N  2  1      0.667   0.667  0.667
                     A  1  2      0.667   0.667  0.667
      """)
    XCTAssertEqual(
      figures.closingLine, "mean F1 0.667, AUROC 0.889, average precision 0.917")
    XCTAssertEqual(
      figures.table.text(columns: 40),
      """
               true \\  N  A  precision  recall
            predicted
                    N  2  1      0.667   0.667
        F1: 0.667
                    A  1  2      0.667   0.667
        F1: 0.667
      """)
    let written = try JSONEncoder().encode(figures)
    let read = try XCTUnwrap(JSONSerialization.jsonObject(with: written) as? [String: Any])
    XCTAssertEqual(read["confusionMatrix"] as? [[Int]], [[2, 1], [1, 2]])
    XCTAssertEqual(read["classes"] as? [String], ["N", "A"])
    XCTAssertEqual(try XCTUnwrap(read["areaUnderROC"] as? Double), 8.0 / 9, accuracy: 1e-12)
  }

  /// Of three classes: one found always, one half of the time, one never.
  func testSeveralClasses() {
    let figures = ValidationFigures(
      logits: [3, 0, 0, 0, 3, 0, 3, 0, 0, 2, 1, 0], labels: [0, 1, 1, 2],
      classes: ["N", "S", "V"])
    XCTAssertEqual(figures.meanRecall, 0.5)
    // areas against the rest: 2½ of 3 pairs, 2½ of 4, 3 of 3
    XCTAssertEqual(figures.areaUnderROC ?? 0, (2.5 / 3 + 2.5 / 4 + 1) / 3, accuracy: 1e-12)
    XCTAssertTrue(figures.closingLine.hasPrefix("mean recall 0.500, mean F1 "), figures.closingLine)
  }

  /// A network whose parameters are NaN predicts nothing, and that shows.
  func testLogitsThatAreNoNumbers() throws {
    let figures = ValidationFigures(
      logits: [.nan, -1, .nan], labels: [0, 0, 1], classes: ["N", "A"])
    XCTAssertEqual(
      figures.table.text,
      """
      true \\ predicted  N  A  none  precision  recall     F1
                     N  1  0     1      1.000   0.500  0.667
                     A  0  0     1      0.000   0.000  0.000
      """)
    XCTAssertEqual(
      figures.closingLine, "mean F1 0.333, AUROC undefined, average precision undefined")
    let written = String(decoding: try JSONEncoder().encode(figures), as: UTF8.self)
    XCTAssertFalse(written.contains("areaUnderROC"), written)
  }
}
