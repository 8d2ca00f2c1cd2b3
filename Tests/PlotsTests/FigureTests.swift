import Metrics
import Recordings
import Signals
import TestSupport
import XCTest

@testable import Plots

/// What gnuplot is told, word for word.
final class FigureTests: XCTestCase {
  private let curve = LearningCurve(
    name: "Net",
    epochs: [
      .init(
        trainLoss: 0.5, trainAccuracy: 0.75, validationLoss: 0.625, validationAccuracy: 0.6875),
      .init(trainLoss: 0.25, trainAccuracy: 0.9, validationLoss: .nan, validationAccuracy: 0.8),
    ])

  func testRecordings() throws {
    let figure = try Figure.recordings(
      [Recording(name: "A1", label: .fibrillation, samples: [9, 9, 0, -500, 1500, 250, 7])],
      samples: 2..<6)
    XCTAssertEqual(figure.width, 900)
    XCTAssertEqual(figure.height, 355)
    XCTAssertEqual(
      figure.commands,
      """
      set multiplot layout 1,1 title 'Single-lead ECG, samples 2 to 6' \
      margins screen 0.12,0.98,0.253521,0.732394 spacing screen 0,0.11831
      set xrange [0.00666667:0.02]
      set ylabel 'voltage / mV'
      set xtics 1
      unset key
      set format y '%2.0f'
      set yrange [-0.6:1.6]
      set ytics 1
      $recording0 << EOD
      0
      -500
      1500
      250
      EOD
      set title 'A1: atrial fibrillation (A)' offset 0,-0.7
      set format x '%g'
      set xlabel 'time / s'
      plot $recording0 using ((2 + $0) / 300) : ($1 / 1000.0) with lines linecolor rgb '#000000' \
      linewidth 1
      unset multiplot
      """)
  }

  func testOnlyTheLastPanelHasTheAxisOfTime() throws {
    let recordings = ["A1", "A2"].map { Recording(name: $0, label: .normal, samples: [1, 2, 3]) }
    let commands = try Figure.recordings(recordings, samples: 1..<3).commands
    XCTAssertEqual(commands.components(separatedBy: "set format x ''").count, 2)
    XCTAssertEqual(commands.components(separatedBy: "set xlabel 'time / s'").count, 2)
  }

  func testARecordingThatEndsInTheStretchIsCutOffAndAShorterOneLeftOut() throws {
    let recordings = [
      Recording(name: "long", label: .normal, samples: [1, 2, 3, 4]),
      Recording(name: "short", label: .normal, samples: [1, 2]),
    ]
    let commands = try Figure.recordings(recordings, samples: 2..<9).commands
    XCTAssertTrue(commands.contains("$recording0 << EOD\n3\n4\nEOD\n"))
    XCTAssertFalse(commands.contains("short"))
    XCTAssertThrowsError(try Figure.recordings(recordings, samples: 4..<9)) {
      XCTAssertEqual("\($0)", "There is nothing to draw: no recording has more than 4 samples.")
    }
  }

  /// A sine of bin 4 (37.5 Hz) and 1 mV: its power as a spectrum is 1/2 mV², −3.01 dB, but for the
  /// taper's leakage.
  func testSpectrogramShowsASineAtItsFrequencyInDecibels() throws {
    let sine = (0..<200).map { Int16((1000 * sin(2 * .pi * Double($0) / 8)).rounded()) }
    let figure = try Figure.spectrograms(
      [Recording(name: "sine", label: .other, samples: sine)], samples: 56..<112)
    let lines = figure.commands.components(separatedBy: "\n")
    let start = try XCTUnwrap(lines.firstIndex(of: "$spectrogram0 << EOD"))
    let end = try XCTUnwrap(lines.firstIndex(of: "EOD"))
    let rows = lines[(start + 1)..<end].map { $0.split(separator: " ").compactMap { Double($0) } }
    XCTAssertEqual(rows.map(\.count), [17, 17], "windows 2 and 3 begin in samples 56 to 111")
    for row in rows {
      XCTAssertEqual(row.indices.max { row[$0] < row[$1] }, 4)
      XCTAssertEqual(row[4], -3.01, accuracy: 0.02)
      XCTAssertLessThan(row[12], -40)
    }
    XCTAssertTrue(
      figure.commands.contains(
        "plot $spectrogram0 matrix using ((28 * (2 + $2) + 16) / 300) : (9.375 * $1) : 3 "
          + "with image @pixels"))
  }

