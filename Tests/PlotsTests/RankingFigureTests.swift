import Foundation
import TestSupport
import XCTest

@testable import Plots

/// Pictures of texts and of rankings.
final class RankingFigureTests: XCTestCase {
  private func block(_ name: String, _ figure: Figure) throws -> [[Double]] {
    let lines = figure.commands.components(separatedBy: "\n")
    let start = try XCTUnwrap(lines.firstIndex(of: "$\(name) << EOD"), name)
    return lines[(start + 1)...].prefix { $0 != "EOD" }
      .map { $0.split(separator: " ").map { Double($0) ?? .nan } }
  }

  private let groups = [
    SimilarityRows(name: "seen", rows: [("a", [1, -0.25]), ("b's 100 %", [0.125, 0.75])]),
    SimilarityRows(name: "empty", rows: []),
    SimilarityRows(name: "near", rows: [("c", [-0.5, 0.25])]),
  ]

  func testSimilaritiesStandWhereTheirTextsStand() throws {
    let figure = try Figure.similarities(
      groups, columns: ["a", "b"], title: "Texts", label: "cosine")
    let cells = try block("cosines", figure)
    XCTAssertEqual(cells.count, 4)
    XCTAssertEqual(cells[0], [1, -0.25])
    XCTAssertEqual(cells[1], [0.125, 0.75])
    XCTAssertTrue(cells[2].allSatisfy(\.isNaN), "a stripe between groups")
    XCTAssertEqual(cells[3], [-0.5, 0.25])
    XCTAssertTrue(figure.commands.contains("set cbrange [-1:1]"))
    // the first row on top; a tic's text is a format
    XCTAssertTrue(figure.commands.contains("set yrange [3.5:-0.5]"))
    XCTAssertTrue(figure.commands.contains("set ytics ('a' 0, 'b’s 100 %%' 1, 'c' 3)"))
    // half the scale and more, black or white
    let labels = figure.commands.components(separatedBy: "\n").filter {
      $0.hasPrefix("set label") && $0.contains("center front")
    }
    XCTAssertEqual(
      labels.map { $0.dropFirst("set label ".count).prefix { $0 != "c" } },
      ["'1.00' at 0,0 ", "'.75' at 1,1 ", "'\u{2212}.50' at 0,3 "])
    XCTAssertTrue(labels[0].contains("#ffffff"))
    XCTAssertTrue(labels[1].contains("#000000"))
    XCTAssertThrowsError(
      try Figure.similarities([groups[1]], columns: ["a"], title: "", label: ""))
    XCTAssertThrowsError(try Figure.similarities(groups, columns: [], title: "", label: ""))
  }

  private let ranking = RankedExamples(
    name: "st elevation (near)", isAnswer: [true, false, true, false], areaUnderROC: 0.75,
    averagePrecision: 5.0 / 6)

  func testStrokesStandAtTheRanksOfAnswers() throws {
    let figure = try Figure.rankings(
      [
        ranking,
        RankedExamples(
          name: "nobody", isAnswer: [false], areaUnderROC: nil, averagePrecision: nil),
        RankedExamples(
          name: "all", isAnswer: [true], areaUnderROC: nil, averagePrecision: 1),
      ], title: "Net")
    XCTAssertEqual(try block("answers0", figure).map { $0[0] }, [1, 3])
    let precision = try block("precision0", figure)
    XCTAssertEqual(precision.map { $0[0] }, [1, 2, 3, 4])
    for (found, expected) in zip(precision.map { $0[1] }, [1, 0.5, 2.0 / 3, 0.5]) {
      XCTAssertEqual(found, expected, accuracy: 1e-5)
    }
    XCTAssertTrue(
      figure.commands.contains(
        "'st elevation (near): AUROC 0.750, average precision 0.833, 2 of 4'"))
    XCTAssertTrue(
      figure.commands.contains("'all: AUROC undefined, average precision 1.000, 1 of 1'"))
    XCTAssertFalse(figure.commands.contains("nobody"))
    XCTAssertTrue(figure.commands.contains("set xrange [0:5]"))
    XCTAssertThrowsError(try Figure.rankings([], title: ""))
  }

  /// Curves of networks that rank: the loss, and each group's area in a panel of its own.
  func testLearningCurvesOfRankings() throws {
    func curve(_ name: String, _ areas: [Double]) -> LearningCurve {
      LearningCurve(
        name: name,
        epochs: areas.map {
          .init(
            trainLoss: 2, trainAccuracy: .nan, validationLoss: .nan, validationAccuracy: $0,
            rankings: [("seen", $0), ("near", $0 / 2)])
        })
    }
    let (good, weak) = (curve("Good", [0.6, 0.9]), curve("Weak", [0.5, 0.7]))
    let one = try Figure.training(good).commands
    XCTAssertTrue(one.contains("1 2 NaN NaN 0.6 0.6 0.3\n"), one)
    XCTAssertTrue(one.contains("$training using 1:6 title 'seen'"))
    XCTAssertTrue(one.contains("$training using 1:7 title 'near'"))
    XCTAssertFalse(one.contains("Accuracy"))
    let both = try Figure.experiment([weak, good], title: "Losses").commands
    XCTAssertTrue(both.contains("plot $network0 using 1:6 title 'Good 0.900'"), both)
    XCTAssertTrue(both.contains("$network1 using 1:7 title 'Weak 0.700'"), both)
    XCTAssertTrue(both.contains("'AUROC of near'"))
    XCTAssertFalse(both.contains("Validation loss"))
    let median = try XCTUnwrap(LearningCurve.median([good, weak, good]))
    XCTAssertEqual(median.epochs[1].rankings.map(\.figure), [0.9, 0.45])
    let lines = TerminalCurve.lines(good.epochs, of: 2, width: 70)
    XCTAssertTrue(lines.last?.contains("AUROC of seen: 0.900") == true, "\(lines)")
  }

  func testGnuplotDrawsThem() throws {
    let gnuplot = try installedGnuplot()
    let scratch = try Scratch()
    for (name, figure) in [
      (
        "similarities",
        try Figure.similarities(groups, columns: ["a", "b"], title: "Texts", label: "cosine")
      ), ("rankings", try Figure.rankings([ranking, ranking], title: "Net")),
    ] {
      for file in try gnuplot.draw(figure, to: "\(scratch.path)/\(name)") {
        let size = try XCTUnwrap(
          FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
        XCTAssertGreaterThan(size, 2000, file)
      }
    }
  }
}
