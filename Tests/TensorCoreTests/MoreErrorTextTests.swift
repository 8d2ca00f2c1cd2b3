import TensorCore
import TestSupport
import XCTest

/// As ErrorTextTests, for the operations of elements, masks, axes, images and files.
final class MoreErrorTextTests: XCTestCase {
  private let X = Tensor.zeros([32, 5]).named("X")
  private let W = Tensor.zeros([4, 16]).named("W_xi")
  private let signal = Tensor.zeros([2, 4, 8]).named("signal")
  private let image = Tensor.zeros([2, 4, 5, 3]).named("image")
  private let empty = Tensor.zeros([0, 3]).named("empty")

  private func check(
    _ expected: String, line: UInt = #line, _ body: () throws -> some Any
  ) {
    XCTAssertEqual(errorText(body), expected, line: line)
  }

  func testOneHot() {
    check("oneHot: the label 3 is not one of the 3 classes") {
      try Tensor.oneHot([0, 3], classes: 3)
    }
    check("oneHot: the label -1 is not one of the 3 classes") {
      try Tensor.oneHot([-1], classes: 3)
    }
  }

  func testPairs() {
    let clash = ": axis -1 has the sizes 5 and 16, which are neither equal nor 1"
    check("maximum: X [32, 5] maximum W_xi [4, 16]\(clash)") { try Tensor.maximum(X, W) }
    check("minimum: X [32, 5] minimum W_xi [4, 16]\(clash)") { try Tensor.minimum(X, W) }
    check("pow: X [32, 5] pow W_xi [4, 16]\(clash)") { try X.pow(W) }
    check(".<: X [32, 5] .< W_xi [4, 16]\(clash)") { try X .< W }
    check(".<=: X [32, 5] .<= W_xi [4, 16]\(clash)") { try X .<= W }
    check(".>: X [32, 5] .> W_xi [4, 16]\(clash)") { try X .> W }
    check(".>=: X [32, 5] .>= W_xi [4, 16]\(clash)") { try X .>= W }
    check(".==: X [32, 5] .== W_xi [4, 16]\(clash)") { try X .== W }
    check(".!=: X [32, 5] .!= W_xi [4, 16]\(clash)") { try X .!= W }
    check("pairwiseDistance: X [32, 5] pairwiseDistance W_xi [4, 16]\(clash)") {
      try Tensor.pairwiseDistance(X, W)
    }
    check("pairwiseDistance: there is no axis -1 in shape [], which has rank 0") {
      try Tensor.pairwiseDistance(Tensor(1), Tensor(2))
    }
    check("cosineSimilarity: X [32, 5] cosineSimilarity W_xi [4, 16]\(clash)") {
      try Tensor.cosineSimilarity(X, W)
    }
    check("cosineSimilarity: there is no axis 2 in shape [32, 5], which has rank 2") {
      try Tensor.cosineSimilarity(X, X, axis: 2)
    }
    check("clip: the lower bound 2.0 is above the upper bound 1.0") {
      try X.clip(minimum: 2, maximum: 1)
    }
  }

  func testMasks() {
    check(
      "where: X [32, 5] where W_xi [4, 16]: axis -1 has the sizes 5 and 16, which are "
        + "neither equal nor 1"
    ) { try Tensor.where(X, X, W) }
    check(
      "where: the condition W_xi [4, 16] does not fit the values' shape [32, 5]: axis -1 has the "
        + "sizes 16 and 5"
    ) { try Tensor.where(W, X, X) }
    check("maskedFill: the mask W_xi [4, 16] does not broadcast to X [32, 5]") {
      try X.maskedFill(W, with: 0)
    }
    check("maskedFill: the mask [2, 32, 5] does not broadcast to X [32, 5]") {
      try X.maskedFill(Tensor.zeros([2, 32, 5]), with: 0)
    }
    check("tril: [3]: expected a matrix, or batches of matrices") { try Tensor.zeros([3]).tril() }
    check("triu: []: expected a matrix, or batches of matrices") { try Tensor(1).triu() }
  }

  func testExtremesAndStatistics() {
    let axis = "there is no axis 2 in shape [32, 5], which has rank 2"
    check("max: \(axis)") { try X.max(axis: 2) }
    check("min: \(axis)") { try X.min(axis: 2) }
    check("argmax: \(axis)") { try X.argmax(axis: 2) }
    check("argmin: \(axis)") { try X.argmin(axis: 2) }
    check("logSumExp: \(axis)") { try X.logSumExp(axis: 2) }
    check("variance: \(axis)") { try X.variance(axes: [0, 2]) }
    check("standardDeviation: \(axis)") { try X.standardDeviation(axis: 2) }
    check("cumsum: \(axis)") { try X.cumsum(axis: 2) }
    check("max: empty [0, 3]: axis 0 is empty and has no extreme") { try empty.max(axis: 0) }
    check("argmin: empty [0, 3]: axis -2 is empty and has no extreme") {
      try empty.argmin(axis: -2)
    }
    check("max: empty [0, 3] has no elements and no extreme") { try empty.max() }
    check("min: empty [0, 3] has no elements and no extreme") { try empty.min() }
  }

