import Foundation
import RecurrentLayers
import Synchronization
import TensorCore
import TestSupport
import XCTest

/// Results do not depend on the number of threads, nor on what other threads do.
final class ThreadTests: XCTestCase {
  private var threads = 0
  override func setUp() { threads = KernelThreads.count }
  override func tearDown() { KernelThreads.count = threads }

  /// The bits of a result and of all gradients, for inputs that are always the same.
  private static func bits(
    _ shapes: [Shape], _ operation: ([Tensor]) throws -> Tensor
  ) throws -> [UInt32] {
    var generator = RandomGenerator(seed: 9)
    let inputs = shapes.map { Tensor.randn($0, using: &generator).requiringGrad() }
    let out = try operation(inputs)
    try out.backward(gradient: Tensor.randn(out.shape, using: &generator))
    return ([out] + inputs.compactMap(\.grad)).flatMap { $0.array.map(\.bitPattern) }
  }

  private func checkSameBits(
    _ name: String, _ shapes: [Shape], _ operation: ([Tensor]) throws -> Tensor
  ) throws {
    KernelThreads.count = 1
    let alone = try Self.bits(shapes, operation)
    // several times: parts that write the same places do so at the same time only now and then
    for count in [2, 3, 4, 2, 3, 4, 2, 3, 4] {
      KernelThreads.count = count
      XCTAssertEqual(KernelThreads.count, count)
      XCTAssertTrue(try Self.bits(shapes, operation) == alone, "\(name) on \(count) threads")
    }
  }

  func testMatrixProducts() throws {
    // on either side of the sizes at which a product is cut in two and in four
    try checkSameBits("two parts", [[130, 90], [90, 101]]) { try $0[0].matmul($0[1]) }
    try checkSameBits("rows", [[401, 257], [257, 301]]) { try $0[0].matmul($0[1]) }
    try checkSameBits("columns", [[61, 257], [257, 1203]]) { try $0[0].matmul($0[1]) }
    try checkSameBits("batch", [[20, 64, 65], [20, 65, 33]]) { try $0[0].matmul($0[1]) }
    try checkSameBits("heads", [[6, 70, 4, 8], [6, 70, 4, 8]]) {
      try $0[0].transposed(1, 2).matmul($0[1].permuted([0, 2, 3, 1]))
    }
    try checkSameBits("moved", [[6, 71, 4, 37]]) {
      try $0[0].permuted([0, 2, 3, 1]) * $0[0].permuted([0, 2, 3, 1])
    }
    try checkSameBits("one for all", [[30, 90, 41], [1, 41, 70]]) { try $0[0].matmul($0[1]) }
    try checkSameBits("linear", [[192, 680], [680, 512], [512]]) { try $0[0].linear($0[1], $0[2]) }
  }

  func testConvolution() throws {
    try checkSameBits("conv1d", [[100, 17, 40], [32, 17, 3], [32]]) {
      try $0[0].conv1d($0[1], bias: $0[2], padding: 1)
    }
  }

  func testLSTM() throws {
    try checkSameBits("lstm", [[150, 12, 17], [17, 128], [32, 128], [128]]) {
      try $0[0].lstm(W_x: $0[1], W_h: $0[2], b: $0[3]).outputs
    }
  }

  func testOperationsInParts() throws {
    try checkSameBits("where", [[700, 333], [333]]) {
      try Tensor.where($0[0] .> 0, $0[0].gelu(), Tensor.maximum($0[0], $0[1]))
    }
    try checkSameBits("extremes", [[500, 400]]) { try $0[0].max(axis: 1) + $0[0].min(axis: 1) }
    try checkSameBits("logSumExp", [[300, 200]]) { try $0[0].logSumExp(axis: 0) }
    try checkSameBits("cumsum", [[300, 200]]) { try $0[0].cumsum(axis: 1).tril() }
    try checkSameBits("indexSelect", [[100, 300]]) {
      try $0[0].indexSelect(axis: 0, (0..<900).map { $0 * 7 % 100 })
    }
    try checkSameBits("layerNorm", [[999, 64], [64], [64]]) {
      try $0[0].layerNorm(weight: $0[1], bias: $0[2])
    }
    try checkSameBits("batchNorm", [[100, 17, 40], [17], [17]]) {
      try $0[0].batchNorm(weight: $0[1], bias: $0[2]).result
    }
    try checkSameBits("conv2d", [[20, 4, 17, 19], [6, 2, 3, 3], [6]]) {
      try $0[0].conv2d($0[1], bias: $0[2], padding: 1, groups: 2)
    }
  }

  /// Sizes that leave a rest at the last part, vector and tile.
  func testSoftmaxAndLosses() throws {
    let shape: Shape = [300, 187]
    let mask = try Tensor.ones(shape).tril()
    let targets = try mask.flipped(axes: [0])
    try checkSameBits("softmax", [shape]) { try $0[0].softmax() }
    try checkSameBits("of columns", [[24, 160, 67]]) { try $0[0].softmax(axis: 1) }
    try checkSameBits("of a middle axis", [[7, 60, 37]]) { try $0[0].logSoftmax(axis: 1) }
    try checkSameBits("of few", [[9001, 5]]) { try $0[0].softmax() }
    try checkSameBits("masked", [shape]) { try $0[0].softmax(mask: mask) }
    try checkSameBits("logSumExp", [shape]) { try $0[0].logSumExp() }
    try checkSameBits("erf", [shape]) { $0[0].erf() }
    try checkSameBits("binary", [shape]) {
      try binaryCrossEntropyWithLogits($0[0], targets: targets)
    }
    try checkSameBits("classes", [shape]) {
      try crossEntropy($0[0], labels: (0..<300).map { Int32($0 % 187) })
    }
  }

