import TensorCore
import TestSupport
import XCTest

/// The cases of `Fixtures/edge_operations.json` (`Tests/Reference/edge_operations.py`): every operation
/// at the edges of single precision, values and gradients by PyTorch in float32.
struct EdgeGrid {
  struct Case {
    let name: String
    let op: String
    /// Elements are only moved: every bit is kept.
    let moves: Bool
    /// A function of single elements.
    let elements: Bool
    /// PyTorch refuses it.
    let raises: Bool
    let inputs: [FixtureTensor]
    let out: FixtureTensor?
    let gradients: [Int: FixtureTensor]
    let apply: ([Tensor]) throws -> Tensor
  }

  let cases: [Case]

  init() throws {
    let path = "TensorCoreTests/Fixtures/edge_operations"
    let listing = try Fixture.decode(Listing.self, "\(path).json")
    let values = try XCTUnwrap(Fixture.tensors("\(path).safetensors")["values"]).values
    cases = try listing.cases.map { entry in
      var tensors: [String: FixtureTensor] = [:]
      for item in entry.tensors {
        let size = item.shape.reduce(1, *)
        tensors[item.name] = FixtureTensor(
          shape: item.shape, values: Array(values[item.start..<item.start + size]))
      }
      let inputs = try (0..<entry.inputs).map { index in
        try XCTUnwrap(tensors["in\(index)"], "\(entry.name): no input \(index)")
      }
      let gradients = (0..<entry.inputs).compactMap { index in
        tensors["grad\(index)"].map { (index, $0) }
      }
      return Case(
        name: entry.name, op: entry.op, moves: entry.moves ?? false,
        elements: entry.elements ?? false, raises: entry.raises ?? false,
        inputs: inputs, out: tensors["out"],
        gradients: Dictionary(uniqueKeysWithValues: gradients),
        apply: { try entry.parameters.apply(entry.op, $0) })
    }
  }

  private struct Listing: Decodable { let cases: [Entry] }

  private struct Entry: Decodable {
    let name: String
    let op: String
    let moves, elements, raises: Bool?
    let inputs: Int
    let parameters: EdgeParameters
    let tensors: [Item]
  }

  /// `["in0", [2, 3], 17]`.
  private struct Item: Decodable {
    let name: String
    let shape: [Int]
    let start: Int

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      name = try list.decode(String.self)
      shape = try list.decode([Int].self)
      start = try list.decode(Int.self)
    }
  }
}

/// The parameters of a case, as each table of operations reads them.
private struct EdgeParameters: Decodable {
  let ofGrid: OperationGridTests.Parameters
  let ofTensors: TensorOperationTests.Parameters
  let ofLayers: LayerOperationTests.Parameters

  init(from decoder: any Decoder) throws {
    ofGrid = try OperationGridTests.Parameters(from: decoder)
    ofTensors = try TensorOperationTests.Parameters(from: decoder)
    ofLayers = try LayerOperationTests.Parameters(from: decoder)
  }

  func apply(_ op: String, _ x: [Tensor]) throws -> Tensor {
    if let result = try withNumber(op, x) ?? other(op, x) { return result }
    if let result = try TensorOperationTests.elementwise(op, ofTensors, x) { return result }
    if let result = try TensorOperationTests.comparison(op, ofTensors, x) { return result }
    if let result = try TensorOperationTests.reduction(op, ofTensors, x) { return result }
    if let result = try TensorOperationTests.order(op, ofTensors, x) { return result }
    if let result = try LayerOperationTests.normalisation(op, ofLayers, x) { return result }
    if let result = try LayerOperationTests.convolution(op, ofLayers, x) { return result }
    if ofLayers.reduction != nil { return try LayerOperationTests.loss(op, ofLayers, x) }
    if let result = try found({ try TensorOperationTests.rearrangement(op, ofTensors, x) }) {
      return result
    }
    return try OperationGridTests.apply(op, ofGrid, x)
  }

  /// Nil where a table has no such operation.
  private func found(_ result: () throws -> Tensor) throws -> Tensor? {
    do { return try result() } catch is UnknownOperation { return nil }
  }

  /// A tensor and a number, which is the second input: JSON has neither NaN nor infinity.
  private func withNumber(_ op: String, _ x: [Tensor]) throws -> Tensor? {
    guard x.count > 1, let n = x.last?.array.first else { return nil }
    let x = x[0]
    return switch op {
    case "addNumber": x + n
    case "numberAdd": n + x
    case "subNumber": x - n
    case "numberSub": n - x
    case "mulNumber": x * n
    case "numberMul": n * x
    case "divNumber": x / n
    case "numberDiv": try n / x
    case "powNumber": x.pow(n)
    case "lessNumber": x .< n
    case "lessOrEqualNumber": x .<= n
    case "greaterNumber": x .> n
    case "greaterOrEqualNumber": x .>= n
    case "equalNumber": x .== n
    case "notEqualNumber": x .!= n
    case "paddedWith":
      try x.padded(
        axis: XCTUnwrap(ofTensors.axis), before: XCTUnwrap(ofTensors.before),
        after: XCTUnwrap(ofTensors.after), with: n)
    case "linspaceBetween":
      try Tensor.linspace(from: x.array[0], to: n, count: XCTUnwrap(ofTensors.count))
    default: nil
    }
  }