  func testGathering() {
    let shapes = "expected 2 axes, none but axis 1 longer than the tensor's"
    check("gather: X [32, 5] by indices [32]: \(shapes)") {
      try X.gather(axis: 1, indices: Tensor.zeros([32]))
    }
    check("gather: X [32, 5] by indices [33, 5]: \(shapes)") {
      try X.gather(axis: 1, indices: Tensor.zeros([33, 5]))
    }
    check("gather: there is no axis 2 in shape [32, 5], which has rank 2") {
      try X.gather(axis: 2, indices: X)
    }
    for bad: Float in [5, -1, 0.5, .nan, .infinity] {
      check("gather: the index \(bad) at [0, 1] is not a position of axis 1, which has size 5") {
        try X.gather(axis: 1, indices: Tensor([[0, bad]]))
      }
    }
    check("embedding: the index 4.0 at [1] is not a position of the table's rows, which has size 4")
    {
      try W.embedding(Tensor([0, 4]))
    }
    check("topK: X [32, 5]: axis 1 has size 5, from which 6 elements cannot be taken") {
      try X.topK(6, axis: 1)
    }
    check("topK: X [32, 5]: axis -2 has size 32, from which -1 elements cannot be taken") {
      try X.topK(-1, axis: -2)
    }
    for (name, call) in [
      ("topK", { try self.X.topK(1, axis: 2).values }),
      ("sorted", { try self.X.sorted(axis: 2).values }),
      ("argsort", { try self.X.argsort(axis: 2) }), ("product", { try self.X.product(axis: 2) }),
      ("rolled", { try self.X.rolled(by: 1, axis: 2) }),
      ("rolled", { try self.X.rolled(byRow: [1], axis: 2) }),
    ] as [(String, () throws -> Tensor)] {
      check("\(name): there is no axis 2 in shape [32, 5], which has rank 2", call)
    }
    let long = Tensor.zeros([0, (1 << 24) + 1])
    let positions =
      "[0, 16777217]: an axis of 16777217 elements has positions that floats do not have, which count "
      + "up to 16777216"
    check("sorted: \(positions)") { try long.sorted().values }
    check("argsort: \(positions)") { try long.argsort() }
    check("rolled: X [32, 5]: 2 offsets [1, 2] for 1 axes [1]") {
      try X.rolled(by: [1, 2], axes: [1])
    }
    check("rolled: axis -1 is named twice in [1, -1]") { try X.rolled(by: [1, 2], axes: [1, -1]) }
    check("rolled: X [32, 5]: along the first axis its parts have no offsets of their own") {
      try X.rolled(byRow: [1], axis: -2)
    }
    check("rolled: X [32, 5]: 1 offsets for the 32 parts of the first axis") {
      try X.rolled(byRow: [1], axis: 1)
    }
    check("embedding: signal [2, 4, 8]: expected a table [entries, D]") {
      try signal.embedding(Tensor([0]))
    }
    check("indexSelect: X [32, 5]: there is no index 5 on axis 1, which has size 5") {
      try X.indexSelect(axis: 1, [0, 5])
    }
    check("indexSelect: X [32, 5]: there is no index -1 on axis 0, which has size 32") {
      try X.indexSelect(axis: 0, [-1])
    }
  }

