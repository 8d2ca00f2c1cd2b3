import TensorCore
import TestSupport
import XCTest

/// `transposed(1, 2)` moves no element, and convolutions leave theirs in that order: every operation
/// must give the same value and gradient for it as for elements that were moved, and free its graph.
final class ExchangedAxesTests: XCTestCase {
  private typealias Operation = (Tensor) throws -> Tensor

  private let operations: [(String, Operation)] = [
    ("gelu", { $0.gelu() }), ("leakyReLU", { $0.leakyReLU() }),
    ("clip", { try $0.clip(minimum: -0.5, maximum: 0.5) }), ("powFloat", { $0.pow(2) }),
    ("maximum", { try Tensor.maximum($0, Tensor([0.1, -0.2, 0.3, 0])) }),
    ("where", { try Tensor.where($0 .> 0, $0, $0 * 3) }),
    ("maskedFill", { try $0.maskedFill($0 .> 0.2, with: 1) }), ("tril", { try $0.tril() }),
    ("max", { try $0.max(axis: 1) }), ("min", { try $0.min() }),
    ("argmax", { try $0.argmax(axis: 2) }), ("variance", { try $0.variance(axis: 1) }),
    ("standardDeviation", { try $0.standardDeviation(axis: 2) }),
    ("logSumExp", { try $0.logSumExp(axis: 1) }),
    ("gather", { try $0.gather(axis: 1, indices: Tensor.ones([2, 1, 4])) }),
    ("indexSelect", { try $0.indexSelect(axis: 2, [3, 0]) }),
    ("expanded", { try $0.expanded(to: [2, 2, 3, 4]) }),
    ("unsqueezed", { try $0.unsqueezed(axis: 1) }), ("flipped", { try $0.flipped(axes: [1, 2]) }),
    ("slice", { try $0.slice(axis: 1, 0..<3, step: 2) }),
    ("split", { try $0.split(axis: 2, parts: 2)[1] }),
    ("padded", { try $0.padded(axis: 2, before: 1, after: 2) }),
    ("cumsum", { try $0.cumsum(axis: 1) }),
    ("layerNorm", { try $0.layerNorm(weight: Tensor.arange(4), bias: Tensor.ones([4])) }),
    ("batchNorm", { try $0.batchNorm(weight: Tensor.arange(3), bias: Tensor.ones([3])).result }),
    ("pairwiseDistance", { try Tensor.pairwiseDistance($0, Tensor.ones([4])) }),
    ("cosineSimilarity", { try Tensor.cosineSimilarity($0, Tensor.arange(4)) }),
    ("meanOverSteps", { try $0.meanOverSteps(lengths: [1, 3]) }),
    ("conv1d", { try $0.conv1d(Tensor.ones([3, 1, 2]), padding: .same, groups: 3) }),
    ("causal", { try $0.conv1d(Tensor.ones([2, 3, 2]), padding: .causal) }),
    ("globalMaxPool", { try $0.globalMaxPool() }),
    ("globalAveragePool", { try $0.globalAveragePool() }),
    ("matmul", { try $0.matmul(Tensor.ones([2, 4, 1])) }),
    ("crossEntropy", { try crossEntropy($0, labels: [0, 1, 2, 3, 0, 1]) }),
    ("meanSquaredError", { try meanSquaredError($0, targets: Tensor.ones([2, 3, 4])) }),
    (
      "sumOfLosses",
      {
        try binaryCrossEntropyWithLogits($0, targets: Tensor.ones([2, 3, 4]), reduction: .sum)
      }
    ),
  ]

  func testEveryOperation() throws {
    let values = (0..<24).map { Float(($0 * 7919) % 101) / 50 - 1 }
    func result(_ operation: Operation, _ exchange: Operation) throws -> (Tensor, Tensor?) {
      let x = try Tensor(values, shape: [2, 4, 3]).requiringGrad()
      let out = try operation(exchange(x * 1))
      if out.requiresGrad { try out.squared().sum().backward() }
      return (out, x.grad)
    }
    func compare(_ name: String, _ operation: Operation) throws {
      let (got, gradient) = try result(operation) { try $0.transposed(1, 2) }
      let (expected, expectedGradient) = try result(operation) { try $0.permuted([0, 2, 1]).moved }
      XCTAssertEqual(got.shape, expected.shape, name)
      XCTAssertEqual(got.array, expected.array, name)
      XCTAssertEqual(gradient?.array, expectedGradient?.array, name)
    }
    for (name, operation) in operations {
      let buffers = TensorMemory.liveBuffers
      try compare(name, operation)
      XCTAssertEqual(TensorMemory.liveBuffers, buffers, "\(name) leaks")
    }
  }
}
