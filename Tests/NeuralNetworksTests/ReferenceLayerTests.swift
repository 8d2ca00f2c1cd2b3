import NeuralNetworks
import RecurrentLayers
import TensorCore
import TestSupport
import XCTest

/// Layers beyond the course's own networks against PyTorch's modules in float64
/// (`Fixtures/layers.safetensors`, made by `Tests/Reference/layers.py`).
/// Tolerance: `Tolerance.operation`; for chains of recurrent steps ten times that.
final class ReferenceLayerTests: XCTestCase {
  private let recurrent = Tolerance(absolute: 2e-5, relative: 1e-4)

  private func stored(_ name: String) throws -> FixtureTensor {
    try XCTUnwrap(
      try Fixture.tensors("NeuralNetworksTests/Fixtures/layers.safetensors")[name], name)
  }

  /// Puts the fixture's parameters into a module; `names` maps ours to the fixture's.
  private func load(_ module: Module, _ name: String, _ names: [String: String] = [:]) throws {
    let entries = try module.namedParameters().map { own, _ in
      (name: own, tensor: try stored("\(name)/\(names[own] ?? own)").tensor())
    }
    try module.load(entries, strict: false)
  }

  /// Output and all gradients of one case.
  private func check(
    _ module: Module, _ name: String, _ names: [String: String] = [:],
    _ tolerance: Tolerance = .operation, run: (Tensor) throws -> Tensor
  ) throws {
    module.zeroGrad()
    let x = try stored("\(name)/x").leaf()
    let out = try run(x)
    XCTAssertNil(difference(out, try stored("\(name)/out"), "\(name) out", tolerance))
    try out.backward(gradient: try stored("\(name)/upstream").tensor())
    XCTAssertNil(difference(x.grad, try stored("\(name)/gradX"), "\(name) gradX", tolerance))
    for (own, parameter) in module.namedParameters() {
      let expected = try stored("\(name)/grad:\(names[own] ?? own)")
      XCTAssertNil(difference(parameter.grad, expected, "\(name) \(own)", tolerance))
    }
  }

  func testLayerNorm() throws {
    let layer = LayerNorm(5)
    try load(layer, "layerNorm")
    try check(layer, "layerNorm") { try layer($0) }
  }

  func testBatchNormInTrainingAndEvaluation() throws {
    for name in ["batchNorm2d", "batchNorm3d", "batchNorm4d"] {
      let layer = name == "batchNorm4d" ? BatchNorm2d(3) : BatchNorm1d(3)
      try load(layer, name)
      _ = try layer(try stored("\(name)/first").tensor())
      try check(layer, name) { try layer($0) }
      XCTAssertNil(difference(layer.runningMean, try stored("\(name)/runningMean"), name))
      XCTAssertNil(difference(layer.runningVariance, try stored("\(name)/runningVariance"), name))
      layer.eval()
      try check(layer, "\(name)/eval") { try layer($0) }
      XCTAssertNil(
        difference(layer.runningMean, try stored("\(name)/runningMean"), "moved in evaluation"))
    }
  }

  func testBatchNormNeedsMoreThanOneValue() throws {
    let layer = BatchNorm1d(3)
    XCTAssertEqual(
      errorText { try layer(.ones([1, 3])) },
      "batchNorm: [1, 3]: one value for each channel has no variance. Train with larger batches, "
        + "or call eval()")
    XCTAssertEqual(layer.runningMean.array, [0, 0, 0])
  }

  func testBatchNormRefusesOtherAxes() throws {
    XCTAssertEqual(
      errorText { try BatchNorm1d(3)(.ones([2, 3, 4, 5])) },
      "BatchNorm1d: the input has shape [2, 3, 4, 5], expected [N, C] or [N, C, L]")
    XCTAssertEqual(
      errorText { try BatchNorm2d(3)(.ones([2, 3, 4])) },
      "BatchNorm2d: the input has shape [2, 3, 4], expected [N, C, rows, columns]")
  }

