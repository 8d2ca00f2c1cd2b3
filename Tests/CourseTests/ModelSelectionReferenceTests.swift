import Foundation
import ModelSelectionChecks
import TestSupport
import WorkerPipe
import Workers
import XCTest

/// The reference of the unit on features and searches against PyWavelets, scikit-learn, Optuna and PyTorch (the fixture of
/// `Tests/Reference/model_selection.py`), and against what its handout gives to compute by hand.
final class ModelSelectionReferenceTests: XCTestCase {
  private struct Listing: Decodable {
    struct Case: Decodable {
      let name: String
      let subject: String
      let settings: [String: Int]
    }
    let cases: [Case]
  }

  private func worker() throws -> WorkerClient { try ReferenceFixture.worker(of: "ModelSelection") }

  private func ask(
    _ subject: String, _ settings: Settings = [:], _ inputs: [PipeTensor],
    _ question: Request.Question = .forward(.init(isFirst: true))
  ) throws -> [PipeTensor] {
    try worker().ask(question, about: .init(subject, settings), inputs, within: 30).tensors
  }

  func testTheReferenceIsThatOfTheLibraries() throws {
    let path = "CourseTests/Fixtures/model-selection"
    let cases = try Fixture.decode(Listing.self, path + ".json").cases
    let numbers = try Fixture.tensors(path + ".safetensors")
    let worker = try worker()
    var compared: [String: Int] = [:]
    for entry in cases {
      func stored(_ kind: String) -> [(name: String, tensor: FixtureTensor)] {
        numbers.filter { $0.key.hasPrefix("\(entry.name)/\(kind)/") }.map {
          (String($0.key.dropFirst("\(entry.name)/\(kind)/".count)), $0.value)
        }
      }
      let inputs = stored("in").map { name, tensor in
        ["labels", "seen"].contains(name)
          ? PipeTensor(
            name: name, shape: tensor.shape, integers: tensor.values.map { Int32($0) })
          : PipeTensor(name: name, shape: tensor.shape, values: tensor.values)
      }
      func require(_ answer: [PipeTensor], _ expected: [(name: String, tensor: FixtureTensor)])
        throws
      {
        for (name, right) in expected {
          let own = try XCTUnwrap(answer.first { $0.name == name }, "\(entry.name): \(name)")
          XCTAssertEqual(own.shape, right.shape, "\(entry.name): \(name)")
          let largest = right.values.reduce(0) { max($0, abs($1)) }
          // a twentieth of what the judge allows
          let tolerance = Tolerance(absolute: 5e-6 * largest + 1e-7, relative: 0)
          if let difference = difference(
            own.values, right.values, "\(entry.name): \(name)", tolerance)
          {
            XCTFail(difference)
          }
          compared[entry.subject, default: 0] += right.values.count
        }
      }
      let subject = Request.Subject(entry.subject, sizes: entry.settings)
      let answer = try worker.ask(
        .forward(.init(isFirst: true)), about: subject, inputs, within: 30
      ).tensors
      try require(answer, stored("out"))
      let gradients = stored("grad")
      guard !gradients.isEmpty, let logits = answer.first else { continue }
      let upstream = PipeTensor(
        name: "upstream:logits", shape: logits.shape,
        values: logits.values.indices.map { Float(cos(0.7 * Double($0) + 0.3)) })
      try require(
        worker.ask(
          .backward(.init(isFirst: true)), about: subject, inputs + [upstream], within: 30
        ).tensors, gradients)
    }
    XCTAssertEqual(
      compared.keys.sorted(),
      [
        "StackedLinearModel", "evaluation", "macroAUROC", "parzenDensity", "parzenWidths",
        "waveletFeatures",
      ])
    XCTAssertGreaterThan(compared.values.reduce(0, +), 3000)
  }

  private func requireClose(
    _ found: [Float]?, _ expected: [Float], _ tolerance: Float = 1e-6, line: UInt = #line
  ) throws {
    let found = try XCTUnwrap(found, line: line)
    XCTAssertEqual(found.count, expected.count, line: line)
    for (own, right) in zip(found, expected) {
      XCTAssertEqual(own, right, accuracy: tolerance, line: line)
    }
  }