  /// A panel a class, a line a beat, at 120 values a second, without the zeros that fill a row.
  func testHeartbeats() throws {
    let beats = try Heartbeats().synthetic(
      count: 5, seed: 1, settings: ["minutes": "1"]
    ) { _, _ in }
    let figure = try Figure.heartbeats(beats, count: 3)
    let lines = figure.commands.components(separatedBy: "\n")
    XCTAssertEqual(figure.height, 190 + 5 * 165)
    XCTAssertEqual(lines.count { $0.hasPrefix("$beats") && $0.hasSuffix("<< EOD") }, 15)
    XCTAssertTrue(lines.contains("set title 'V: ventricular' offset 0,-0.7"))
    let plots = lines.filter { $0.hasPrefix("plot ") }
    XCTAssertEqual(plots.count, 5)
    XCTAssertTrue(plots[2].hasPrefix("plot $beats2x0 using ($0 / 120) : 1 with lines "), plots[2])
    let first = lines.firstIndex(of: "$beats0x0 << EOD") ?? 0
    let rows = lines[(first + 1)...].prefix { $0 != "EOD" }
    let expected = beats.examples(of: .normal, 3)[0]
    XCTAssertEqual(rows.count, expected.count)
    for (row, value) in zip(rows, expected) {
      // six digits are drawn
      XCTAssertEqual(Float(row) ?? .nan, value, accuracy: 1e-5)
    }
    XCTAssertLessThan(rows.count, 187)
    XCTAssertNotEqual(rows.last, "0")
    XCTAssertEqual(
      Heartbeats().figures.map(\.name), ["beats", "beat-forms", "beat-classes"])
    XCTAssertEqual(
      HeartbeatClass.allCases.map(beats.count).reduce(0, +), beats.beatCount)
  }

  /// The mean and the band of a class, place by place, by sorting what is there; as far as a tenth of the beats last.
  func testHeartbeatForms() throws {
    let beats = try Heartbeats().synthetic(
      count: 5, seed: 1, settings: ["minutes": "1"]
    ) { _, _ in }
    let count = beats.count(of: .normal)
    let members = beats.examples(of: .normal, count).map { $0.map(Double.init) }
    let spread = beats.spread(of: .normal)
    for place in [0, 20, spread.count - 1] {
      let column = members.filter { $0.count > place }.map { $0[place] }.sorted()
      XCTAssertGreaterThanOrEqual(10 * column.count, count)
      XCTAssertEqual(
        Double(spread[place].mean), column.reduce(0, +) / Double(column.count), accuracy: 1e-6)
      for (value, share) in [(spread[place].low, 0.1), (spread[place].high, 0.9)] {
        // between the neighbours of the quantile
        let rank = share * Double(column.count - 1)
        XCTAssertGreaterThanOrEqual(Double(value), column[Int(rank.rounded(.down))])
        XCTAssertLessThanOrEqual(Double(value), column[Int(rank.rounded(.up))])
      }
    }
    XCTAssertLessThan(10 * members.count { $0.count > spread.count }, count)

    let lines = try Figure.heartbeatForms(beats).commands.components(separatedBy: "\n")
    XCTAssertTrue(lines.contains("set title 'N: normal, \(count) beats' offset 0,-0.7"))
    let first = lines.firstIndex(of: "$form0 << EOD") ?? 0
    XCTAssertEqual(lines[(first + 1)...].prefix { $0 != "EOD" }.count, spread.count)
    XCTAssertEqual(lines.count { $0.hasPrefix("plot $form") && $0.contains("filledcurves") }, 5)
  }

