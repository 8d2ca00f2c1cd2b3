import NeuralNetworks
import Optimisation
import TensorCore
import TestSupport
import XCTest

/// Loading a part of a network, and training a part of one.
final class PartialTrainingTests: XCTestCase {
  private final class Small: Module {
    @Parameter var weight: Tensor = .ones([2, 2])
    @Parameter var bias: Tensor = .zeros([2])
  }
  private final class Net: Module {
    let body = Small()
    let head = Small()
  }

  func testALenientLoadReportsWhatDidNotMatch() throws {
    let net = Net()
    let report = try net.load(
      [("head.bias", Tensor([3, 4])), ("tail.bias", Tensor([5, 6]))], strict: false)
    XCTAssertEqual(report.missing, ["body.weight", "body.bias", "head.weight"])
    XCTAssertEqual(report.unexpected, ["tail.bias"])
    XCTAssertEqual(net.head.bias.array, [3, 4])
    XCTAssertEqual(net.body.bias.array, [0, 0])
  }

  func testALenientLoadStillRefusesWrongShapesAndRepetitions() throws {
    let net = Net()
    XCTAssertEqual(
      errorText {
        try net.load(
          [
            ("head.bias", Tensor([3])), ("body.bias", Tensor([1, 2])),
            ("body.bias", Tensor([1, 2])),
          ],
          strict: false)
      }, "load: body.bias is given twice; head.bias has shape [1] instead of [2]")
    XCTAssertEqual(net.body.bias.array, [0, 0])
  }

  func testAStrictLoadAsksWhetherANearNameWasMeant() throws {
    let small = Small()
    XCTAssertEqual(
      errorText { try small.load([("wieght", .ones([2, 2])), ("bias", Tensor([1, 2]))]) },
      "load: wieght is not part of Small (did you mean weight?); weight is missing")
    XCTAssertEqual(
      errorText { try small.load([("scale", .ones([2, 2])), ("bias", Tensor([1, 2]))]) },
      "load: scale is not part of Small; weight is missing")
    XCTAssertEqual(small.bias.array, [0, 0])
  }

  func testAFrozenPartIsLeftAlone() throws {
    let net = Net()
    net.body.freeze()
    func step() throws {
      let optimiser = SGD(net, learningRate: 1)
      let x = try Tensor([[1, 2]]).linear(net.body.weight, net.body.bias)
      try x.linear(net.head.weight, net.head.bias).sum().backward()
      optimiser.step()
      optimiser.zeroGrad()
    }
    try step()
    XCTAssertEqual(net.body.weight.array, [1, 1, 1, 1])
    XCTAssertNil(net.body.weight.grad)
    XCTAssertEqual(net.head.bias.array, [-1, -1])
    XCTAssertEqual(net.parameterCount, 12, "a frozen parameter is still one")
    net.unfreeze()
    try step()
    XCTAssertNotEqual(net.body.weight.array, [1, 1, 1, 1])
  }

  /// d/db (b + b) is 2; a step of 1 takes 2 away, once. PyTorch's `parameters()` has no repetitions
  /// either.
  func testAParameterThatTwoPartsShareIsMovedOnce() throws {
    final class Tied: Module {
      let encoder = Small()
      let decoder = Small()
    }
    let net = Tied()
    net.decoder.bias = net.encoder.bias
    XCTAssertEqual(
      net.namedParameters().map(\.name), ["encoder.weight", "encoder.bias", "decoder.weight"])
    XCTAssertEqual(net.parameterCount, 10)
    let optimiser = SGD(net, learningRate: 1)
    try (net.encoder.bias + net.decoder.bias).sum().backward()
    optimiser.step()
    XCTAssertEqual(net.decoder.bias.array, [-2, -2])
  }

  func testModulesHaveTheNamesOfTheirProperties() throws {
    var generator = RandomGenerator(seed: 1)
    let net = Sequential(ReLU(), try Dropout(probability: 0.5, using: &generator))
    XCTAssertEqual(net.namedModules().map(\.name), ["", "layers.0", "layers.1"])
  }
}
