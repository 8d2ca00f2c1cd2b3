import Examples
import Metrics
import TensorCore
import TestSupport
import WorkerPipe
import XCTest

@testable import Plots
@testable import rhythm

/// Pictures of what a network does.
final class NetworkFigureTests: XCTestCase {
  private func drawn(_ figure: Figure) throws {
    let folder = try Scratch()
    _ = try installedGnuplot().draw(figure, to: folder.path + "/figure.svg")
  }

  func testVariables() throws {
    let S = SteppedVariable(name: "S_t", steps: [[0, 1], [-2, 0.5]], gradientNorms: [0, 1e-3])
    let X = SteppedVariable(name: "X", steps: [[0, 0], [0, 0]], gradientNorms: nil)
    let figure = try Figure.variables([("N", [S, X]), ("A", [S, X])], title: "Net, step by step")
    // steps from left to right, units from below
    XCTAssertTrue(
      figure.commands.contains("$variable0_0 << EOD\n0 -2\n1 0.5\nEOD\nset cbrange [-2:2]"),
      figure.commands)
    XCTAssertTrue(figure.commands.contains("set ylabel 'S_t, unit'"))
    // of zeros there is a scale as well, and no logarithm
    XCTAssertTrue(
      figure.commands.contains("$variable1_0 << EOD\n0 0\n0 0\nEOD\nset cbrange [-1:1]"))
    XCTAssertTrue(figure.commands.contains("$gradients0 << EOD\n0 NaN NaN\n1 0.001 NaN\nEOD"))
    XCTAssertTrue(figure.commands.contains("set yrange [1e-05:0.001]"), figure.commands)
    XCTAssertTrue(figure.commands.contains("set label 'S_t' at screen"))
    XCTAssertFalse(figure.commands.contains("set label 'X'"))
    try drawn(figure)
    XCTAssertThrowsError(try Figure.variables([("N", [])], title: ""))
  }

  func testMaskingCurves() throws {
    let figure = try Figure.maskingCurves(
      [("own", [0.9, 0.5, 0.1], [0.1, 0.8, 0.9]), ("wrong", [0.9, 0.8, 0.1], [0.1, 0.2, 0.9])],
      title: "t")
    XCTAssertTrue(
      figure.commands.contains("$deletion0 << EOD\n0 0.9\n0.5 0.5\n1 0.1\nEOD"), figure.commands)
    XCTAssertTrue(figure.commands.contains("$insertion1 << EOD\n0 0.1\n0.5 0.2\n1 0.9\nEOD"))
    try drawn(figure)
    XCTAssertThrowsError(try Figure.maskingCurves([], title: ""))
  }

  /// Two classes, two steps, four samples.
  func testMapsThatAreWrongOnPurpose() throws {
    let steps = try XCTUnwrap(ActivationMap([[0, 4], [8, 8]]))
    func map(_ source: MapSource) -> [[Float]] { source.map(steps, places: 4) }
    XCTAssertEqual(map(.own), [[0, 1, 3, 4], [8, 8, 8, 8]])
    XCTAssertEqual(map(.randomWeights), map(.own))
    XCTAssertEqual(map(.nextClass), [[8, 8, 8, 8], [0, 1, 3, 4]])
    XCTAssertEqual(map(.reversed), [[4, 3, 1, 0], [8, 8, 8, 8]])
    XCTAssertEqual(map(.leftEdge), [[0, 2, 4, 4], [8, 8, 8, 8]])
  }

  func testFilters() throws {
    let figure = try Figure.filters(shape: [2, 1, 3], values: [1, 2, 3, 4, 5, 6], title: "t")
    XCTAssertTrue(
      figure.commands.contains("$filters0 << EOD\n1 2 3 NaN 4 5 6\nEOD"), figure.commands)
    XCTAssertTrue(figure.commands.contains("set xtics ('0' 1, '1' 5) scale 0"), figure.commands)
    // over two axes: a channel's rows, an empty one, the next channel's
    let square = try Figure.filters(
      shape: [1, 2, 2, 2], values: [1, 2, 3, 4, 5, 6, 7, 8], title: "t")
    XCTAssertTrue(
      square.commands.contains("$filters0 << EOD\n1 2\n3 4\nNaN NaN\n5 6\n7 8\nEOD"),
      square.commands)
    for figure in [
      figure, square,
      try Figure.filters(shape: [17, 1, 2], values: [Float](repeating: 1, count: 34), title: "t"),
    ] { try drawn(figure) }
    XCTAssertThrowsError(try Figure.filters(shape: [2, 3], values: [1, 2, 3, 4, 5, 6], title: ""))
  }

  func testExamples() throws {
    try drawn(
      try .examples([DrawnExample(title: "a", steps: [[1], [2]])], title: "lines"))
    let map = DrawnExample(title: "a", steps: [[1, 2, 3, 4], [5, 6, 7, 8]])
    let figure = try Figure.examples([map, map, map], title: "maps")
    XCTAssertTrue(
      figure.commands.contains("$example0 << EOD\n1 5\n2 6\n3 7\n4 8\nEOD"), figure.commands)
    try drawn(figure)
    XCTAssertThrowsError(try Figure.examples([], title: ""))
  }

  /// σ(2) = 0.881 for the second class, σ(-3) = 0.047; e³ of e³ + e¹ + e⁰ = 0.844.
  func testTheMostWrongFirst() throws {
    func set(_ labels: [Int32], _ count: Int) -> ExampleSet {
      ExampleSet(
        [.init(Table([1], rowShape: [1]), firstRows: labels.map { _ in 0 }, extent: .row)],
        targets: .classes(labels, count: count))
    }
    let one = try PlotWorst.ranked(
      [PipeTensor(name: "logits", shape: [3, 1], values: [2, 2, -3])], set([1, 0, 1], 2))
    XCTAssertEqual(one.map(\.index), [2, 1, 0])
    XCTAssertEqual(one.map(\.predicted), [0, 1, 1])
    XCTAssertEqual(one[1].probabilities[1], 0.880797, accuracy: 1e-6)
    let several = try PlotWorst.ranked(
      [PipeTensor(name: "logits", shape: [2, 3], values: [0, 1, 3, 0, 1, 3])], set([2, 0], 3))
    XCTAssertEqual(several.map(\.index), [1, 0])
    XCTAssertEqual(several[0].predicted, 2)
    XCTAssertEqual(several[0].probabilities[2], 0.843795, accuracy: 1e-6)
    XCTAssertThrowsError(
      try PlotWorst.ranked([PipeTensor(name: "other", shape: [1, 1], values: [1])], set([1], 2)))
  }
}