  /// A panel a recording at 100 values a second, without the zeros around a short one; what is upside down is turned.
  func testStrips() throws {
    let ramp = (0..<60).map { Int16($0 * $0) }
    let recordings = [
      Recording(name: "A1", label: .normal, samples: ramp + ramp),
      Recording(name: "A2", label: .other, samples: ramp.map { -$0 }),
    ]
    let figure = try Figure.strips(recordings, length: 30)
    let lines = figure.commands.components(separatedBy: "\n")
    XCTAssertEqual(figure.height, 190 + 2 * 165)
    XCTAssertTrue(lines.contains("set xrange [0:0.3]"))
    XCTAssertTrue(lines.contains { $0.contains("A2: ") && $0.contains(" (O), turned") })
    XCTAssertFalse(lines.contains { $0.contains("A1: ") && $0.contains("turned") })
    let plots = lines.filter { $0.hasPrefix("plot ") }
    XCTAssertTrue(
      plots[0].hasPrefix("plot $strip0 using ((0 + $0) / 100) : 1 with lines "), plots[0])
    XCTAssertTrue(
      plots[1].hasPrefix("plot $strip1 using ((5 + $0) / 100) : 1 with lines "), plots[1])
    let first = lines.firstIndex(of: "$strip1 << EOD") ?? 0
    let rows = lines[(first + 1)...].prefix { $0 != "EOD" }.compactMap { Float($0) }
    XCTAssertEqual(rows.count, 20)
    for (row, value) in zip(rows, RhythmStrip(ramp, length: 20).values) {
      XCTAssertEqual(row, value, accuracy: 1e-5)
    }
    XCTAssertThrowsError(try Figure.strips([])) {
      XCTAssertEqual("\($0)", "There is nothing to draw: there is no recording.")
    }
    XCTAssertEqual(RhythmStrips().figures.map(\.name), ["strips", "rhythms"])
  }

  func testClassShares() throws {
    let figure = try Figure.classShares([("N", 3), ("it's A", 1)], of: "recordings")
    XCTAssertEqual(
      figure.commands,
      """
      set title 'Class shares of 4 recordings'
      $shares << EOD
      0 75
      1 25
      EOD
      set xrange [-0.6:1.6]
      set yrange [0:92]
      set xtics ('N' 0, 'it\u{2019}s A' 1) scale 0
      set ylabel 'share / %'
      unset key
      unset grid
      set grid ytics linetype 1 linecolor rgb '#d0d0d0' linewidth 0.6
      set label '3' at 0,75 center offset 0,1.9
      set label '75.0 %' at 0,75 center offset 0,0.8
      set label '1' at 1,25 center offset 0,1.9
      set label '25.0 %' at 1,25 center offset 0,0.8
      set boxwidth 0.6
      plot $shares using 1:2 with boxes fillcolor rgb '#0072b2' fillstyle solid 0.6 border \
      rgb '#000000'
      """)
  }

  func testTrainingLeavesOutWhatIsNoNumber() throws {
    let commands = try Figure.training(curve).commands
    XCTAssertTrue(
      commands.contains(
        "$training << EOD\n1 0.5 0.75 0.625 0.6875\n2 0.25 0.9 NaN 0.8\nEOD\n"))
    XCTAssertTrue(commands.contains("set yrange [0.23125:0.64375]"), "the loss's range")
    XCTAssertTrue(
      commands.contains(
        """
        plot $training using 1:3 title 'training' with linespoints linecolor rgb '#d55e00' \
        linewidth 2.5 dashtype 2 pointtype 4 pointinterval 1, \\
        $training using 1:5 title 'validation' with linespoints linecolor rgb '#0072b2' \
        linewidth 2.5 dashtype 1 pointtype 7 pointinterval 1
        """))
  }

