import Foundation
import HeartbeatTransformerChecks
import Judge
import Sandbox
import TestSupport
import WorkerPipe
import Workers
import XCTest

/// The reference of the unit on attention, which every submission is compared with, against PyTorch: the fixture of
/// `Tests/Reference/transformer.py`, computed in double precision from equations of its own.
final class TransformerReferenceTests: XCTestCase {
  private static let fixture = "CourseTests/Fixtures/transformer"
  /// The allowed difference as a share of the largest expected number of a tensor: a twentieth of what the judge
  /// allows.
  private static let share: Float = 5e-6

  private struct Listing: Decodable {
    struct Numbers: Decodable {
      let name: String
      let shape: [Int]
      let stream: UInt32
      let scale: Double
      let offset: Double

      func tensor(_ prefix: String = "") -> PipeTensor {
        PipeTensor(
          name: prefix + name, shape: shape,
          values: (0..<shape.reduce(1, *)).map { noise(UInt32($0), stream, scale, offset) })
      }
    }

    struct Case: Decodable {
      let name: String
      let subject: String
      let sizes: [String: Int]
      let inputs: [Numbers]
      let parameters: [Numbers]
      let results: [String]
    }

    let cases: [Case]
  }

  private func worker() throws -> WorkerClient {
    try WorkerClient(
      WorkerLauncher(
        program: Program.products.appendingPathComponent(
          "\(HeartbeatTransformerUnit.name)Reference"
        ).path,
        sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: []))
  }

  /// - Parameter scale: the size of what a number is the small difference of, if it is.
  private func require(
    _ got: PipeTensor?, _ expected: FixtureTensor?, _ name: String, scale: Float = 0
  ) throws {
    let expected = try XCTUnwrap(expected, "the fixture has no \(name)")
    let got = try XCTUnwrap(got, "the worker gave no \(name)")
    XCTAssertEqual(got.shape, expected.shape, name)
    let largest = expected.values.reduce(scale) { max($0, abs($1)) }
    let tolerance = Tolerance(absolute: Self.share * largest + 1e-7, relative: 0)
    if let difference = difference(got.values, expected.values, name, tolerance) {
      XCTFail(difference)
    }
  }

  func testTheReferenceIsThatOfTheEquations() throws {
    let fixture = try Fixture.tensors(Self.fixture + ".safetensors")
    let listing = try Fixture.decode(Listing.self, Self.fixture + ".json")
    let worker = try worker()
    for entry in listing.cases {
      let subject = Request.Subject(entry.subject, sizes: entry.sizes)
      let own = try worker.ask(.parameters(), about: subject, within: 30).tensors
      XCTAssertEqual(own.map(\.name), entry.parameters.map(\.name), entry.name)
      XCTAssertEqual(own.map(\.shape), entry.parameters.map(\.shape), entry.name)
      var tensors =
        entry.inputs.map { $0.tensor() } + entry.parameters.map { $0.tensor("parameter:") }
      let results = try worker.ask(.forward(), about: subject, tensors, within: 30).tensors
      for result in entry.results {
        let name = "\(entry.name)/\(result)"
        let expected = try XCTUnwrap(fixture[name])
        try require(results.first { $0.name == result }, expected, name)
        tensors.append(
          PipeTensor(
            name: "upstream:" + result, shape: expected.shape,
            values: expected.values.indices.map { Float(cos(0.7 * Double($0) + 0.3)) }))
      }
      // what a large score does to a gradient, single precision cannot hold
      let isFar = entry.inputs.contains { $0.scale > 10 }
      guard !isFar else { continue }
      let gradients = try worker.ask(.backward(), about: subject, tensors, within: 30).tensors
      let names = entry.inputs.map(\.name) + entry.parameters.map(\.name)
      let norms = names.map { fixture["\(entry.name)/norm/\($0)"]?.values.first ?? .nan }
      for name in names {
        let gradient = gradients.first { $0.name == name || $0.name == "parameter:" + name }
        let label = "\(entry.name)/grad/\(name)"
        // as the judge has it: of sums whose terms cancel, the terms' rounding is left
        let scale = 0.05 * (norms.max() ?? 0)
        try require(gradient.map(sampled), fixture[label], label, scale: scale)
        let squares = gradient?.values.reduce(0.0) { $0 + Double($1) * Double($1) } ?? .nan
        try require(
          PipeTensor(name: "norm", shape: [1], values: [Float(squares.squareRoot())]),
          fixture["\(entry.name)/norm/\(name)"], label + ", length", scale: scale)
      }
    }
    XCTAssertEqual(
      Set(listing.cases.map(\.subject)).union(["ECGformer"]),
      Set(HeartbeatTransformerUnit.facts.subjects.map(\.name)), "a subject without a case")
  }

  /// The example that the handout gives to compute by hand.
  func testTheExampleOfTheHandout() throws {
    let given: [(String, [Float])] = [
      ("Q", [1, 0, 0, 1, 1, 1]), ("K", [1, 0, 0, 2, 1, -1]), ("V", [1, 2, 3, 4, 5, 6]),
    ]
    let results = try worker().ask(
      .forward(), about: .init("attention"),
      given.map { PipeTensor(name: $0.0, shape: [3, 2], values: $0.1) }, within: 30
    ).tensors
    let expected: [(String, [Float])] = [
      (
        "weights",
        [0.401112, 0.197776, 0.401112, 0.178370, 0.733681, 0.087949, 0.283995, 0.575975, 0.140029]
      ), ("outputs", [3, 4, 2.819157, 3.819157, 2.712068, 3.712068]),
    ]
    for (name, values) in expected {
      let result = try XCTUnwrap(results.first { $0.name == name })
      XCTAssertEqual(result.values.count, values.count)
      for (own, right) in zip(result.values, values) {
        XCTAssertEqual(own, right, accuracy: 1e-6, name)
      }
    }
  }

  /// At most sixteen numbers, evenly spread, as the script takes them.
  private func sampled(_ tensor: PipeTensor) -> PipeTensor {
    let count = min(tensor.values.count, 16)
    return PipeTensor(
      name: tensor.name, shape: [count],
      values: (0..<count).map { tensor.values[$0 * tensor.values.count / count] })
  }
}

/// The formula of `Tests/Reference/noise.py`.
private func noise(_ index: UInt32, _ stream: UInt32, _ scale: Double, _ offset: Double) -> Float {
  var u = index &* 2_654_435_761 &+ (stream &+ 1) &* 40503
  u ^= u >> 16
  u = u &* 2_246_822_519
  u ^= u >> 13
  return Float((Double(u) / 2_147_483_648 - 1) * scale + offset)
}
