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
    _ name: String, _ shapes: [Shape], counts: [Int] = [2, 3, 4, 2, 3, 4, 2, 3, 4],
    _ operation: ([Tensor]) throws -> Tensor
  ) throws {
    KernelThreads.count = 1
    let alone = try Self.bits(shapes, operation)
    // several times: parts that write the same places do so at the same time only now and then
    for count in counts {
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
    try checkSameBits("scaled", [[6, 4, 71, 8], [6, 4, 71, 8]]) {
      try $0[0].matmul($0[1].transposed(2, 3)) * 0.3
    }
    try checkSameBits("chain", [[6, 4, 71, 8], [6, 4, 71, 8], [6, 4, 71, 8]]) {
      try ($0[0].matmul($0[1].transposed(2, 3)) * 0.3).softmax().matmul($0[2])
    }
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
    // longer than what is added up in single precision
    try checkSameBits("long lstm", [[99, 301, 3], [3, 32], [8, 32], [32]]) {
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
    try checkSameBits("short channels apart", [[50, 33, 31], [33, 1, 7], [33]]) {
      try $0[0].conv1d($0[1], bias: $0[2], padding: 3, groups: 33)
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

  func testStatisticsAndDistances() throws {
    // many parts, so that some are at work at once: a race between two passes
    try checkSameBits("variance of rows", [[8009, 187]]) { try $0[0].variance(axis: 1) }
    try checkSameBits("of one long row", [[1, 300_007]]) { try $0[0].standardDeviation(axis: 1) }
    try checkSameBits("of tall columns", [[40_011, 19]]) { try $0[0].standardDeviation(axis: 0) }
    try checkSameBits("of a middle axis", [[7, 301, 601]]) { try $0[0].variance(axis: 1) }
    try checkSameBits("of axes apart", [[33, 19, 77]]) { try $0[0].variance(axes: [0, 2]) }
    try checkSameBits("distance", [[1501, 67], [67]]) { try Tensor.pairwiseDistance($0[0], $0[1]) }
    try checkSameBits("cosine", [[1501, 67], [1501, 67]]) {
      try Tensor.cosineSimilarity($0[0], $0[1])
    }
    try checkSameBits("cosine of columns", [[67, 901], [67, 901]]) {
      try Tensor.cosineSimilarity($0[0], $0[1], axis: 0)
    }
  }

  func testOrderAndPositions() throws {
    try checkSameBits("largest", [[300, 401]]) { try $0[0].topK(7).values }
    try checkSameBits("positions", [[300, 401]]) { x in
      try x[0].gather(axis: 0, indices: x[0].topK(50, axis: 0, largest: false).indices)
    }
    try checkSameBits("sorted rows", [[300, 401]]) { try $0[0].sorted().values }
    try checkSameBits("sorted columns", [[7, 301, 97]]) {
      try $0[0].sorted(axis: 1, descending: true).values
    }
    let often = Tensor.arange(300 * 187)
    // many of one place: sums that another order of adding would change
    let places = (often * 7).array.map { $0.truncatingRemainder(dividingBy: 11) }
    try checkSameBits("gather", [[300, 401]]) {
      try $0[0].gather(axis: 1, indices: Tensor(places, shape: [300, 187]))
    }
    try checkSameBits("gather columns", [[13, 187]]) {
      try $0[0].gather(axis: 0, indices: Tensor(places, shape: [300, 187]))
    }
    try checkSameBits("product", [[301, 403]]) { try $0[0].product(axis: 1) }
    try checkSameBits("product of columns", [[7, 301, 97]]) { try $0[0].product(axis: 1) }
    try checkSameBits("product beside zeros", [[301, 403]]) { try $0[0].relu().product(axis: 0) }
    try checkSameBits("rolled", [[301, 403]]) { try $0[0].rolled(by: [5, -3], axes: [0, 1]) }
    try checkSameBits("rolled by row", [[301, 403]]) {
      try $0[0].rolled(byRow: Array(0..<301), axis: 1)
    }
  }

  func testElementwise() throws {
    try checkSameBits("dropout", [[301, 403]]) { try $0[0].dropout(0.3, .init(key: 7)) }
    try checkSameBits("unary", [[200_003]]) { sigmoid(tanh(exp($0[0]))) }
    try checkSameBits("binary", [[200_003], [200_003]]) { try $0[0] * $0[1] + $0[0] }
    try checkSameBits("broadcast", [[700, 333], [333], [700, 1]]) { try $0[0] * $0[1] / $0[2] }
    try checkSameBits("sums", [[700, 333]]) { try $0[0].sum(axis: 0) * $0[0].mean() }
  }

  /// What shares its kernel with an operation above, or is made of such operations.
  func testOtherOperations() throws {
    let elementwise: [(Tensor) throws -> Tensor] = [
      { -$0 }, { $0.abs() }, { ($0.abs() + 1).log() }, { $0.squared().sqrt() },
      { try $0.clip(minimum: -1, maximum: 0.5) }, { $0.elu() }, { $0.leakyReLU() },
      { $0.silu() }, { $0.softplus() }, { $0.pow(3) },
      { ($0.squared() + 0.1).reciprocalSquareRoot() },
      { try $0.pow(Tensor(2)) }, { try $0 - $0.squared() },
      { try Tensor.minimum($0, $0.squared()) },
      { try $0 * ($0 .< 0) }, { try $0 * ($0 .<= 0) }, { try $0 * ($0 .>= 0) },
      { try $0 * ($0 .== 0) }, { try $0 * ($0 .!= 0) },
      { try $0.maskedFill($0 .> 1, with: 2) }, { try $0.triu() },
    ]
    let moving: [(Tensor) throws -> Tensor] = [
      { try $0.transposed(0, 1) }, { try $0.permuted([1, 0]) },
      { try $0.select(axis: 1, index: 7) },
      { try $0.slice(axis: 1, 3..<100) }, { try $0.padded(axis: 1, before: 3, after: 5) },
      { try $0.slice(axis: 0, 0..<1).expanded(to: [401, 307]) },
      { try Tensor.concatenate([$0, $0.exp()], axis: 1) }, { try Tensor.stack([$0, $0.exp()]) },
      { try Tensor.concatenate($0.split(axis: 0, sizes: [1, 400]).reversed()) },
      { try Tensor.stack($0.unstacked(axis: 0).reversed()) },
      { try $0.embedding(Tensor([400, 0, 400, 3])) },
    ]
    let reducing: [(Tensor) throws -> Tensor] = [
      { try $0.variance(axes: [0]) }, { try $0.standardDeviation(axis: 1) },
      { try $0 * $0.argmax(axis: 1, keepDims: true) },
      { try $0 * $0.argmin(axis: 0, keepDims: true) },
      { try $0 * $0.argsort(axis: 0) },
      { try Tensor.pairwiseDistance($0, $0.squared()) },
      { try Tensor.cosineSimilarity($0, $0.squared()) },
      { try meanSquaredError($0, targets: $0.squared().detached()) },
    ]
    for (name, list) in [("element", elementwise), ("move", moving), ("reduction", reducing)] {
      for (number, operation) in list.enumerated() {
        try checkSameBits("\(name) \(number)", [[401, 307]], counts: [2, 3, 4]) {
          try operation($0[0])
        }
      }
    }
    let images: [(Tensor) throws -> Tensor] = [
      { try $0.maxPool2d(kernelSize: 2) }, { try $0.globalAveragePool() },
      { try $0.globalMaxPool() },
      { try $0.adaptiveAveragePool2d(rows: 3, columns: 5) },
    ]
    for (number, operation) in images.enumerated() {
      try checkSameBits("image \(number)", [[9, 7, 33, 41]], counts: [2, 3, 4]) {
        try operation($0[0])
      }
    }
    try checkSameBits("lengths", [[31, 40, 67]], counts: [2, 3, 4]) {
      try $0[0].meanOverSteps(lengths: (0..<31).map { $0 + 1 })
    }
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