  func testRearranging() {
    check("expanded: X [32, 5] does not broadcast to [32, 6]") { try X.expanded(to: [32, 6]) }
    check("expanded: X [32, 5] does not broadcast to [5]") { try X.expanded(to: [5]) }
    check("expanded: [1] does not broadcast to [-1]") { try Tensor([1]).expanded(to: [-1]) }
    check("squeezed: X [32, 5]: axis -1 has size 5, not 1") { try X.squeezed(axis: -1) }
    check("squeezed: there is no axis 2 in shape [32, 5], which has rank 2") {
      try X.squeezed(axis: 2)
    }
    check("unsqueezed: X [32, 5]: there is no place 3 for an axis") { try X.unsqueezed(axis: 3) }
    check("unsqueezed: X [32, 5]: there is no place -4 for an axis") { try X.unsqueezed(axis: -4) }
    check("flipped: there is no axis 2 in shape [32, 5], which has rank 2") {
      try X.flipped(axes: [0, 2])
    }
    check("flipped: axis -1 is named twice in [1, -1]") { try X.flipped(axes: [1, -1]) }
    check("slice: the step 0 is not positive") { try X.slice(axis: 0, 0..<2, step: 0) }
    check("slice: X [32, 5]: the range 3..<6 is not within axis 1, which has size 5") {
      try X.slice(axis: 1, 3..<6, step: 2)
    }
    check("split: X [32, 5]: the sizes [2, 2] do not add up to 5, that of axis 1") {
      try X.split(axis: 1, sizes: [2, 2])
    }
    check("split: X [32, 5]: the sizes [6, -1] do not add up to 5, that of axis -1") {
      try X.split(axis: -1, sizes: [6, -1])
    }
    check("split: X [32, 5]: axis 0 has size 32, which 5 parts do not divide") {
      try X.split(axis: 0, parts: 5)
    }
    check("split: X [32, 5]: axis 0 has size 32, which 0 parts do not divide") {
      try X.split(axis: 0, parts: 0)
    }
    check(
      "padded: -1 elements before and 2 after: neither may be negative. slice() takes elements away"
    ) { try X.padded(axis: 0, before: -1, after: 2) }
    check("padded: there is no axis 0 in shape [], which has rank 0") {
      try Tensor(1).padded(axis: 0, before: 1, after: 1)
    }
  }

  func testNormalisationAndLengths() {
    check("layerNorm: X [32, 5] with weight [4] and bias [5]: both must have the last axis' size") {
      try X.layerNorm(weight: Tensor.ones([4]), bias: Tensor.ones([5]))
    }
    check("layerNorm: [] with weight [1] and bias [1]: both must have the last axis' size") {
      try Tensor(1).layerNorm(weight: Tensor.ones([1]), bias: Tensor.ones([1]))
    }
    let (five, two) = (Tensor.ones([5]), Tensor.ones([2]))
    let expected = "expected [N, C], [N, C, L] or [N, C, rows, columns], and [C]"
    check("batchNorm: X [32, 5] with weight [2] and bias [5]: \(expected)") {
      try X.batchNorm(weight: two, bias: five).result
    }
    check("batchNorm: X [32, 5] with weight [5] and bias [5]: \(expected)") {
      try X.batchNorm(weight: five, bias: five, statistics: (two, five)).result
    }
    check("batchNorm: image [2, 4, 5, 3] with weight [5] and bias [5]: \(expected)") {
      try image.batchNorm(weight: five, bias: five).result
    }
    check(
      "batchNorm: [1, 5]: one value for each channel has no variance. Train with larger batches, "
        + "or call eval()"
    ) { try Tensor.zeros([1, 5]).batchNorm(weight: five, bias: five).result }
    check("lengthMask: sequence 1 has the length 4, which is not in 0 ... 3") {
      try Tensor.lengthMask([3, 4], steps: 3)
    }
    check("lengthMask: sequence 0 has the length -1, which is not in 0 ... 3") {
      try Tensor.lengthMask([-1], steps: 3)
    }
    check("meanOverSteps: X [32, 5] with 2 lengths: expected [N, T, …] and N lengths") {
      try X.meanOverSteps(lengths: [1, 2])
    }
    check("meanOverSteps: [1] with 1 lengths: expected [N, T, …] and N lengths") {
      try Tensor([1]).meanOverSteps(lengths: [1])
    }
    check("meanOverSteps: sequence 1 has the length 5, which is not in 0 ... 4") {
      try signal.meanOverSteps(lengths: [4, 5])
    }
    check("mean: signal [2, 4, 8] with 2 lengths: expected [N, T] and N lengths") {
      try signal.mean(lengths: [1, 2])
    }
    check("mean: all 2 sequences are empty") { try Tensor.zeros([2, 3]).mean(lengths: [0, 0]) }
  }

