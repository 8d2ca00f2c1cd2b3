import Foundation
import Judge
import Sandbox
import TestSupport
import WorkerPipe
import Workers
import XCTest

/// What PyTorch gives for the models and functions of a unit, computed in double precision by a script of
/// `Tests/Reference` from equations of its own, and how a unit's reference worker is held against it.
struct ReferenceFixture {
  /// The allowed difference as a share of the largest expected number of a tensor: a twentieth of what the judge
  /// allows.
  private static let share: Float = 5e-6

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
    /// Parameters and buffers, in the order of the model.
    let parameters: [Numbers]
    let results: [String]
    /// The mode; evaluation where nothing is said.
    let isTraining: Bool?
    /// Batches that the model is called on before, in training mode.
    let batches: [Numbers]?
    /// The names of those parameters that are buffers.
    let buffers: [String]?
    /// Inputs of integers.
    let integers: [String: [Int32]]?

    /// How the worker is asked.
    var calls: Request.Calls {
      Request.Calls(
        isFirst: isTraining == true || batches?.isEmpty == false, isTraining: isTraining ?? false,
        batches: Set((batches ?? []).map(\.name)).count, wantsState: buffers?.isEmpty == false)
    }
  }

  private struct Listing: Decodable { let cases: [Case] }

  let cases: [Case]
  private let numbers: [String: FixtureTensor]
  private let worker: WorkerClient

  /// Reads `Tests/CourseTests/Fixtures/NAME.json` and `.safetensors`, and starts a unit's worker.
  init(_ name: String, unit: String) throws {
    let path = "CourseTests/Fixtures/" + name
    cases = try Fixture.decode(Listing.self, path + ".json").cases
    numbers = try Fixture.tensors(path + ".safetensors")
    worker = try Self.worker(of: unit)
  }

  /// The reference worker of a unit.
  static func worker(of unit: String) throws -> WorkerClient {
    try WorkerClient(
      WorkerLauncher(
        program: Program.products.appendingPathComponent("\(unit)Reference").path,
        sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: []))
  }

  /// Holds results, gradients and buffers of a case against the worker's.
  func require(_ entry: Case) throws {
    let subject = Request.Subject(entry.subject, sizes: entry.sizes)
    let own = try worker.ask(.parameters(), about: subject, within: 30).tensors
    XCTAssertEqual(
      own.map(\.name),
      entry.parameters.map(\.name) + (entry.buffers ?? []).map { "buffer:" + $0 }, entry.name)
    XCTAssertEqual(
      own.prefix(entry.parameters.count).map(\.shape), entry.parameters.map(\.shape), entry.name)
    var tensors =
      entry.inputs.map { $0.tensor() } + (entry.batches ?? []).map { $0.tensor() }
      + entry.parameters.map { $0.tensor("parameter:") }
      + (entry.integers ?? [:]).sorted { $0.key < $1.key }.map {
        PipeTensor(name: $0.key, shape: [$0.value.count], integers: $0.value)
      }
    let results = try worker.ask(.forward(entry.calls), about: subject, tensors, within: 30).tensors
    for result in entry.results {
      let name = "\(entry.name)/\(result)"
      let expected = try XCTUnwrap(numbers[name])
      try require(results.first { $0.name == result }, expected, name)
      tensors.append(
        PipeTensor(
          name: "upstream:" + result, shape: expected.shape,
          values: expected.values.indices.map { Float(cos(0.7 * Double($0) + 0.3)) }))
    }
    try requireState(of: entry, in: results)
    // what a large score does to a gradient, single precision cannot hold
    guard !entry.inputs.isEmpty, !entry.inputs.contains(where: { $0.scale > 10 }) else { return }
    let gradients = try worker.ask(.backward(entry.calls), about: subject, tensors, within: 30)
      .tensors
    try requireState(of: entry, in: gradients)
    let names =
      entry.inputs.map(\.name)
      + entry.parameters.map(\.name).filter { entry.buffers?.contains($0) != true }
    let norms = names.map { numbers["\(entry.name)/norm/\($0)"]?.values.first ?? .nan }
    for name in names {
      let gradient = gradients.first { $0.name == name || $0.name == "parameter:" + name }
      let label = "\(entry.name)/grad/\(name)"
      // as the judge has it: of sums whose terms cancel, the terms' rounding is left
      let scale = 0.05 * (norms.max() ?? 0)
      try require(gradient.map(sampled), numbers[label], label, scale: scale)
      let squares = gradient?.values.reduce(0.0) { $0 + Double($1) * Double($1) } ?? .nan
      try require(
        PipeTensor(name: "norm", shape: [1], values: [Float(squares.squareRoot())]),
        numbers["\(entry.name)/norm/\(name)"], label + ", length", scale: scale)
    }
  }

  private func requireState(of entry: Case, in answer: [PipeTensor]) throws {
    for buffer in entry.buffers ?? [] {
      let name = "\(entry.name)/state/\(buffer)"
      try require(answer.first { $0.name == "state:" + buffer }, numbers[name], name)
    }
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

  /// At most sixteen numbers, evenly spread, as the scripts take them.
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
