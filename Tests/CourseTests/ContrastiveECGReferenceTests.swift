import ContrastiveECGChecks
import Foundation
import Judge
import TestSupport
import WorkerPipe
import Workers
import XCTest

/// The reference of the unit on diagnoses that no label named against PyTorch and scikit-learn (the fixtures of
/// `Tests/Reference/contrastive_ecg.py`), and against what its handout gives to compute by hand.
final class ContrastiveECGReferenceTests: XCTestCase {
  private static let unit = ContrastiveECGUnit.name

  private func ask(
    _ subject: String, _ settings: Settings = [:], _ inputs: [PipeTensor] = [],
    seed: UInt64? = nil
  ) throws -> [PipeTensor] {
    try ReferenceFixture.worker(of: Self.unit).ask(
      .forward(.init(isFirst: true)), about: .init(subject, settings, seed: seed), inputs,
      within: 60
    ).tensors
  }

  func testTheReferenceIsThatOfTheEquations() throws {
    let fixture = try ReferenceFixture("contrastive-ecg", unit: Self.unit)
    for entry in fixture.cases { try fixture.require(entry) }
    XCTAssertEqual(fixture.cases.count, 35)
  }

  /// Integers, and figures of rankings, which have more places than a float.
  private struct Listing: Decodable {
    struct Case: Decodable {
      enum Result: Decodable {
        case integers([Int32])
        case figure(Double)

        init(from decoder: any Decoder) throws {
          let container = try decoder.singleValueContainer()
          if let figure = try? container.decode(Double.self) {
            self = .figure(figure)
          } else {
            self = .integers(try container.decode([Int32].self))
          }
        }
      }

      let subject: String
      let settings: [String: Int]
      let inputs: [String: [Float]]
      let shape: [Int]
      let integers: [String: [Int32]]
      let result: Result
    }
    let cases: [Case]
  }

  func testListsAndFiguresAreThoseOfTheLibraries() throws {
    let cases = try Fixture.decode(
      Listing.self, "CourseTests/Fixtures/contrastive-ecg-lists.json"
    ).cases
    XCTAssertEqual(cases.count, 23)
    for (place, entry) in cases.enumerated() {
      let answer = try ask(
        entry.subject, entry.settings.mapValues { .integer($0) },
        entry.inputs.map { PipeTensor(name: $0.key, shape: entry.shape, values: $0.value) }
          + entry.integers.map {
            PipeTensor(name: $0.key, shape: [$0.value.count], integers: $0.value)
          })
      switch entry.result {
      case .integers(let right):
        XCTAssertEqual(answer.first?.integers, right, "\(entry.subject), case \(place)")
      case .figure(let right):
        let own = answer.filter { $0.integers == nil }.reduce(0) { $0 + Double($1.values[0]) }
        XCTAssertEqual(answer.first?.integers, [1])
        XCTAssertEqual(own, right, accuracy: 1e-12, "\(entry.subject), case \(place)")
      }
    }
  }

  private func matrix(_ name: String, _ rows: [[Float]]) -> PipeTensor {
    PipeTensor(name: name, shape: [rows.count, rows[0].count], values: rows.flatMap { $0 })
  }

  private func integers(_ name: String, _ values: [Int32]) -> PipeTensor {
    PipeTensor(name: name, shape: [values.count], integers: values)
  }

