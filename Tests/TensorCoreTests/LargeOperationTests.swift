import RecurrentLayers
import TensorCore
import TestSupport
import XCTest

/// Reductions, normalisations, losses and recurrences at sizes up to a million rows, against PyTorch in double
/// precision (`Tests/Reference/large_operations.py`, which says how inputs are made).
///
/// Tolerance: four times PyTorch's own error in single precision, which the file has for each quantity,
/// but never less than two roundings: PyTorch may be exact by luck.
final class LargeOperationTests: XCTestCase {
  private struct Listing: Decodable { let cases: [Case] }
  private struct Case: Decodable {
    let op: String
    let parameters: Parameters
    let inputs: [Input]
    let quantities: [String: Quantity]
  }
  private struct Input: Decodable {
    let shape: [Int]
    let scale, offset: Float
  }
  private struct Parameters: Decodable {
    let axis, length: Int?
    let weights: [Float]?
    let ignores: Bool?
    let smoothing: Float?
  }
  private struct Quantity: Decodable {
    let count: Int
    let samples: [Double]
    let weighted, size, error: Double
  }

  private static let twoRoundings = 2 * 0x1p-24
  private var streams: [Int: Tensor] = [:]
  override func tearDown() { streams = [:] }

  func testAccuracyOfLargeOperations() throws {
    let path = "TensorCoreTests/Fixtures/large_operations.json"
    let cases = try Fixture.decode(Listing.self, path).cases
    XCTAssertEqual(cases.count, 80)
    for entry in cases {
      let inputs = try entry.inputs.enumerated().map { index, input in
        try (numbers(index, Shape(input.shape)) * input.scale + input.offset).requiringGrad()
      }
      let out = try apply(entry.op, entry.parameters, inputs)
      try out.backward(gradient: numbers(7, out.shape))
      let shapes = entry.inputs.map { "\($0.shape) around \($0.offset)" }.joined(separator: ", ")
      for (name, quantity) in entry.quantities.sorted(by: { $0.key < $1.key }) {
        let found = name == "out" ? out : Int(name.dropFirst(4)).flatMap { inputs[$0].grad }
        try check(
          XCTUnwrap(found, "\(entry.op) has no \(name)"), quantity,
          "\(entry.op) of \(shapes), \(name)")
      }
    }
  }

  private func check(_ found: Tensor, _ quantity: Quantity, _ what: String) {
    guard found.count == quantity.count else {
      return XCTFail("\(what): \(found.count) elements, not \(quantity.count)")
    }
    let (values, count) = (found.storage, found.count)
    let places =
      count <= 12 ? Array(0..<count) : (0..<12).map { ($0 * 2_654_435_761 + count - 1) % count }
    let (distance, length) = zip(places, quantity.samples).reduce((0.0, 0.0)) { sums, pair in
      let difference = Double(values.pointer[pair.0]) - pair.1
      return (sums.0 + difference * difference, sums.1 + pair.1 * pair.1)
    }
    var sum = 0.0
    for index in stride(from: 0, to: count, by: max(1, count / 20000) | 1) {
      sum += Double(values.pointer[index]) * noise(index, stream: 5)
    }
    let error = (distance / length).squareRoot()
    let ofSum = abs(sum - quantity.weighted) / quantity.size
    let most = max(4 * quantity.error, Self.twoRoundings)
    // not `error > most`: a NaN is wrong too
    if !(error <= most && ofSum <= most) {
      XCTFail("\(what): the error is \(error), of a sum \(ofSum); PyTorch's is \(quantity.error)")
    }
  }

  private func apply(_ op: String, _ p: Parameters, _ x: [Tensor]) throws -> Tensor {
    func axis() throws -> Int { try XCTUnwrap(p.axis, op) }
    func length() throws -> Int { try XCTUnwrap(p.length, op) }
    switch op {
    case "sum": return try x[0].sum(axis: axis())
    case "mean": return try x[0].mean(axis: axis())
    case "cumsum": return try x[0].cumsum(axis: axis())
    case "variance": return try x[0].variance(axis: axis())
    case "standardDeviation": return try x[0].standardDeviation(axis: axis())
    case "logSumExp": return try x[0].logSumExp(axis: axis())
    case "softmax": return try x[0].softmax(axis: axis())
    case "logSoftmax": return try x[0].logSoftmax(axis: axis())
    case "sumOfAll": return x[0].sum()
    case "meanOfAll": return x[0].mean()
    case "linear": return try x[0].linear(x[1], x[2]).mean(axis: 0)
    case "bias": return try x[0] + x[1]
    case "pairwiseDistance": return try Tensor.pairwiseDistance(x[0], x[1])
    case "cosineSimilarity": return try Tensor.cosineSimilarity(x[0], x[1])
    case "adaptiveAveragePool1d":
      return try x[0].adaptiveAveragePool1d(outputLength: length())
    case "averagePool1d": return try x[0].averagePool1d(kernelSize: length())
    case "adaptiveAveragePool2d":
      return try x[0].adaptiveAveragePool2d(rows: length(), columns: length())
    case "layerNorm": return try x[0].layerNorm(weight: x[1], bias: x[2])
    case "batchNorm": return try x[0].batchNorm(weight: x[1], bias: x[2]).result
    case "batchNormGiven":
      let zeros = Tensor.zeros(x[1].shape)
      return try x[0].batchNorm(
        weight: x[1], bias: x[2], statistics: (zeros + 100.25, zeros + 0.375)
      ).result
    case "crossEntropy":
      var labels = Self.labels(x[0].shape[0], classes: x[0].shape[1])
      if p.ignores == true {
        for row in stride(from: 0, to: labels.count, by: 5) { labels[row] = -100 }
      }
      return try crossEntropy(
        x[0], labels: labels, classWeights: p.weights, smoothing: p.smoothing ?? 0,
        ignoreIndex: p.ignores == true ? -100 : nil)
    case "binaryCrossEntropyWithLogits":
      let targets = Self.labels(x[0].count, classes: 2).map(Float.init)
      return try binaryCrossEntropyWithLogits(x[0], targets: Tensor(targets))
    case "meanSquaredError": return try meanSquaredError(x[0], targets: x[1])
    case "embedding":
      return try x[0].embedding(Tensor(Self.labels(300_000, classes: 10).map(Float.init)))
    case "gather":
      let indices = Self.labels(300_000, classes: 10).map(Float.init)
      return try x[0].gather(axis: 1, indices: Tensor(indices, shape: [3, 100_000]))
    case "lstm": return try x[0].lstm(W_x: x[1], W_h: x[2], b: x[3]).outputs.mean(axis: 1)
    case "gru":
      var generator = RandomGenerator(seed: 1)
      let layer = BuiltinGRU(
        inputSize: x[0].shape[2], hiddenSize: x[2].shape[0], using: &generator)
      (layer.W_x, layer.W_h, layer.b_x, layer.b_h) = (x[1], x[2], x[3], x[4])
      return try layer.outputs(of: x[0]).mean(axis: 1)
    default: throw UnknownOperation(op: op)
    }
  }

  private func numbers(_ stream: Int, _ shape: Shape) throws -> Tensor {
    let kept = streams[stream] ?? Tensor((0..<3_000_000).map { Float(noise($0, stream: stream)) })
    streams[stream] = kept
    return try kept.slice(axis: 0, 0..<shape.count).reshaped(shape)
  }

  private static func labels(_ count: Int, classes: Int) -> [Int32] {
    (0..<count).map { Int32(truncatingIfNeeded: (($0 * 2_654_435_761) >> 7) % classes) }
  }
}