  /// Whatever else is in a picture, and whoever is the best.
  func testANetworkKeepsItsStyle() throws {
    let third = LearningCurve(name: "Third", epochs: curve.epochs, place: 2)
    let line = "linecolor rgb '#009e73' linewidth 2.5 dashtype '-.' pointtype 9"
    XCTAssertTrue(
      try Figure.training(third).commands.contains("title 'validation' with linespoints \(line)"))
    let both = try Figure.experiment([curve, third], title: "Both").commands
    XCTAssertTrue(both.contains("title 'Third 0.800' with linespoints \(line)"), both)
    XCTAssertTrue(both.contains("title 'Net 0.800' with linespoints linecolor rgb '#0072b2'"), both)
    XCTAssertEqual(LineStyle.indices([nil, 0, nil, 2]), [1, 0, 3, 2])
  }

  func testExperimentPutsTheBestFirst() throws {
    let weak = LearningCurve(
      name: "Weak",
      epochs: [
        .init(
          trainLoss: 0.7, trainAccuracy: 0.5, validationLoss: 0.7, validationAccuracy: 0.5)
      ])
    let commands = try Figure.experiment([weak, curve], title: "All").commands
    XCTAssertTrue(commands.contains("plot $network0 using 1:5 title 'Net 0.800' with linespoints"))
    XCTAssertTrue(commands.contains("$network1 using 1:5 title 'Weak 0.500' with linespoints"))
    XCTAssertTrue(commands.contains("$network1 << EOD\n1 0.7 0.5 0.7 0.5\nEOD"))
    XCTAssertFalse(commands.contains("logscale"), "two epochs against one")
    let long = LearningCurve(
      name: "Long", epochs: Array(repeating: curve.epochs[0], count: 30))
    XCTAssertTrue(try Figure.experiment([long, weak], title: "").commands.contains("logscale x"))
    XCTAssertTrue(
      try Figure.experiment([long, weak], title: "").commands.contains("pointinterval 3"))
  }

  func testMedianOfSeveralTrainings() throws {
    func one(_ accuracies: [Double]) -> LearningCurve {
      LearningCurve(
        name: "Net",
        epochs: accuracies.map {
          .init(trainLoss: 1 - $0, trainAccuracy: $0, validationLoss: 2, validationAccuracy: $0 / 2)
        })
    }
    let median = try XCTUnwrap(
      LearningCurve.median([one([0.5, 0.9]), one([0.7]), one([0.6, 1])]))
    XCTAssertEqual(
      median.epochs,
      [.init(trainLoss: 0.4, trainAccuracy: 0.6, validationLoss: 2, validationAccuracy: 0.3)])
    XCTAssertNil(LearningCurve.median([]))
  }

  func testConfusionMatrix() throws {
    let commands = try Figure.confusionMatrix(
      [[3, 1], [0, 0]], classes: ["N", "A"], title: "Net"
    ).commands
    XCTAssertTrue(commands.hasPrefix("$shares << EOD\n75 25\n0 0\nEOD\n"))
    XCTAssertTrue(
      commands.contains("set label '3 (75.0 %)' at 0,0 center front textcolor rgb '#ffffff'"))
    XCTAssertTrue(
      commands.contains("set label '1 (25.0 %)' at 1,0 center front textcolor rgb '#000000'"))
    XCTAssertTrue(commands.contains("set label '0 (0 %)' at 0,1"))
    XCTAssertTrue(commands.contains("set yrange [1.5:-0.5]"))
    XCTAssertThrowsError(try Figure.confusionMatrix([[1]], classes: ["N", "A"], title: ""))
  }

