import TensorCore
import XCTest

/// Operations on elements, masks, extremes, indices and axes, value and gradients, against PyTorch
/// in float64 (`Tests/Reference/tensor_operations.py`).
/// Tolerance: `Tolerance.operation`, 2e-6 + 1e-5 · |expected|.
final class TensorOperationTests: XCTestCase {
  struct Parameters: Decodable {
    var axes, indices, offsets, shape, sizes: [Int]?
    var axis, diagonal, classes, start, end, step, parts, before, after, count, k: Int?
    var alpha, slope, exponent, value, minimum, maximum, correction, start_, end_: Float?
    var keepDims, largest, descending: Bool?
  }

  func testEveryCase() throws {
    try OperationGrid.check("tensor_operations", count: 626) { op, p, x in
      try Self.elementwise(op, p, x) ?? Self.comparison(op, p, x) ?? Self.reduction(op, p, x)
        ?? Self.order(op, p, x) ?? Self.rearrangement(op, p, x)
    }
  }

  static func elementwise(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor? {
    switch op {
    case "gelu": x[0].gelu()
    case "softplus": x[0].softplus()
    case "silu": x[0].silu()
    case "elu": x[0].elu(alpha: try XCTUnwrap(p.alpha))
    case "leakyReLU": x[0].leakyReLU(slope: try XCTUnwrap(p.slope))
    case "powFloat": x[0].pow(try XCTUnwrap(p.exponent))
    case "powTensor": try x[0].pow(x[1])
    case "reciprocalSquareRoot": x[0].reciprocalSquareRoot()
    case "maximum": try Tensor.maximum(x[0], x[1])
    case "minimum": try Tensor.minimum(x[0], x[1])
    case "clip":
      try x[0].clip(minimum: p.minimum ?? -.infinity, maximum: p.maximum ?? .infinity)
    case "where": try Tensor.where(x[0], x[1], x[2])
    // JSON has no infinity
    case "maskedFill": try x[0].maskedFill(x[1], with: p.value ?? -.infinity)
    case "tril": try x[0].tril(diagonal: XCTUnwrap(p.diagonal))
    case "triu": try x[0].triu(diagonal: XCTUnwrap(p.diagonal))
    case "linspace":
      Tensor.linspace(
        from: try XCTUnwrap(p.start_), to: try XCTUnwrap(p.end_), count: try XCTUnwrap(p.count))
    default: nil
    }
  }

  static func comparison(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor? {
    switch op {
    case "less": try x[0] .< x[1]
    case "lessOrEqual": try x[0] .<= x[1]
    case "greater": try x[0] .> x[1]
    case "greaterOrEqual": try x[0] .>= x[1]
    case "equal": try x[0] .== x[1]
    case "notEqual": try x[0] .!= x[1]
    case "lessNumber": x[0] .< (try XCTUnwrap(p.value))
    case "lessOrEqualNumber": x[0] .<= (try XCTUnwrap(p.value))
    case "greaterNumber": x[0] .> (try XCTUnwrap(p.value))
    case "greaterOrEqualNumber": x[0] .>= (try XCTUnwrap(p.value))
    case "equalNumber": x[0] .== (try XCTUnwrap(p.value))
    case "notEqualNumber": x[0] .!= (try XCTUnwrap(p.value))
    default: nil
    }
  }

  static func reduction(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor? {
    let keep = p.keepDims ?? false
    switch op {
    case "max": return try p.axis.map { try x[0].max(axis: $0, keepDims: keep) } ?? x[0].max()
    case "min": return try p.axis.map { try x[0].min(axis: $0, keepDims: keep) } ?? x[0].min()
    case "argmax": return try x[0].argmax(axis: XCTUnwrap(p.axis), keepDims: keep)
    case "argmin": return try x[0].argmin(axis: XCTUnwrap(p.axis), keepDims: keep)
    case "variance":
      return try x[0].variance(
        axes: XCTUnwrap(p.axes), correction: XCTUnwrap(p.correction), keepDims: keep)
    case "standardDeviation":
      return try x[0].standardDeviation(
        axis: XCTUnwrap(p.axis), correction: XCTUnwrap(p.correction), keepDims: keep)
    case "logSumExp": return try x[0].logSumExp(axis: XCTUnwrap(p.axis), keepDims: keep)
    case "cumsum": return try x[0].cumsum(axis: XCTUnwrap(p.axis))
    case "product":
      return try p.axis.map { try x[0].product(axis: $0, keepDims: keep) } ?? x[0].product()
    default: return nil
    }
  }

  static func order(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor? {
    switch op {
    case "topKValues":
      try x[0].topK(XCTUnwrap(p.k), axis: XCTUnwrap(p.axis), largest: XCTUnwrap(p.largest)).values
    case "topKIndices":
      try x[0].topK(XCTUnwrap(p.k), axis: XCTUnwrap(p.axis), largest: XCTUnwrap(p.largest)).indices
    case "sortedValues":
      try x[0].sorted(axis: XCTUnwrap(p.axis), descending: XCTUnwrap(p.descending)).values
    case "sortedIndices":
      try x[0].sorted(axis: XCTUnwrap(p.axis), descending: XCTUnwrap(p.descending)).indices
    case "argsort":
      try x[0].argsort(axis: XCTUnwrap(p.axis), descending: XCTUnwrap(p.descending))
    default: nil
    }
  }

  static func rearrangement(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor {
    switch op {
    case "gather": return try x[0].gather(axis: XCTUnwrap(p.axis), indices: x[1])
    case "indexSelect": return try x[0].indexSelect(axis: XCTUnwrap(p.axis), XCTUnwrap(p.indices))
    case "embedding": return try x[0].embedding(x[1])
    case "oneHot":
      return try Tensor.oneHot(x[0].array.map { Int32($0) }, classes: XCTUnwrap(p.classes))
    case "expanded": return try x[0].expanded(to: Shape(XCTUnwrap(p.shape)))
    case "squeezed": return try x[0].squeezed(axis: XCTUnwrap(p.axis))
    case "unsqueezed": return try x[0].unsqueezed(axis: XCTUnwrap(p.axis))
    case "flipped": return try x[0].flipped(axes: XCTUnwrap(p.axes))
    case "rolled": return try x[0].rolled(by: XCTUnwrap(p.offsets), axes: XCTUnwrap(p.axes))
    case "rolledRows":
      return try x[0].rolled(byRow: XCTUnwrap(p.offsets), axis: XCTUnwrap(p.axis))
    case "sliceStep":
      return try x[0].slice(
        axis: XCTUnwrap(p.axis), XCTUnwrap(p.start)..<XCTUnwrap(p.end), step: XCTUnwrap(p.step))
    case "splitSizes":
      let axis = try XCTUnwrap(p.axis)
      return try rejoined(x[0].split(axis: axis, sizes: XCTUnwrap(p.sizes)), axis)
    case "splitParts":
      let axis = try XCTUnwrap(p.axis)
      return try rejoined(x[0].split(axis: axis, parts: XCTUnwrap(p.parts)), axis)
    case "padded":
      return try x[0].padded(
        axis: XCTUnwrap(p.axis), before: XCTUnwrap(p.before), after: XCTUnwrap(p.after),
        with: XCTUnwrap(p.value))
    default: throw UnknownOperation(op: op)
    }
  }

  static func rejoined(_ parts: [Tensor], _ axis: Int) throws -> Tensor {
    try Tensor.concatenate(parts.enumerated().map { Float($0 + 1) * $1 }, axis: axis)
  }

  /// Comparisons and positions have no gradient, even of what wants one.
  func testMarksHaveNoGraph() throws {
    let x = Tensor([1, 2]).requiringGrad()
    for mark in [try x .< x, x .> 1, try x .== x, try x.argmax(axis: 0), try x.argmin(axis: 0)] {
      XCTAssertFalse(mark.requiresGrad)
    }
  }
}

/// An operation of a fixture that the test has no line for.
struct UnknownOperation: Error { let op: String }