  func testConv2dWithGroups() throws {
    var generator = RandomGenerator(seed: 1)
    let layer = Conv2d(
      4, 6, kernelSize: 3, stride: 2, padding: 1, groups: 2, using: &generator)
    XCTAssertEqual(layer.details, "4 → 6, kernel 3, stride 2, padding 1, groups 2")
    try load(layer, "conv2d")
    try check(layer, "conv2d") { try layer($0) }
  }

  func testGRU() throws {
    let names = [
      "W_x": "weight_ih_l0", "W_h": "weight_hh_l0", "b_x": "bias_ih_l0", "b_h": "bias_hh_l0",
    ]
    for (name, sizes) in ["gru3": (4, 6), "gru1": (1, 1)] {
      var generator = RandomGenerator(seed: 1)
      let layer = BuiltinGRU(inputSize: sizes.0, hiddenSize: sizes.1, using: &generator)
      try load(layer, name, names)
      try check(layer, name, names, recurrent) { try layer($0).outputs }
      let x = try stored("\(name)/x").tensor()
      let result = try layer(x)
      XCTAssertEqual(result.H.array, try result.outputs.select(axis: 1, index: -1).array)
    }
  }

  func testBidirectionalLSTM() throws {
    var generator = RandomGenerator(seed: 1)
    let layer = Bidirectional(
      forwards: BuiltinLSTM(inputSize: 3, hiddenSize: 4, using: &generator),
      backwards: BuiltinLSTM(inputSize: 3, hiddenSize: 4, using: &generator))
    var names: [String: String] = [:]
    for (own, end) in [("forwards", ""), ("backwards", "_reverse")] {
      names["\(own).W_x"] = "weight_ih_l0\(end)"
      names["\(own).W_h"] = "weight_hh_l0\(end)"
      names["\(own).b"] = "bias_ih_l0\(end)"
    }
    try load(layer, "bidirectional", names)
    // PyTorch has two biases that are added; each gets the gradient of the sum
    for (own, tensor) in layer.namedParameters() where own.hasSuffix(".b") {
      let end = own.hasPrefix("backwards") ? "_reverse" : ""
      let second = try stored("bidirectional/bias_hh_l0\(end)").tensor()
      try layer.load([(own, try tensor.detached() + second)], strict: false)
    }
    try check(layer, "bidirectional", names, recurrent) { try layer($0) }
  }

  func testEmbeddingTakesRows() throws {
    var generator = RandomGenerator(seed: 1)
    let layer = Embedding(4, 2, using: &generator)
    try layer.load([("weight", try Tensor([[1, 2], [3, 4], [5, 6], [7, 8]]))])
    let out = try layer(try Tensor([[3, 0, 3]]))
    XCTAssertEqual(out.shape, [1, 3, 2])
    XCTAssertEqual(out.array, [7, 8, 1, 2, 7, 8])
    try out.sum().backward()
    XCTAssertEqual(layer.weight.grad?.array, [1, 1, 0, 0, 0, 0, 2, 2])
    XCTAssertEqual(
      errorText { try layer(Tensor([0, 4])) },
      "embedding: the index 4.0 at [1] is not a position of the table's rows, which has size 4")
    XCTAssertEqual(
      errorText { try layer(Tensor([0.5])) },
      "embedding: the index 0.5 at [0] is not a position of the table's rows, which has size 4")
  }

  func testGlobalPoolingOverOneAndTwoAxes() throws {
    let x = try Tensor([1, 2, 3, 6, 0, -1, -2, -9], shape: [1, 2, 2, 2])
    XCTAssertEqual(try GlobalPooling(.average)(x).array, [3, -3])
    XCTAssertEqual(try GlobalPooling(.maximum)(x).array, [6, 0])
    XCTAssertEqual(try GlobalPooling(.maximum)(x.reshaped([1, 2, 4])).shape, [1, 2])
    XCTAssertEqual(
      errorText { try GlobalPooling(.average)(Tensor([1])) },
      "globalAveragePool: [1]: expected [N, C, …]")
  }
}