  /// By hand: thresholds 3, 2, 1, 0 with a tie at 2 of one of each class.
  func testROC() throws {
    let curve = try XCTUnwrap(ROCCurve(scores: [3, 2, 2, 1, 0], labels: [1, 1, 0, 0, 1]))
    XCTAssertEqual(curve.falsePositiveRates, [0, 0, 0.5, 1, 1])
    XCTAssertEqual(curve.truePositiveRates, [0, 1.0 / 3, 2.0 / 3, 2.0 / 3, 1])
    // Of six pairs three are right and one is a tie.
    XCTAssertEqual(curve.area, 3.5 / 6, accuracy: 1e-12)
    let commands = try Figure.roc([("Net", curve, nil)], title: "ROC").commands
    XCTAssertTrue(commands.contains("title 'Net, AUROC 0.583'"))
    XCTAssertTrue(commands.contains("$roc0 << EOD\n0 0\n0 0.333333\n0.5 0.666667\n1 0.666667\n1 1"))
    XCTAssertNil(ROCCurve(scores: [1, 2], labels: [1, 1]))
    XCTAssertNil(ROCCurve(scores: [1, .nan], labels: [1, 0]))
  }

  func testALongROCKeepsItsAreaAndFewPoints() throws {
    let labels = (0..<20_000).map { Int32($0 % 2) }
    let scores = labels.enumerated().map { index, label in
      Float(index * 7919 % 20_000 + 4000 * Int(label))
    }
    let curve = try XCTUnwrap(ROCCurve(scores: scores, labels: labels))
    XCTAssertLessThan(curve.falsePositiveRates.count, 802)
    XCTAssertEqual(curve.falsePositiveRates.last, 1)
    let drawn = zip(curve.falsePositiveRates, curve.truePositiveRates)
    var area = 0.0
    for (a, b) in zip(drawn, drawn.dropFirst()) { area += (b.0 - a.0) * (a.1 + b.1) / 2 }
    XCTAssertEqual(area, curve.area, accuracy: 1e-3)
  }

  // MARK: - Texts and numbers

