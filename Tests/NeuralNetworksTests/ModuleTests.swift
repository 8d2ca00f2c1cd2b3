import NeuralNetworks
import RecurrentLayers
import TensorCore
import TestSupport
import XCTest

/// Names, checkpoints, modes and descriptions of modules.
final class ModuleTests: XCTestCase {
  private class Base: Module {
    @Parameter var first: Tensor = Tensor([1])
  }

  private final class Net: Base {
    @Parameter var W_xi: Tensor = Tensor.ones([2, 3])
    @Buffer var mean: Tensor = Tensor([0, 0])
    let linear: Linear
    let layers: Sequential
    let parts: [Module]
    @Parameter var b_i: Tensor = Tensor.zeros([3])
    let plain = Tensor([1])

    override init() {
      var generator = RandomGenerator(seed: 1)
      linear = Linear(3, 1, using: &generator)
      layers = Sequential(ReLU(), Linear(1, 2, using: &generator))
      parts = [Tanh(), Linear(2, 2, using: &generator)]
      super.init()
    }
  }

  private let names = [
    "first", "W_xi", "linear.weight", "linear.bias", "layers.layers.1.weight",
    "layers.layers.1.bias", "parts.1.weight", "parts.1.bias", "b_i",
  ]

  func testNamesAndOrder() {
    let net = Net()
    XCTAssertEqual(net.namedParameters().map(\.name), names)
    XCTAssertEqual(net.namedBuffers().map(\.name), ["mean"])
    XCTAssertEqual(net.stateEntries().map(\.name), names + ["mean"])
    XCTAssertEqual(net.parameters.map(\.count), [1, 6, 3, 1, 2, 2, 4, 2, 3])
    XCTAssertEqual(net.parameterCount, 24)
    XCTAssertTrue(net.parameters.allSatisfy(\.requiresGrad))
    XCTAssertFalse(net.mean.requiresGrad)
    XCTAssertEqual(net.children.map(\.name), ["linear", "layers", "parts.0", "parts.1"])
  }

  func testMessagesNameParameters() {
    let net = Net()
    _ = net.namedParameters()
    XCTAssertEqual(
      errorText { try Tensor.ones([4, 5]).matmul(net.W_xi) },
      "matmul: [4, 5] × W_xi [2, 3]: the inner dimensions differ, 5 and 2")
  }

  func testAReplacedParameterKeepsItsNameAndIsALeaf() throws {
    let net = Net()
    _ = net.namedParameters()
    let old = net.W_xi
    net.W_xi = old * 2
    XCTAssertEqual(net.W_xi.label, "W_xi")
    try net.W_xi.sum().backward()
    XCTAssertEqual(net.W_xi.grad?.array, Array(repeating: 1, count: 6))
    XCTAssertNil(old.grad)
    net.zeroGrad()
    XCTAssertNil(net.W_xi.grad)
  }

  // MARK: - Checkpoints

  func testLoadingWhatWasSaved() throws {
    let (net, other) = (Net(), Net())
    for (index, entry) in net.stateEntries().enumerated() {
      try other.load(
        other.stateEntries().map {
          $0.name == entry.name ? ($0.name, Tensor.full($0.tensor.shape, Float(index))) : $0
        })
    }
    XCTAssertEqual(other.mean.array, [9, 9])
    try net.load(SafeTensors.decode(SafeTensors.encode(other.stateEntries())).reversed())
    for (a, b) in zip(net.stateEntries(), other.stateEntries()) {
      XCTAssertEqual(a.tensor.array, b.tensor.array, a.name)
    }
    XCTAssertTrue(net.parameters.allSatisfy(\.requiresGrad))
  }

  func testLoadReportsAllMismatchesAndChangesNothing() throws {
    let net = Net()
    let before = net.stateEntries().map(\.tensor.array)
    var entries = net.stateEntries().map { ($0.name, Tensor.full($0.tensor.shape, 77)) }
    entries[1].1 = Tensor.zeros([3, 2])
    entries.remove(at: 2)
    entries.removeLast()
    entries.append(("lstm.W_xi", Tensor(1)))
    entries.append(("first", Tensor(1)))
    XCTAssertEqual(
      errorText { try net.load(entries) },
      "load: lstm.W_xi is not part of Net; first is given twice; linear.weight is missing; mean is "
        + "missing; W_xi has shape [3, 2] instead of [2, 3]")
    XCTAssertEqual(net.stateEntries().map(\.tensor.array), before)
  }

  // MARK: - Mode and description

  func testTheModeReachesAllParts() throws {
    var generator = RandomGenerator(seed: 1)
    let dropout = try Dropout(probability: 0.5, using: &generator)
    let net = Sequential(ReLU(), Sequential(dropout))
    XCTAssertTrue(dropout.isTraining)
    net.eval()
    XCTAssertFalse(net.isTraining || dropout.isTraining)
    net.train()
    XCTAssertTrue(net.isTraining && dropout.isTraining)
  }

  func testDescriptionIsATree() throws {
    var generator = RandomGenerator(seed: 1)
    let net = Sequential(
      Conv1d(17, 32, kernelSize: 3, using: &generator),
      Conv1d(32, 8, kernelSize: 3, stride: 2, padding: 1, dilation: 2, using: &generator), ReLU(),
      AveragePool1d(kernelSize: 2), MaxPool1d(kernelSize: 3, stride: 1),
      AdaptiveAveragePool1d(outputLength: 1), try Dropout(probability: 0.25, using: &generator),
      Flatten(), Linear(8, 1, using: &generator))
    XCTAssertEqual(
      "\(net)",
      """
      Sequential  2449 parameters
        layers.0: Conv1d(17 → 32, kernel 3)  1664 parameters
        layers.1: Conv1d(32 → 8, kernel 3, stride 2, padding 1, dilation 2)  776 parameters
        layers.2: ReLU
        layers.3: AveragePool1d(kernel 2, stride 2)
        layers.4: MaxPool1d(kernel 3, stride 1)
        layers.5: AdaptiveAveragePool1d(to 1)
        layers.6: Dropout(0.25)
        layers.7: Flatten
        layers.8: Linear(8 → 1)  9 parameters
      """)
    XCTAssertEqual(
      "\(BuiltinLSTM(inputSize: 17, hiddenSize: 128, using: &generator))",
      "BuiltinLSTM(17 → 128)  74752 parameters")
    XCTAssertEqual(
      "\(Tensor([1, 2]).named("b").requiringGrad())", "Tensor b [2], requires grad\n[1. 2.]")
  }
}
