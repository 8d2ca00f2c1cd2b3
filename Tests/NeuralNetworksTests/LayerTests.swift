import NeuralNetworks
import RecurrentLayers
import TensorCore
import TestSupport
import XCTest

/// The layers: how they start, and what they calculate. References: PyTorch, in
/// `TensorCoreTests/Fixtures` (made by `Tests/Reference/generator.py` and `operations.py`).
final class LayerTests: XCTestCase {
  private struct Generator: Decodable {
    let layers: [Layer]
  }
  private struct Layer: Decodable {
    let seed: UInt64
    let kind: String
    let sizes, shape: [Int]
    let bound: Float
    let weight, bias: [Float]
  }

  private let operations = "TensorCoreTests/Fixtures/operations.safetensors"

  // MARK: - Starting values

  func testParametersStartAsPyTorchDrawsThem() throws {
    let layers = try Fixture.decode(Generator.self, "TensorCoreTests/Fixtures/generator.json")
      .layers
    XCTAssertEqual(layers.map(\.kind), ["Linear", "Linear", "Conv1d"])
    let tolerance = Tolerance(absolute: 1e-7, relative: 1e-6)
    for layer in layers {
      var generator = RandomGenerator(seed: layer.seed)
      let module: Module =
        layer.kind == "Linear"
        ? Linear(layer.sizes[0], layer.sizes[1], using: &generator)
        : Conv1d(layer.sizes[0], layer.sizes[1], kernelSize: layer.sizes[2], using: &generator)
      let (weight, bias) = (module.parameters[0], module.parameters[1])
      // the same draws one after the other; ours fill [in, out], PyTorch's [out, in]
      let shape = layer.kind == "Linear" ? layer.shape.reversed() : layer.shape
      XCTAssertEqual(weight.shape.dimensions, shape, layer.kind)
      for (name, got, expected) in [("weight", weight, layer.weight), ("bias", bias, layer.bias)] {
        if let text = difference(got.array, expected, "\(layer.kind) \(name)", tolerance) {
          XCTFail(text)
        }
        XCTAssertTrue(got.array.allSatisfy { abs($0) <= layer.bound })
      }
    }
  }

  func testTheLSTMStartsWithinItsBound() {
    var generator = RandomGenerator(seed: 2)
    let lstm = BuiltinLSTM(inputSize: 3, hiddenSize: 64, using: &generator)
    XCTAssertEqual(lstm.namedParameters().map(\.name), ["W_x", "W_h", "b"])
    XCTAssertEqual(lstm.parameters.map(\.shape), [[3, 256], [64, 256], [256]])
    for parameter in lstm.parameters {
      // 1 / √64; of 256 numbers and more, one is beyond nine tenths of the bound
      let largest = parameter.array.map(abs).max() ?? 0
      XCTAssertTrue((0.9 * 0.125...0.125).contains(largest), "\(largest)")
      XCTAssertEqual(parameter.array.reduce(0, +) / Float(parameter.count), 0, accuracy: 0.02)
    }
  }

  func testInitialisers() {
    var generator = RandomGenerator(seed: 3)
    XCTAssertEqual(Initialiser.constant(2)([2], using: &generator).array, [2, 2])
    let normal = Initialiser.normal(standardDeviation: 0.01)([10_000], using: &generator).array
    // four standard errors: σ / √n and σ² √2 / √n
    XCTAssertEqual(normal.reduce(0, +) / 10_000, 0, accuracy: 4e-4)
    XCTAssertEqual(normal.reduce(0) { $0 + $1 * $1 } / 10_000, 1e-4, accuracy: 6e-6)
    let uniform = Initialiser.uniform(bound: 0.5)([1000], using: &generator).array
    XCTAssertTrue(uniform.allSatisfy { abs($0) <= 0.5 } && (uniform.max() ?? 0) > 0.45)
    XCTAssertEqual(Initialiser.uniform(bound: 0)([1], using: &generator).array, [0])
  }

