import RecurrentLayers
import TensorCore
import TestSupport
import XCTest

/// Every operation, value and gradients, against PyTorch in float64 on the cases of
/// `Fixtures/operations.json` (made by `Tests/Reference/operations.py`).
/// Tolerance: `Tolerance.operation`, 2e-6 + 1e-5 · |expected|.
final class OperationGridTests: XCTestCase {
  private struct Listing: Decodable { let cases: [Case] }

  private struct Case: Decodable {
    let name: String
    let op: String
    let inputs: Int
    let parameters: Parameters
  }

  struct Parameters: Decodable {
    var axes, shape: [Int]?
    var axis, start, end, index, stride, padding, dilation, kernel, size: Int?
    var keepDims: Bool?
    var gates: [String]?
  }

  private let folder = "TensorCoreTests/Fixtures"

  func testEveryCaseOfTheGrid() throws {
    let cases = try Fixture.decode(Listing.self, "\(folder)/operations.json").cases
    let tensors = try Fixture.tensors("\(folder)/operations.safetensors")
    // all of them: a fixture that lost its cases would pass
    XCTAssertEqual(cases.count, 278)
    var compared = 0
    for entry in cases { compared += try check(entry, tensors) }
    let results = tensors.keys.filter { $0.contains("/grad") || $0.hasSuffix("/out") }
    XCTAssertEqual(compared, results.count)
  }

  /// The same operations on tensors of no elements (`Tests/Reference/empty_operations.py`).
  func testEmptyTensors() throws {
    try OperationGrid.check("empty_operations", count: 87, Self.apply)
  }

  /// - Returns: how many tensors were compared.
  private func check(_ entry: Case, _ all: [String: FixtureTensor]) throws -> Int {
    // the gates' columns in our order, input, forget, output, node
    let order = try entry.parameters.gates.map { gates in
      try ["i", "f", "o", "g"].map { try XCTUnwrap(gates.firstIndex(of: $0)) }
    }
    func stored(_ name: String, _ input: Int? = nil) -> FixtureTensor? {
      let found = all["\(entry.name)/\(entry.op)/\(name)\(input.map(String.init) ?? "")"]
      guard let order, let input, input > 0 else { return found }
      return found?.repacked(order)
    }
    let inputs = try (0..<entry.inputs).map { index in
      try XCTUnwrap(stored("in", index), "\(entry.name): no input \(index)").leaf()
    }
    let expected = try XCTUnwrap(stored("out"), "\(entry.name): no result")
    let upstream = try XCTUnwrap(stored("upstream"), "\(entry.name): no upstream").tensor()
    let out: Tensor
    do {
      out = try Self.apply(entry.op, entry.parameters, inputs)
    } catch {
      XCTFail("\(entry.name): \(error)")
      return 0
    }
    if let text = difference(out, expected, "\(entry.name) out") {
      XCTFail(text)
      return 0
    }
    try out.backward(gradient: upstream)
    var compared = 1
    for (index, input) in inputs.enumerated() {
      guard let gradient = stored("grad", index) else { continue }
      compared += 1
      if let text = difference(input.grad, gradient, "\(entry.name) grad\(index)") { XCTFail(text) }
    }
    return compared
  }

  static func apply(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor {
    func required<Value>(_ value: Value?) throws -> Value {
      guard let value else { throw FixtureError("\(op): a parameter is missing") }
      return value
    }
    switch op {
    case "add": return try x[0] + x[1]
    case "sub": return try x[0] - x[1]
    case "mul": return try x[0] * x[1]
    case "div": return try x[0] / x[1]
    case "neg": return -x[0]
    case "exp": return exp(x[0])
    case "log": return log(x[0])
    case "sqrt": return sqrt(x[0])
    case "tanh": return tanh(x[0])
    case "sigmoid": return sigmoid(x[0])
    case "relu": return relu(x[0])
    case "abs": return x[0].abs()
    case "square": return x[0].squared()
    case "matmul": return try x[0].matmul(x[1])
    case "linear": return try x[0].linear(x[1], x[2])
    case "sum":
      guard let axes = p.axes else { return x[0].sum() }
      return try x[0].sum(axes: axes, keepDims: required(p.keepDims))
    case "mean":
      guard let axes = p.axes else { return x[0].mean() }
      return try x[0].mean(axes: axes, keepDims: required(p.keepDims))
    case "reshape": return try x[0].reshaped(Shape(required(p.shape)))
    case "transpose":
      let axes = try required(p.axes)
      return try x[0].transposed(axes[0], axes[1])
    case "permuted": return try x[0].permuted(required(p.axes))
    case "slice": return try x[0].slice(axis: required(p.axis), required(p.start)..<required(p.end))
    case "select": return try x[0].select(axis: required(p.axis), index: required(p.index))
    case "stack": return try Tensor.stack(x, axis: required(p.axis))
    case "concatenate": return try Tensor.concatenate(x, axis: required(p.axis))
    case "conv1d":
      return try x[0].conv1d(
        x[1], bias: x.count > 2 ? x[2] : nil, stride: required(p.stride),
        padding: .zeros(required(p.padding)), dilation: required(p.dilation))
    case "avgPool1d":
      return try x[0].averagePool1d(kernelSize: required(p.kernel), stride: p.stride)
    case "maxPool1d": return try x[0].maxPool1d(kernelSize: required(p.kernel), stride: p.stride)
    case "adaptiveAvgPool1d": return try x[0].adaptiveAveragePool1d(outputLength: required(p.size))
    case "softmax": return try x[0].softmax(axis: required(p.axis))
    case "logSoftmax": return try x[0].logSoftmax(axis: required(p.axis))
    case "binaryCrossEntropyWithLogits":
      return try binaryCrossEntropyWithLogits(x[0], targets: x[1])
    case "crossEntropy": return try crossEntropy(x[0], labels: x[1].array.map { Int32($0) })
    case "lstm": return try x[0].lstm(W_x: x[1], W_h: x[2], b: x[3]).outputs
    default: throw FixtureError("the operation \(op) is unknown to the test")
    }
  }
}
