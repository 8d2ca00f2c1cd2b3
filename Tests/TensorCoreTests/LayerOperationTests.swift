import TensorCore
import XCTest

/// The operations that layers and losses are made of, value and gradients, against PyTorch in
/// float64 (`Tests/Reference/layer_operations.py`).
/// Tolerance: `Tolerance.operation`, 2e-6 + 1e-5 · |expected|.
final class LayerOperationTests: XCTestCase {
  struct Parameters: Decodable {
    var lengths: [Int]?
    var axis, steps, stride, padding, dilation, groups, kernel, rows, columns: Int?
    var epsilon, smoothing, positiveWeight: Float?
    var classWeights: [Float]?
    var reduction, paddingName, paddingMode: String?
    var ceilMode, countIncludePad: Bool?
  }

  func testEveryCase() throws {
    try OperationGrid.check("layer_operations", count: 317) { op, p, x in
      try Self.normalisation(op, p, x) ?? Self.convolution(op, p, x) ?? Self.loss(op, p, x)
    }
  }

  static func normalisation(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor? {
    switch op {
    case "layerNorm":
      return try x[0].layerNorm(weight: x[1], bias: x[2], epsilon: p.epsilon ?? 1e-5)
    case "batchNorm": return try x[0].batchNorm(weight: x[1], bias: x[2]).result
    case "batchNormGiven":
      return try x[0].batchNorm(weight: x[1], bias: x[2], statistics: (x[3], x[4])).result
    case "batchMean", "batchVariance":
      let ones = Tensor.ones([x[0].shape[1]])
      let (_, mean, variance) = try x[0].batchNorm(weight: ones, bias: ones)
      return op == "batchMean" ? mean : variance
    case "pairwiseDistance": return try Tensor.pairwiseDistance(x[0], x[1])
    case "cosineSimilarity":
      return try Tensor.cosineSimilarity(x[0], x[1], axis: XCTUnwrap(p.axis))
    case "lengthMask":
      return try Tensor.lengthMask(XCTUnwrap(p.lengths), steps: XCTUnwrap(p.steps))
    case "meanOverSteps": return try x[0].meanOverSteps(lengths: XCTUnwrap(p.lengths))
    case "meanByLengths": return try x[0].mean(lengths: XCTUnwrap(p.lengths))
    default: return nil
    }
  }

  static func convolution(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor? {
    let bias = x.count > 2 ? x[2] : nil
    let mode = try p.paddingMode.map { try XCTUnwrap(PaddingMode(rawValue: $0)) } ?? .zeros
    switch op {
    case "conv1d":
      let padding: ConvolutionPadding =
        try p.paddingName.map { $0 == "same" ? .same : .causal } ?? .zeros(XCTUnwrap(p.padding))
      return try x[0].conv1d(
        x[1], bias: bias, stride: XCTUnwrap(p.stride), padding: padding, paddingMode: mode,
        dilation: XCTUnwrap(p.dilation), groups: XCTUnwrap(p.groups))
    case "conv2d":
      return try x[0].conv2d(
        x[1], bias: bias, stride: XCTUnwrap(p.stride), padding: XCTUnwrap(p.padding),
        paddingMode: mode, dilation: XCTUnwrap(p.dilation), groups: XCTUnwrap(p.groups))
    case "padded":
      return try x[0].padded(
        axis: -1, before: XCTUnwrap(p.rows), after: XCTUnwrap(p.columns), mode: mode)
    case "averagePool1d":
      return try x[0].averagePool1d(
        kernelSize: XCTUnwrap(p.kernel), stride: p.stride, padding: p.padding ?? 0,
        ceilMode: p.ceilMode ?? false, countIncludePad: p.countIncludePad ?? true)
    case "averagePool2d":
      return try x[0].averagePool2d(
        kernelSize: XCTUnwrap(p.kernel), stride: p.stride, padding: p.padding ?? 0,
        ceilMode: p.ceilMode ?? false, countIncludePad: p.countIncludePad ?? true)
    case "maxPool1d":
      return try x[0].maxPool1d(
        kernelSize: XCTUnwrap(p.kernel), stride: p.stride, padding: p.padding ?? 0,
        ceilMode: p.ceilMode ?? false)
    case "maxPool2d":
      return try x[0].maxPool2d(
        kernelSize: XCTUnwrap(p.kernel), stride: p.stride, padding: p.padding ?? 0,
        ceilMode: p.ceilMode ?? false)
    case "adaptiveAveragePool2d":
      return try x[0].adaptiveAveragePool2d(rows: XCTUnwrap(p.rows), columns: XCTUnwrap(p.columns))
    case "globalAveragePool": return try x[0].globalAveragePool()
    case "globalMaxPool": return try x[0].globalMaxPool()
    case "matmul": return try x[0].matmul(x[1])
    default: return nil
    }
  }

  static func loss(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor {
    let names: [String: LossReduction] = ["mean": .mean, "sum": .sum, "none": .none]
    let reduction = try XCTUnwrap(names[XCTUnwrap(p.reduction)])
    switch op {
    case "crossEntropy":
      return try crossEntropy(
        x[0], labels: x[1].array.map { Int32($0) }, classWeights: p.classWeights,
        smoothing: XCTUnwrap(p.smoothing), reduction: reduction)
    case "binaryCrossEntropyWithLogits":
      return try binaryCrossEntropyWithLogits(
        x[0], targets: x[1], positiveWeight: XCTUnwrap(p.positiveWeight), reduction: reduction)
    case "meanSquaredError":
      return try meanSquaredError(x[0], targets: x[1], reduction: reduction)
    default: throw UnknownOperation(op: op)
    }
  }
}