  private func other(_ op: String, _ x: [Tensor]) throws -> Tensor? {
    switch op {
    case "maskedFill" where x.count == 3: return try x[0].maskedFill(x[1], with: x[2].array[0])
    case "full": return Tensor.full([20], x[0].array[0])
    case "flattened": return try x[0].flattened(from: XCTUnwrap(ofTensors.axis))
    case "unstacked":
      return try Tensor.concatenate(x[0].unstacked(axis: XCTUnwrap(ofTensors.axis)), axis: 0)
    case "splitJoined":
      let axis = try XCTUnwrap(ofTensors.axis)
      let parts = try x[0].split(axis: axis, sizes: XCTUnwrap(ofTensors.sizes))
      return try Tensor.concatenate(parts.reversed(), axis: axis)
    case "matmul": return try x[0].matmul(x[1])
    case "conv1d":
      return try x[0].conv1d(
        x[1], bias: x.count > 2 ? x[2] : nil, stride: XCTUnwrap(ofLayers.stride),
        padding: .zeros(XCTUnwrap(ofLayers.padding)), dilation: XCTUnwrap(ofLayers.dilation),
        groups: XCTUnwrap(ofLayers.groups))
    default: return nil
    }
  }
}

extension EdgeGrid.Case {
  /// Where ours is not PyTorch's.
  enum Mismatch {
    /// Thrown here and not there.
    case thrown(String)
    /// Refused there and not here.
    case notThrown
    case shape(String)
    case noGradient(Int)
    /// `tensor` is `out`, `grad0`, …
    case element(tensor: String, index: Int, got: Float, expected: Float)

    /// In short where it is, and in a sentence what.
    var description: (place: String, text: String) {
      switch self {
      case .thrown(let error): ("thrown", "throws \(error)")
      case .notThrown: ("notThrown", "gives what PyTorch refuses")
      case .shape(let text): ("shape", text)
      case .noGradient(let index): ("grad\(index)", "input \(index) has no gradient")
      case .element(let tensor, let index, let got, let expected):
        (tensor, "\(tensor)[\(index)]: \(got), expected \(expected)")
      }
    }
  }

  /// What arrives at a result; made once, in the processor's own mode.
  private static let upstream = (0..<2000).map { Float(cos(0.7 * Double($0) + 0.3)) }

  /// Result and gradients, run on inputs of this case's numbers.
  func results() throws -> (out: Tensor, inputs: [Tensor]) {
    let leaves = try inputs.enumerated().map { index, input in
      gradients[index] == nil ? try input.tensor() : try input.leaf()
    }
    let out = try apply(leaves)
    if !gradients.isEmpty {
      let upstream = Array(Self.upstream.prefix(out.count))
      if out.requiresGrad { try out.backward(gradient: Tensor(upstream, shape: out.shape)) }
    }
    return (out, leaves)
  }

  func mismatches() -> [Mismatch] {
    let (result, leaves): (Tensor, [Tensor])
    do { (result, leaves) = try results() } catch {
      return raises && error is TensorError ? [] : [.thrown("\(error)")]
    }
    guard let out else { return [.notThrown] }
    var found = differences(result, out, "out")
    for (index, gradient) in gradients.sorted(by: { $0.key < $1.key }) {
      guard let grad = leaves[index].grad else {
        found.append(.noGradient(index))
        continue
      }
      found += differences(grad, gradient, "grad\(index)")
    }
    return found
  }

  private func differences(_ got: Tensor, _ expected: FixtureTensor, _ name: String) -> [Mismatch] {
    guard got.shape.dimensions == expected.shape else {
      return [.shape("\(name): \(got.shape), expected \(Shape(expected.shape))")]
    }
    return zip(got.array, expected.values).enumerated().compactMap { index, pair in
      agrees(pair.0, pair.1, at: index, isGradient: name != "out")
        ? nil : .element(tensor: name, index: index, got: pair.0, expected: pair.1)
    }
  }

  /// Operations that choose one of their inputs, or change its sign: a denormal may come out as it came
  /// in, or as zero.
  static let choosing: Set = [
    "abs", "clip", "elu", "leakyReLU", "maximum", "minimum", "max", "min", "neg", "powFloat",
    "powNumber", "relu", "sum", "tanh", "where", "maxPool1d", "maxPool2d", "globalMaxPool",
    "mulNumber", "numberMul", "divNumber",
  ]

  private func agrees(_ got: Float, _ expected: Float, at index: Int, isGradient: Bool) -> Bool {
    if expected.isNaN { return got.isNaN }
    if moves, !isGradient { return got.bitPattern == expected.bitPattern }
    if got == expected {
      // nobody promises the sign of a gradient that is zero, or of a sum
      return !elements || isGradient || expected != 0 || got.sign == expected.sign
    }
    if got.isSubnormal {
      guard expected == 0, Self.choosing.contains(op) else { return false }
      return inputs.contains { $0.values.contains(got) || $0.values.contains(-got) }
    }
    guard expected.isFinite, got.isFinite else { return false }
    if elements {
      let steps = Int64(got.magnitude.bitPattern) - Int64(expected.magnitude.bitPattern)
      return got.sign == expected.sign && abs(steps) <= Self.steps
    }
    return abs(got - expected)
      <= Tolerance.operation.absolute + Tolerance.operation.relative * expected.magnitude
  }

  /// By how many units in the last place a function of single elements may differ from PyTorch's, which
  /// is off by a few itself.
  static let steps = 16
}