  /// What the handout gives to compute by hand.
  func testTheExamplesOfTheHandout() throws {
    let D = try ask(
      "squaredDistances", [:],
      [matrix("A", [[0, 0], [1, 2]]), matrix("B", [[1, 0], [1, 2], [3, 4]])])
    XCTAssertEqual(D.first?.values, [1, 5, 25, 4, 0, 8])
    // a margin of 0.25 here, of 0.2 there
    let triplet = try ask(
      "tripletLoss", ["marginInEighths": 2],
      [
        matrix("anchor", [[0, 0], [0, 0]]), matrix("positive", [[1, 0], [1, 1]]),
        matrix("negative", [[0, 2], [1, 0]]),
      ])
    XCTAssertEqual(triplet.first?.values, [0.625])
    let row: [Float] = [0.5, 0.75, 0.25, 0.625]
    let batch = [
      matrix("D", [row, [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]),
      integers("captions", [7, 3, 7, 5]),
    ]
    XCTAssertEqual(try ask("hardestNegatives", [:], batch).first?.integers?.first, 3)
    for (eighths, right) in [(2, 3), (1, 1)] as [(Int, Int32)] {
      XCTAssertEqual(
        try ask("semiHardNegatives", ["marginInEighths": .integer(eighths)], batch).first?.integers?
          .first, right)
    }
    for (samples, right) in [(1000, 3840), (333, 1280), (64, 256)] as [(Int, Int32)] {
      XCTAssertEqual(
        try ask("featureCount", ["leadCount": 12, "sampleCount": .integer(samples)]).first?
          .integers,
        [right])
    }
    XCTAssertEqual(
      try ask("normalised", [:], [matrix("x", [[3, 4], [0, 0]])]).first?.values, [0.6, 0.8, 0, 0])
    let eye = [[1, 0], [0, 1]] as [[Float]]
    for (k, right) in [(0, 0.313262), (log(10), 0.0000454)] as [(Float, Float)] {
      let loss = try ask(
        "contrastiveLoss", [:],
        [matrix("Z", eye), matrix("T", eye), PipeTensor(name: "k", shape: [], values: [k])])
      XCTAssertEqual(try XCTUnwrap(loss.first?.values.first), right, accuracy: 5e-7)
    }
    let vectors = try ask(
      "classVectors", [:], [matrix("prompts", [[2, 0], [0, 0.5]]), integers("counts", [2])])
    for value in try XCTUnwrap(vectors.first?.values) {
      XCTAssertEqual(value, 0.7071, accuracy: 5e-5)
    }
    XCTAssertEqual(
      try ask("predictions", [:], [matrix("scores", [[0.1, 0.5, 0.5], [0.3, -0.2, 0.1]])]).first?
        .integers, [1, 0])
    let ranking = [
      PipeTensor(name: "scores", shape: [4], values: [0.9, 0.8, 0.8, 0.3]),
      integers("labels", [1, 0, 1, 0]),
    ]
    XCTAssertEqual(try ask("areaUnderROC", [:], ranking)[1].values, [0.875])
    XCTAssertEqual(try ask("averagePrecision", [:], ranking)[1].values[0], 0.8333, accuracy: 5e-5)
  }

  /// Counts of the handout: 137 248 parameters of the encoder, 1 474 944 and one more of the model.
  func testTheNumbersOfParameters() throws {
    let worker = try ReferenceFixture.worker(of: Self.unit)
    let sizes = ["leadCount": 12, "sampleCount": 1000, "textSize": 384]
    func count(_ subject: String) throws -> Int {
      let state = try worker.ask(
        .parameters(), about: .init(subject, sizes: sizes), within: 60
      ).tensors
      let buffers = Set(state.filter { $0.name.hasPrefix("buffer:") }.map { $0.name.dropFirst(7) })
      return state.filter {
        !$0.name.hasPrefix("buffer:") && !buffers.contains($0.name[...])
      }.reduce(0) { $0 + $1.values.count }
    }
    XCTAssertEqual(try count("ECGEncoder"), 137_248)
    XCTAssertEqual(try count("ContrastiveModel"), 137_248 + 1_474_944 + 1)
  }

  /// The sampler that is given: full batches, no caption twice in one, no record twice, all that can be, another seed
  /// another order.
  func testBatchesHaveDistinctCaptions() throws {
    var captions = (0..<300).map { Int32($0 * $0 % 29) }
    captions[299] = 100
    func batches(_ size: Int, seed: UInt64) throws -> [[Int]] {
      let answer = try ask(
        "DistinctCaptions", ["batchSize": .integer(size)], [integers("captions", captions)],
        seed: seed)
      let records = try XCTUnwrap(answer.first?.integers)
      XCTAssertEqual(records.count % size, 0)
      return stride(from: 0, to: records.count, by: size).map { start in
        records[start..<(start + size)].map { Int($0) }
      }
    }
    let made = try batches(12, seed: 1)
    XCTAssertGreaterThan(made.count, 10)
    for batch in made { XCTAssertEqual(Set(batch.map { captions[$0] }).count, 12) }
    let all = made.flatMap { $0 }
    XCTAssertEqual(Set(all).count, all.count)
    // nothing is dropped of which another batch could be made
    let left = (0..<300).filter { !all.contains($0) }
    XCTAssertLessThan(Set(left.map { captions[$0] }).count, 12)
    XCTAssertEqual(made, try batches(12, seed: 1))
    XCTAssertNotEqual(made, try batches(12, seed: 2))
    XCTAssertEqual(try batches(200, seed: 1), [])
    XCTAssertThrowsError(try batches(0, seed: 1)) { error in
      XCTAssertTrue("\(error)".contains("a batch of 0 records"), "\(error)")
    }
  }
}