  // MARK: - Calculation

  func testLinear() throws {
    let layer = Linear(
      weight: try Tensor([1, 2, 3, 4], shape: [2, 2]), bias: Tensor([10, 20]))
    let x = try Tensor([1, 1, 0, 2], shape: [2, 1, 2])
    let y = try layer(x)
    XCTAssertEqual(y.shape, [2, 1, 2])
    XCTAssertEqual(y.array, [14, 26, 16, 28])  // by hand
    try y.sum().backward()
    XCTAssertEqual(layer.weight.grad?.array, [1, 1, 3, 3])
    XCTAssertEqual(layer.bias.grad?.array, [2, 2])
  }

  func testConv1dWithAllItsSettings() throws {
    let all = try Fixture.tensors(operations)
    let key = "conv1d-k3-s2-p1-d2/conv1d"
    func stored(_ name: String) throws -> FixtureTensor { try XCTUnwrap(all["\(key)/\(name)"]) }
    var generator = RandomGenerator(seed: 1)
    let layer = Conv1d(
      3, 2, kernelSize: 3, stride: 2, padding: 1, dilation: 2, using: &generator)
    try layer.load([
      ("weight", try stored("in1").tensor()), ("bias", try stored("in2").tensor()),
    ])
    let x = try stored("in0").leaf()
    let y = try layer(x)
    XCTAssertNil(difference(y, try stored("out"), "out"))
    try y.backward(gradient: try stored("upstream").tensor())
    XCTAssertNil(difference(x.grad, try stored("grad0"), "input"))
    XCTAssertNil(difference(layer.weight.grad, try stored("grad1"), "weight"))
    XCTAssertNil(difference(layer.bias.grad, try stored("grad2"), "bias"))
  }

  func testTheBuiltinLSTMAgreesWithPyTorch() throws {
    let all = try Fixture.tensors(operations)
    let cases = Set(
      all.keys.filter { $0.hasPrefix("lstm-") }.compactMap { $0.split(separator: "/").first })
    XCTAssertEqual(cases.count, 4)
    for name in cases.sorted() {
      func stored(_ tensor: String) throws -> FixtureTensor {
        try XCTUnwrap(all["\(name)/lstm/\(tensor)"])
      }
      // the fixture packs input, forget, node, output; ours is input, forget, output, node
      func packed(_ tensor: String) throws -> FixtureTensor {
        try stored(tensor).repacked([0, 1, 3, 2])
      }
      let x = try stored("in0").leaf()
      let hidden = try stored("in2").shape[0]
      var generator = RandomGenerator(seed: 1)
      let layer = BuiltinLSTM(inputSize: x.shape[2], hiddenSize: hidden, using: &generator)
      try layer.load([
        ("W_x", try packed("in1").tensor()), ("W_h", try packed("in2").tensor()),
        ("b", try packed("in3").tensor()),
      ])
      let (outputs, state) = try layer(x)
      XCTAssertNil(difference(outputs, try stored("out"), "\(name) outputs"))
      XCTAssertEqual(state.H.array, try outputs.select(axis: 1, index: -1).array)
      XCTAssertEqual(state.C.shape, state.H.shape)
      try outputs.backward(gradient: try stored("upstream").tensor())
      XCTAssertNil(difference(x.grad, try stored("grad0"), "\(name) input"))
      for (index, parameter) in layer.parameters.enumerated() {
        let text = difference(
          parameter.grad, try packed("grad\(index + 1)"), "\(name) \(parameter.operandDescription)")
        XCTAssertNil(text)
      }
    }
  }

