import Foundation
import Sandbox
import TestSupport
import WorkerPipe
import Workers
import XCTest

/// The reference, which every submission is compared with, against PyTorch: the fixture of
/// `Tests/Reference/networks.py`, computed in double precision.
final class ReferenceNetworkTests: XCTestCase {
  private static let fixtures = "CourseTests/Fixtures/networks"
  /// The allowed difference as a share of the largest expected number of a tensor: single precision
  /// over forty steps and sums of up to 680 terms. A twentieth of what the judge allows.
  private static let share: Float = 5e-6

  private func worker() throws -> WorkerClient {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("RecurrentNetworksReference").path
    return try WorkerClient(
      WorkerLauncher(
        program: program, sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(),
        files: []))
  }

  private func require(
    _ got: PipeTensor?, _ expected: FixtureTensor?, _ name: String, line: UInt = #line
  ) throws {
    let expected = try XCTUnwrap(expected, "the fixture has no \(name)", line: line)
    let got = try XCTUnwrap(got, "the worker gave no \(name)", line: line)
    guard got.shape == expected.shape else {
      return XCTFail("\(name) has shape \(got.shape), expected \(expected.shape)", line: line)
    }
    let largest = expected.values.reduce(Float(0)) { max($0, abs($1)) }
    let tolerance = Tolerance(absolute: Self.share * largest + 1e-7, relative: 0)
    if let difference = difference(got.values, expected.values, name, tolerance) {
      XCTFail(difference, line: line)
    }
  }

  // MARK: - Layers, compared in full

  func testTheLayersAreThoseOfTheEquations() throws {
    let fixture = try Fixture.tensors(Self.fixtures + ".safetensors")
    let worker = try worker()
    var compared = 0
    for (cell, model, results) in [
      ("rnn", "RNN", ["outputs", "H"]), ("lstm", "LSTM", ["outputs", "H", "C"]),
    ] {
      let cases = Set(
        fixture.keys.filter { $0.hasPrefix(cell + "/") }.map {
          $0.split(separator: "/").prefix(2).joined(separator: "/")
        })
      for name in cases.sorted() {
        let x = try XCTUnwrap(fixture["\(name)/x"])
        let H = try XCTUnwrap(fixture["\(name)/H"])
        let configuration = ["inputSize": x.shape[2], "hiddenSize": H.shape[1]]
        let names = try worker.ask(
          .parameters(), about: .init(model, sizes: configuration), within: 30
        ).tensors.map(\.name)
        var tensors = [PipeTensor(name: "input", shape: x.shape, values: x.values)]
        for parameter in names {
          let value = try XCTUnwrap(fixture["\(name)/\(parameter)"])
          tensors.append(
            PipeTensor(name: "parameter:\(parameter)", shape: value.shape, values: value.values))
        }
        let forward = try worker.ask(
          .forward(), about: .init(model, sizes: configuration), tensors, within: 30
        ).tensors
        for result in results {
          try require(
            forward.first { $0.name == result }, fixture["\(name)/\(result)"], "\(name)/\(result)")
          let upstream = try XCTUnwrap(fixture["\(name)/upstream/\(result)"])
          tensors.append(
            PipeTensor(name: "upstream:\(result)", shape: upstream.shape, values: upstream.values))
        }
        let gradients = try worker.ask(
          .backward(), about: .init(model, sizes: configuration), tensors, within: 30
        ).tensors
        try require(
          gradients.first { $0.name == "input" }, fixture["\(name)/grad/x"], "\(name)/grad/x")
        for parameter in names {
          try require(
            gradients.first { $0.name == "parameter:\(parameter)" },
            fixture["\(name)/grad/\(parameter)"], "\(name)/grad/\(parameter)")
        }
        compared += 1
      }
    }
    XCTAssertEqual(compared, 8, "sizes of both layers")
  }

  // MARK: - Networks, at the course's sizes

  private struct Description: Decodable {
    struct Numbers: Decodable {
      let shape: [Int]
      let stream: UInt32
      let scale: Double
      var values: [Float] { (0..<shape.reduce(1, *)).map { noise(UInt32($0), stream, scale) } }
    }

    struct Parameter: Decodable {
      let name: String
      let shape: [Int]
      let stream: UInt32
      let scale: Double
      var numbers: Numbers { Numbers(shape: shape, stream: stream, scale: scale) }
    }

    struct Network: Decodable {
      let name: String
      let count: Int
      let parameters: [Parameter]
    }

    let input: Numbers
    let networks: [Network]
  }

  func testTheNetworksAreThoseOfTheHandout() throws {
    let fixture = try Fixture.tensors(Self.fixtures + ".safetensors")
    let description = try Fixture.decode(Description.self, Self.fixtures + ".json")
    XCTAssertEqual(
      description.networks.map(\.name).sorted(),
      ["BuiltinLSTMNet", "ConvNet", "FullyConnectedNet", "LSTMNet", "MeanSpectrumNet", "RNNNet"])
    let worker = try worker()
    let configuration = ["stepCount": 40, "binCount": 17, "hiddenSize": 128]
    for network in description.networks {
      let own = try worker.ask(
        .parameters(), about: .init(network.name, sizes: configuration), within: 30
      ).tensors
      // both list parameters in the order of declaration
      XCTAssertEqual(own.map(\.shape), network.parameters.map(\.shape), network.name)
      XCTAssertEqual(own.reduce(0) { $0 + $1.values.count }, network.count, network.name)
      let upstream = try XCTUnwrap(fixture["\(network.name)/upstream"])
      let input = PipeTensor(
        name: "input", shape: description.input.shape, values: description.input.values)
      let parameters = zip(own, network.parameters).map {
        PipeTensor(
          name: "parameter:\($0.name)", shape: $1.shape, values: $1.numbers.values)
      }
      let forward = try worker.ask(
        .forward(), about: .init(network.name, sizes: configuration), parameters + [input],
        within: 30
      ).tensors
      try require(forward.first, fixture["\(network.name)/outputs"], "\(network.name)/outputs")
      let gradients = try worker.ask(
        .backward(), about: .init(network.name, sizes: configuration),
        parameters + [
          input,
          PipeTensor(name: "upstream:logits", shape: upstream.shape, values: upstream.values),
        ], within: 30
      ).tensors
      try require(
        gradients.first { $0.name == "input" }.map(sampled), fixture["\(network.name)/inputGrad"],
        "\(network.name)/inputGrad")
      for (parameter, expected) in zip(own, network.parameters) {
        let gradient = gradients.first { $0.name == "parameter:\(parameter.name)" }
        try require(
          gradient.map(sampled), fixture["\(network.name)/grad/\(expected.name)"],
          "\(network.name)/grad/\(expected.name)")
        let squares = gradient?.values.reduce(0.0) { $0 + Double($1) * Double($1) } ?? .nan
        try require(
          PipeTensor(name: "norm", shape: [1], values: [Float(squares.squareRoot())]),
          fixture["\(network.name)/norm/\(expected.name)"],
          "\(network.name)/norm/\(expected.name)")
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

/// The formula of `Tests/Reference/reference.py`.
private func noise(_ index: UInt32, _ stream: UInt32, _ scale: Double) -> Float {
  var u = index &* 2_654_435_761 &+ (stream &+ 1) &* 40503
  u ^= u >> 16
  u = u &* 2_246_822_519
  u ^= u >> 13
  return Float((Double(u) / 2_147_483_648 - 1) * scale)
}