  private func list(_ name: String, _ values: [Float]) -> PipeTensor {
    PipeTensor(name: name, shape: [values.count], values: values)
  }

  private func integers(_ name: String, _ values: [Int32]) -> PipeTensor {
    PipeTensor(name: name, shape: [values.count], integers: values)
  }

  func testWaveletsOfTheHandout() throws {
    func features(_ beat: [Float]) throws -> [Float] {
      try XCTUnwrap(
        ask(
          "waveletFeatures", [:],
          [PipeTensor(name: "beats", shape: [1, beat.count], values: beat)]
        ).first?.values)
    }
    let impulse = try features((0..<187).map { $0 == 93 ? 1 : 0 })
    try requireClose(
      Array(impulse[90...97]),
      [
        -0.027689, -0.205738, -0.291473, 0.526060, 0.526060, -0.291473, -0.205738, -0.027689,
      ])
    try requireClose(
      Array(impulse[(3 * 187 + 90)...(3 * 187 + 94)]),
      [0.069976, 0.216590, 0.345136, 0.420417, 0.420417])
    let ones = try features(Array(repeating: 1, count: 187))
    try requireClose([ones[1], ones[186], ones[93]], [0.526060, 0.526060, 0], 2e-6)
  }

  func testBeatsOfTheHandout() throws {
    let eight = (0..<8).map { Float($0) }
    try requireClose(
      ask("graft", ["at": 3], [list("a", eight), list("b", eight.map { $0 + 10 })]).first?.values,
      [0, 1, 2, 13, 14, 15, 16, 17], 0)
    for (d, right) in [
      (2, [0, 0, 0, 1, 2, 3, 4, 5] as [Float]), (-2, [2, 3, 4, 5, 6, 7, 7, 7]),
    ] {
      try requireClose(
        ask("shifted", ["by": .integer(d)], [list("x", eight)]).first?.values, right, 0)
    }
    // a training that names its preparation gives a seed with the settings
    let beats = PipeTensor(
      name: "beats", shape: [3, 4], values: (0..<12).map { Float($0) })
    func made(_ seed: Int) throws -> [PipeTensor] {
      try ask(
        "balancedByGrafting", ["perClass": 5, "seed": .integer(seed)],
        [beats, integers("labels", [0, 1, 0])])
    }
    XCTAssertEqual(try made(4), try made(4))
    XCTAssertNotEqual(try made(4), try made(5))
    XCTAssertEqual(try made(4).map(\.shape), [[10, 4], [10]])
  }

  func testEarlyStoppingOfTheHandout() throws {
    let decisions = try ask(
      "earlyStopping", ["patience": 2], [list("scores", [0.5, 0.7, 0.7, 0.8, .nan, 0.75])])
    XCTAssertEqual(decisions.first?.integers, [1, 1, 0, 1, 0, 0])
    XCTAssertEqual(decisions.last?.integers, [0, 0, 0, 0, 0, 1])
  }

  func testFiguresOfTheHandout() throws {
    let rows: [Float] = [
      0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.2, 0.6, 0.2, 0.5, 0.3, 0.2, 0.1, 0.3, 0.6, 0.3, 0.3, 0.4,
    ]
    let logits = PipeTensor(name: "logits", shape: [6, 3], values: rows.map { log($0) })
    func score(_ labels: [Int32]) throws -> [PipeTensor] {
      try ask("macroAUROC", [:], [logits, integers("labels", labels)])
    }
    // by hand it is 0.791667 with four ties; as logits in single precision the probabilities are none
    let found = try XCTUnwrap(score([0, 0, 1, 1, 2, 2]).last?.values.first)
    XCTAssertEqual(found, 0.791667, accuracy: 4 * 0.5 / 8 / 3 + 1e-6)
    // nothing to compare with
    XCTAssertEqual(try score([1, 1, 1, 1, 1, 1]).first?.integers, [0])
    let figures = try ask(
      "evaluation", [:], [logits, integers("labels", [0, 0, 1, 1, 2, 2])])
    try requireClose(
      figures.first?.values, [0.5, 0.5, 0, 0.5, 0.5, 0, 0, 0, 1])
  }

