import XCTest

@testable import Plots

/// A search as gnuplot is told of it.
final class SearchFigureTests: XCTestCase {
  private func picture(_ test: [Double], importance: Double? = 0.5) -> SearchPicture {
    SearchPicture(
      title: "Net: 3 trials", metric: "auroc", trials: [1, 2, 3], validation: [0.6, 0.5, 0.8],
      test: test,
      parameters: [
        .init(
          "step", axis: .logarithmic(low: 1e-4, high: 1e-1), values: [1e-3, 1e-2, 1e-4],
          importance: importance),
        .init("layers", axis: .words(["one", "two"]), values: [0, 1, 1], importance: importance),
      ])
  }

  func testTrialsAndTheBestSoFar() throws {
    let commands = try Figure.search(picture([0.5, 0.75, 0.25])).commands
    XCTAssertTrue(
      commands.contains("$trials << EOD\n1 0.6 0.5 0.5\n2 0.5 0.75 0.75\n3 0.8 0.25 0.75\nEOD"),
      commands)
    // the best one in each panel, where it is
    XCTAssertTrue(commands.contains("$best << EOD\n2 0.75\nEOD"), commands)
    XCTAssertTrue(commands.contains("$best << EOD\n0.01 0.75\nEOD"), commands)
    XCTAssertTrue(commands.contains("$best << EOD\n1 0.75\nEOD"), commands)
    XCTAssertTrue(
      commands.contains("set xtics ('1e-4' 1e-4, '1e-3' 1e-3, '1e-2' 1e-2, '1e-1' 1e-1)"), commands)
    XCTAssertTrue(commands.contains("set xtics ('one' 0, 'two' 1)"), commands)
    XCTAssertTrue(commands.contains("$shares << EOD\n0 50\n1 50\nEOD"), commands)
  }

  func testWithoutImportanceThereAreNoBars() throws {
    XCTAssertFalse(
      try Figure.search(picture([0.5, 0.75, 0.25], importance: nil)).commands.contains("$shares"))
  }

  /// A trial without a figure leaves a gap; none with one leaves nothing to draw.
  func testTrialsWithoutFigures() throws {
    let commands = try Figure.search(picture([.nan, 0.75, .nan])).commands
    XCTAssertTrue(commands.contains("1 0.6 NaN NaN\n2 0.5 0.75 0.75\n3 0.8 NaN 0.75"), commands)
    XCTAssertThrowsError(try Figure.search(picture([.nan, .nan, .nan]))) {
      XCTAssertTrue("\($0)".contains("no trial has a figure"), "\($0)")
    }
  }
}