  func testConvolutions() {
    let weight = Tensor.zeros([4, 2, 2]).named("weight")
    let operands = "signal [2, 4, 8] ∗ weight [4, 2, 2]"
    check("conv1d: \(operands): 3 groups do not divide the 4 channels and the 4 filters") {
      try signal.conv1d(weight, groups: 3)
    }
    check("conv1d: \(operands): 0 groups do not divide the 4 channels and the 4 filters") {
      try signal.conv1d(weight, groups: 0)
    }
    check("conv1d: \(operands): each of 4 groups has 1 channels, the weight 2") {
      try signal.conv1d(weight, groups: 4)
    }
    check("conv1d: padding .same keeps the length only with stride 1, not 2") {
      try signal.conv1d(Tensor.zeros([4, 4, 3]), stride: 2, padding: .same)
    }
    let kernels = Tensor.zeros([4, 2, 3, 3]).named("weight")
    check(
      "conv2d: signal [2, 4, 8] ∗ weight [4, 2, 3, 3]: expected an input [N, C, rows, columns] and "
        + "a weight [out, C, kernel rows, kernel columns]. Is the channel axis missing? "
        + "unsqueezed(axis: 1) adds one"
    ) { try signal.conv2d(kernels) }
    let pair = "image [2, 4, 5, 3] ∗ weight [4, 2, 3, 3]"
    check("conv2d: \(pair): the channels differ, 4 and 2") { try image.conv2d(kernels) }
    check("conv2d: \(pair): 3 groups do not divide the 4 channels and the 4 filters") {
      try image.conv2d(kernels, groups: 3)
    }
    check("conv2d: the bias has shape [3], not [4]") {
      try image.conv2d(kernels, bias: Tensor.zeros([3]), groups: 2)
    }
    for (stride, padding, dilation) in [(0, 0, 1), (1, -1, 1), (1, 0, 0)] {
      check("conv2d: stride, dilation and kernel must be positive, padding not < 0") {
        try image.conv2d(
          kernels, stride: stride, padding: padding, dilation: dilation, groups: 2)
      }
    }
    check(
      "conv2d: image [2, 4, 5, 3] ∗ [1, 4, 3, 3]: the input is 5 × 3 with padding 0, the kernel "
        + "spans 5 × 5"
    ) { try image.conv2d(Tensor.zeros([1, 4, 3, 3]), dilation: 2) }
  }

  func testPooling() {
    check("averagePool2d: signal [2, 4, 8]: expected [N, C, rows, columns], rank 4") {
      try signal.averagePool2d(kernelSize: 2)
    }
    check("maxPool2d: the kernel (0) and the stride (0) must be positive") {
      try image.maxPool2d(kernelSize: 0)
    }
    check(
      "maxPool2d: image [2, 4, 5, 3]: the image, 5 × 3, is smaller than the window, 4 × 4"
    ) { try image.maxPool2d(kernelSize: 4) }
    check(
      "adaptiveAveragePool2d: image [2, 4, 5, 3] to 2 × 0: expected [N, C, rows, columns] and "
        + "positive sizes"
    ) { try image.adaptiveAveragePool2d(rows: 2, columns: 0) }
    check("globalAveragePool: X [32, 5]: expected [N, C, …]") { try X.globalAveragePool() }
    check("globalMaxPool: X [32, 5]: expected [N, C, …], not empty") { try X.globalMaxPool() }
    check("globalMaxPool: [2, 3, 0]: expected [N, C, …], not empty") {
      try Tensor.zeros([2, 3, 0]).globalMaxPool()
    }
  }

  func testLosses() {
    let logits = Tensor.zeros([2, 3, 5])
    check(
      "crossEntropy: the logits have shape [2, 3, 5] and there are 2 labels: expected [N, K] and N"
    ) { try crossEntropy(logits, labels: [0, 1]) }
    check(
      "crossEntropy: the logits have shape [2, 0] and there are 0 labels: expected [N, K] and N"
    ) {
      try crossEntropy(Tensor.zeros([2, 0]), labels: [], reduction: .none)
    }
    check(
      "crossEntropy: the logits have shape [0, 3] and there are 0 labels: expected [N, K] and N"
    ) {
      try crossEntropy(empty, labels: [])
    }
    check("crossEntropy: there are 2 class weights for 5 classes") {
      try crossEntropy(X.slice(axis: 0, 0..<1), labels: [0], classWeights: [1, 2])
    }
    for bad: Float in [-0.5, 1.5, .nan] {
      check("crossEntropy: the smoothing \(bad) is not between 0 and 1") {
        try crossEntropy(X.slice(axis: 0, 0..<1), labels: [0], smoothing: bad)
      }
    }
    let remedy = "Reshape one of them: broadcasting here would average over wrong pairs"
    check(
      "meanSquaredError: the values have shape [3, 1], the targets [3]: expected the same, not "
        + "empty. \(remedy)"
    ) { try meanSquaredError(Tensor.zeros([3, 1]), targets: Tensor.zeros([3])) }
    check(
      "meanSquaredError: the values have shape [0, 3], the targets [0, 3]: expected the same, not "
        + "empty. \(remedy)"
    ) { try meanSquaredError(empty, targets: empty) }
  }
}