  func testTheSearchOfTheHandout() throws {
    let bounds = list("bounds", [log(1e-5), log(1e-1)])
    let good = [1e-3, 3e-3, 1e-2].map { Float(log($0)) }
    let bad = [1e-5, 2e-4, 5e-2, 1e-1].map { Float(log($0)) }
    let places = list("places", [1e-5, 1e-3, 5e-3, 1e-1].map { Float(log($0)) })
    let parts = try ask("parzenWidths", [:], [list("values", good), bounds])
    try requireClose(parts.first?.values, [-6.907755, -5.809143, -4.605170, -6.907755], 2e-6)
    try requireClose(parts.last?.values, [4.605170, 1.842068, 2.302585, 9.210340], 2e-6)
    func density(_ values: [Float]) throws -> [Float] {
      try XCTUnwrap(
        ask("parzenDensity", [:], [list("values", values), bounds, places]).first?.values)
    }
    let l = try density(good)
    try requireClose(l, [-3.095950, -1.980678, -1.828478, -2.469985], 2e-6)
    try requireClose(
      zip(l, try density(bad)).map { $0 - $1 }, [-0.832563, 0.458745, 0.554753, -0.680564], 4e-6)
    let best = try ask(
      "bestCandidate", [:],
      [list("candidates", places.values), list("good", good), list("bad", bad), bounds])
    XCTAssertEqual(best.first?.integers, [2])
    for (values, right) in [([0.25], [0.75, 1]), ([0.5, 0.5], [0.5, 0.5, 1]), ([], [1])]
      as [([Float], [Float])]
    {
      try requireClose(
        ask("parzenWidths", [:], [list("values", values), list("bounds", [0, 1])]).last?.values,
        right)
    }
    try requireClose(
      ask("choiceProbabilities", ["choices": 4], [integers("seen", [2, 2, 0])]).first?.values,
      [2, 1, 3, 1].map { $0 / 7 })
    for (n, count) in [(10, 1), (11, 2), (20, 2), (21, 3), (100, 10), (250, 25), (400, 25)] {
      let marks = try ask(
        "goodTrials", [:], [list("scores", (0..<n).map { Float($0) })]
      ).first?.integers
      XCTAssertEqual(marks?.reduce(0, +), Int32(count), "\(n)")
      XCTAssertEqual(marks?.suffix(count).allSatisfy { $0 == 1 }, true)
    }
  }

  /// What a search of the tool asks: any number of trials, none too; a seed; kinds and bounds as lists.
  func testAProposalIsAskedForBySettings() throws {
    func proposal(_ trials: Int, seed: Int, kinds: [Setting]) throws -> [PipeTensor] {
      try ask(
        "proposal",
        [
          "kinds": .list(kinds), "lows": [1e-5, 0, 0], "highs": [0.1, 0.99, 4],
          "seed": .integer(seed),
        ],
        [
          PipeTensor(
            name: "points", shape: [trials, 3],
            values: (0..<trials).flatMap { [1e-3, Float($0 % 10) / 11, Float($0 % 4)] }),
          list("scores", (0..<trials).map { Float($0 * 7 % 11) }),
        ])
    }
    let kinds: [Setting] = ["log-uniform", "uniform", "choice"]
    for trials in [0, 9, 10, 30] {
      let points = try (1...20).map { try proposal(trials, seed: $0, kinds: kinds)[0].values }
      XCTAssertEqual(points[0], try proposal(trials, seed: 1, kinds: kinds)[0].values)
      XCTAssertGreaterThan(Set(points).count, 10, "\(trials) trials")
      for point in points {
        XCTAssertEqual(point.count, 3)
        XCTAssertTrue((0.99e-5...0.1001).contains(point[0]), "\(point)")
        XCTAssertTrue((0...0.99).contains(point[1]), "\(point)")
        XCTAssertTrue([0, 1, 2, 3].contains(point[2]), "\(point)")
      }
    }
    XCTAssertThrowsError(try proposal(0, seed: 1, kinds: ["log-uniform", "grid", "choice"])) {
      XCTAssertTrue("\($0)".contains("there is no parameter of the kind grid"), "\($0)")
    }
    XCTAssertThrowsError(try proposal(0, seed: 1, kinds: ["uniform"])) {
      XCTAssertTrue("\($0)".contains("there are 1 kinds, 3 lows and 3 highs"), "\($0)")
    }
  }
}