  func testQuoting() {
    XCTAssertEqual(Figure.quoted("plain"), "'plain'")
    for text in HostileText.all {
      let inside = Figure.quoted(text).unicodeScalars.dropFirst().dropLast()
      XCTAssertFalse(
        inside.contains { $0 == "'" || $0.properties.generalCategory == .control },
        text.debugDescription)
      let tics = Figure.tics([text]).unicodeScalars
      XCTAssertEqual(
        tics.count { $0 == "%" }, 2 * text.unicodeScalars.count { $0 == "%" },
        text.debugDescription)
    }
    XCTAssertEqual(Figure.quoted("'it's'"), "'\u{2019}it\u{2019}s\u{2019}'")
    XCTAssertEqual(Figure.quoted("a\nb\r\tc\u{0}d\u{2028}e"), "'a b  c d e'")
    XCTAssertEqual(Figure.quoted(#"\n `id` $x @y "z" {"#), #"'\n `id` $x @y "z" {'"#)
  }

  func testNumbers() {
    XCTAssertEqual(
      [0, -1.5, 1e-7, 123456.7, .nan, -.infinity].map(Figure.number),
      ["0", "-1.5", "1e-07", "123457", "NaN", "NaN"])
    XCTAssertEqual(Figure.ticStep((0, 1)), 0.5)
    XCTAssertEqual(Figure.ticStep((0, 100), count: 10), 10)
    XCTAssertTrue(Figure.range([]) == (0, 1))
    XCTAssertTrue(Figure.range([.nan]) == (0, 1))
    XCTAssertTrue(Figure.range([0]) == (-0.001, 0.001), "an axis needs a length")
  }

  /// A stripe a token, of the token's share of the values, coloured by what it gets; the beat over them in seconds.
  func testHeadsAreMatricesOnOneScale() throws {
    let heads = [[[0.75, 0.25], [0.5, 0.5]], [[1, 0], [0, 1]], [[0.5, 0.5], [0.9, 0.1]]]
    let lines = try Figure.attentionHeads(heads, title: "Heads").commands
      .components(separatedBy: "\n")
    for (index, head) in heads.enumerated() {
      let first = lines.firstIndex(of: "$head\(index) << EOD") ?? 0
      let rows = lines[(first + 1)...].prefix { $0 != "EOD" }.map {
        $0.split(separator: " ").map { Double($0) ?? .nan }
      }
      XCTAssertEqual(rows, head)
      XCTAssertTrue(lines.contains("set title 'head \(index + 1)' offset 0,-0.6"))
    }
    XCTAssertEqual(lines.count { $0 == "set cbrange [0:1]" }, 3)
    XCTAssertThrowsError(try Figure.attentionHeads([], title: ""))
  }

  func testAttentionIsStripesUnderALine() throws {
    let figure = try Figure.attention(
      [
        AttendedExample(title: "V", values: [0, 1, 0.5, 0.25], multiples: [0.5, 1.5]),
        AttendedExample(title: "N", values: [0, 1, 0, 1], multiples: [1, 1]),
      ], title: "Maps", rate: 2)
    let lines = figure.commands.components(separatedBy: "\n")
    XCTAssertTrue(lines.contains("set cbrange [0:1.5]"))
    XCTAssertTrue(lines.contains("set xrange [0:2]"))
    let first = lines.firstIndex(of: "$stripes0 << EOD") ?? 0
    let stripes = lines[(first + 1)...].prefix { $0 != "EOD" }.map {
      $0.split(separator: " ").map { Double($0) ?? .nan }
    }
    // from, to, and the multiple
    XCTAssertEqual(stripes.map { [$0[2], $0[3], $0[6]] }, [[0, 1, 0.5], [1, 2, 1.5]])
    XCTAssertEqual(lines.count { $0.hasPrefix("plot $stripes") }, 2)
    XCTAssertThrowsError(
      try Figure.attention(
        [AttendedExample(title: "", values: [], multiples: [])], title: "", rate: nil))
  }

  /// The map of the shown class behind the voltages, on one scale for all recordings that begins at 0; the maps of
  /// all classes as lines, with their means in the legend.
  func testActivationMapsAreShadingUnderALine() throws {
    let map = try XCTUnwrap(ActivationMap([[0, 2, 4, 2], [-1, 0, -1, 0]]))
    let other = try XCTUnwrap(ActivationMap([[1, 1, 1, 1], [0, 0, 8, 0]]))
    let recordings = [
      MappedRecording(
        title: "first", values: [0, 1, 0.5, 0], map: map, shown: 0, logits: [2, -0.5]),
      MappedRecording(
        title: "other", values: [1, 0, 0, 1], map: other, shown: 1, logits: [1, 2.25]),
    ]
    func lines(hasLines: Bool) throws -> [String] {
      try Figure.activationMaps(
        recordings, classes: ["N", "A"], title: "Maps", rate: 2, unit: "mV", quantity: "map",
        hasLines: hasLines
      ).commands.components(separatedBy: "\n")
    }
    func rows(_ block: String, _ lines: [String]) -> [[Double]] {
      let first = lines.firstIndex(of: "$\(block) << EOD") ?? 0
      return lines[(first + 1)...].prefix { $0 != "EOD" }.map {
        $0.split(separator: " ").map { Double($0) ?? .nan }
      }
    }
    let whole = try lines(hasLines: true)
    XCTAssertEqual(rows("evidence0", whole), [[0, 2, 4, 2], [0, 2, 4, 2]])
    XCTAssertEqual(rows("evidence1", whole), [[0, 0, 8, 0], [0, 0, 8, 0]])
    XCTAssertEqual(rows("maps1", whole), [[1, 0], [1, 0], [1, 8], [1, 0]])
    XCTAssertEqual(whole.count { $0 == "set cbrange [0:8]" }, 1)
    XCTAssertTrue(whole.contains("set xrange [0:2]"))
    XCTAssertTrue(whole.contains { $0.contains("title 'A, mean 2.25'") })
    let page = try lines(hasLines: false)
    XCTAssertEqual(page.count { $0.hasPrefix("plot ") }, 2)
    XCTAssertFalse(page.contains { $0.contains("mean 2.25") })
    XCTAssertThrowsError(
      try Figure.activationMaps(
        [], classes: [], title: "", rate: 1, unit: "", quantity: "", hasLines: true))
  }
}