  /// A sequence cut in two, the state handed over, is the whole: values and gradients.
  func testTheLSTMGoesOnFromAState() throws {
    var generator = RandomGenerator(seed: 4)
    let layer = BuiltinLSTM(inputSize: 3, hiddenSize: 5, using: &generator)
    let x = Tensor.randn([2, 6, 3], using: &generator).requiringGrad()
    let whole = try layer(x)
    try (whole.outputs.squared().sum() + whole.state.C.sum()).backward()
    let expected = (layer.parameters + [x]).compactMap { $0.grad?.array }
    layer.zeroGrad()
    x.zeroGrad()
    let first = try layer(x.slice(axis: 1, 0..<2))
    let second = try layer(x.slice(axis: 1, 2..<6), state: first.state)
    let joined = try Tensor.concatenate([first.outputs, second.outputs], axis: 1)
    XCTAssertNil(difference(joined.array, whole.outputs.array, "outputs"))
    XCTAssertNil(difference(second.state.C.array, whole.state.C.array, "C"))
    try (joined.squared().sum() + second.state.C.sum()).backward()
    for (tensor, gradient) in zip(layer.parameters + [x], expected) {
      XCTAssertNil(difference(tensor.grad?.array ?? [], gradient, tensor.operandDescription))
    }
  }

  func testSequentialAppliesItsLayersInOrder() throws {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randn([2, 3, 9], using: &generator)
    let conv = Conv1d(3, 4, kernelSize: 2, using: &generator)
    let linear = Linear(4, 1, using: &generator)
    let net = Sequential(
      conv, Tanh(), MaxPool1d(kernelSize: 2), ReLU(), AveragePool1d(kernelSize: 2),
      AdaptiveAveragePool1d(outputLength: 1), Flatten(), linear, Sigmoid())
    let expected = sigmoid(
      try linear(
        relu(tanh(try conv(x)).maxPool1d(kernelSize: 2)).averagePool1d(kernelSize: 2)
          .adaptiveAveragePool1d(outputLength: 1).flattened()))
    XCTAssertEqual(expected.shape, [2, 1])
    XCTAssertEqual(try net(x).array, expected.array)
    XCTAssertEqual(try Sequential()(x).array, x.array)
    let named = Sequential(ReLU(), linear)
    _ = named.namedParameters()
    XCTAssertEqual(
      errorText { try named(x) },
      "linear: [2, 3, 9] × weight [4, 1]: the inner dimensions differ, 9 and 4")
  }

  // MARK: - Dropout

  func testDropoutIsSeededAndKeepsTheMean() throws {
    func layer(_ seed: UInt64) throws -> Dropout {
      var generator = RandomGenerator(seed: seed)
      return try Dropout(probability: 0.25, using: &generator)
    }
    let (first, second, third) = (try layer(1), try layer(1), try layer(2))
    let x = Tensor.ones([100, 100]).requiringGrad()
    let y = try first(x)
    XCTAssertEqual(y.array, try second(x).array)
    XCTAssertNotEqual(y.array, try third(x).array)
    XCTAssertNotEqual(y.array, try first(x).array, "the mask must be drawn anew")
    XCTAssertEqual(Set(y.array), [0, 1 / 0.75])
    // four standard errors: √(0.25 · 0.75 / 10,000)
    XCTAssertEqual(Float(y.array.filter { $0 == 0 }.count) / 10_000, 0.25, accuracy: 0.0174)
    try y.sum().backward()
    XCTAssertEqual(x.grad?.array, y.array, "the gradient takes the same mask")
  }

  func testDropoutDoesNothingInEvaluation() throws {
    var generator = RandomGenerator(seed: 1)
    let layer = try Dropout(probability: 0.5, using: &generator)
    layer.eval()
    let x = Tensor([1, 2, 3])
    XCTAssertEqual(try layer(x).array, [1, 2, 3])
    layer.train()
    XCTAssertEqual(try Dropout(probability: 0, using: &generator)(x).array, [1, 2, 3])
    for bad: Float in [1, -0.1, .nan] {
      XCTAssertEqual(
        errorText { try Dropout(probability: bad, using: &generator) },
        "Dropout: the probability \(bad) is not in [0, 1)")
    }
  }
}