  func testConvolutionsAndPooling() throws {
    try checkSameBits("dilated", [[3, 24, 757], [24, 24, 3], [24]]) {
      try $0[0].conv1d($0[1], bias: $0[2], padding: 16, dilation: 16)
    }
    try checkSameBits("long", [[1, 5, 18_001], [7, 5, 9]]) { try $0[0].conv1d($0[1], stride: 2) }
    try checkSameBits("channels apart", [[5, 33, 301], [33, 1, 7]]) {
      try $0[0].conv1d($0[1], padding: 3, groups: 33)
    }
    try checkSameBits("conv2d", [[3, 5, 33, 41], [19, 5, 3, 3], [19]]) {
      try $0[0].conv2d($0[1], bias: $0[2], stride: 2, padding: 1)
    }
    try checkSameBits("largest", [[31, 7, 1001]]) {
      try $0[0].maxPool1d(kernelSize: 3, stride: 2, padding: 1, ceilMode: true)
    }
    try checkSameBits("average", [[9, 7, 33, 41]]) {
      try $0[0].averagePool2d(kernelSize: 3, stride: 2, padding: 1)
    }
    try checkSameBits("adaptive", [[31, 7, 1001]]) {
      try $0[0].adaptiveAveragePool1d(outputLength: 13)
    }
  }

  func testSumsAndNormalisations() throws {
    try checkSameBits("rows", [[20_011, 19]]) { try $0[0].sum(axis: 0) }
    try checkSameBits("middle", [[7, 3001, 37]]) { try $0[0].mean(axis: 1) }
    try checkSameBits("all", [[20_011, 19]]) { $0[0].sum() }
    try checkSameBits("running", [[300, 201]]) { try $0[0].cumsum(axis: 0) }
    try checkSameBits("bias", [[20_011, 19], [19]]) { try $0[0] + $0[1] }
    try checkSameBits("layerNorm", [[1001, 187], [187], [187]]) {
      try $0[0].layerNorm(weight: $0[1], bias: $0[2])
    }
    try checkSameBits("batchNorm", [[33, 19, 757], [19], [19]]) {
      try $0[0].batchNorm(weight: $0[1], bias: $0[2]).result
    }
    try checkSameBits("batchNorm of rows", [[20_011, 3], [3], [3]]) {
      try $0[0].batchNorm(weight: $0[1], bias: $0[2]).result
    }
  }

  func testElementwise() throws {
    try checkSameBits("unary", [[200_003]]) { sigmoid(tanh(exp($0[0]))) }
    try checkSameBits("binary", [[200_003], [200_003]]) { try $0[0] * $0[1] + $0[0] }
    try checkSameBits("broadcast", [[700, 333], [333], [700, 1]]) { try $0[0] * $0[1] / $0[2] }
    try checkSameBits("sums", [[700, 333]]) { try $0[0].sum(axis: 0) * $0[0].mean() }
  }

  func testSeveralThreadsAtOnce() throws {
    KernelThreads.count = 4
    let work: @Sendable () throws -> [UInt32] = {
      try Self.bits([[140, 97], [97, 130]]) { tanh(try $0[0].matmul($0[1])) }
        + Self.bits([[100, 3, 17], [17, 32], [8, 32], [32]]) {
          try $0[0].lstm(W_x: $0[1], W_h: $0[2], b: $0[3]).outputs
        }
    }
    let expected = try work()
    let differing = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 60) { _ in
      if (try? work()) != expected { differing.withLock { $0 += 1 } }
    }
    XCTAssertEqual(differing.withLock { $0 }, 0)
  }

  func testTheNumberOfThreadsIsKeptInBounds() {
    KernelThreads.count = 1000
    XCTAssertEqual(KernelThreads.count, 64)
    KernelThreads.count = 0
    XCTAssertGreaterThanOrEqual(KernelThreads.count, 1)
  }

  /// Every kernel that calculates treats denormals as zero, whichever thread it is called on and
  /// whatever ran there before: otherwise the same seed would not give the same bytes.
  func testDenormalsAreFlushedOnAFreshThread() throws {
    let operations: [(String, @Sendable (Tensor) throws -> Tensor)] = [
      ("+", { try $0 + $0 }), ("* number", { $0 * 3 }), ("+ number", { $0 + 0 }),
      ("squared", { ($0 * 1e20).squared() }), ("sum", { $0.sum() }),
      ("matmul", { try $0.reshaped([1, 4]).matmul(Tensor.ones([4, 1])) }),
      ("averagePool1d", { try $0.reshaped([1, 1, 4]).averagePool1d(kernelSize: 2) }),
      ("adaptive", { try $0.reshaped([1, 1, 4]).adaptiveAveragePool1d(outputLength: 1) }),
      ("conv1d", { try $0.reshaped([1, 1, 4]).conv1d(Tensor.ones([1, 1, 2])) }),
    ]
    for (name, operation) in operations {
      let result = Mutex<[Float]>([])
      let done = DispatchSemaphore(value: 0)
      let thread = Thread {
        // a thread inherits the setting of the one that made it: back to the processor's own
        fesetenv(UnsafePointer(bitPattern: -1))  // FE_DFL_ENV, a macro that Swift does not import
        // about 1e-40, 1e-45, 2e-40 and 1e-38; the smallest normal number has the bits 0x80_0000
        let values =
          (try? operation(
            Tensor([71_362, 1, 142_725, 8_000_000].map(Float.init(bitPattern:)))
          ).array) ?? [.nan]
        result.withLock { $0 = values }
        done.signal()
      }
      thread.start()
      done.wait()
      let values = result.withLock { $0 }
      XCTAssertTrue(
        !values.isEmpty && values.allSatisfy { $0.bitPattern == 0 }, "\(name): \(values)")
    }
  }
}
