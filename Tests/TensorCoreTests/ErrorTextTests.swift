import RecurrentLayers
import TensorCore
import TestSupport
import XCTest

/// The text of the error of every operation that throws: a student reads it instead of a stack
/// trace. Those of `backward` are in AutogradTests, those of files in SafeTensorsTests.
final class ErrorTextTests: XCTestCase {
  private let X = Tensor.zeros([32, 5]).named("X")
  private let W = Tensor.zeros([4, 16]).named("W_xi")
  private let image = Tensor.zeros([2, 3, 8]).named("image")
  private let x3 = Tensor.zeros([2, 3, 4])

  private func check(
    _ expected: String, line: UInt = #line, _ body: () throws -> some Any
  ) {
    XCTAssertEqual(errorText(body), expected, line: line)
  }

  func testCreationAndItem() {
    check("Tensor: shape [2, 2] has 4 elements, but 3 were given") {
      try Tensor([1, 2, 3], shape: [2, 2])
    }
    check("Tensor: no tensor has the shape [-1, -3]: a size is negative or too large") {
      try Tensor([1, 2, 3], shape: [-1, -3])
    }
    check("Tensor: row 2 (from 0) has 1 elements, the first has 2") {
      try Tensor([[1, 2], [3, 4], [5]])
    }
    check("item: X [32, 5] has 160 elements, not one. Use .array, or .sum() or .mean() first") {
      try X.item
    }
  }

  func testArithmetic() {
    let clash = ": axis -1 has the sizes 5 and 16, which are neither equal nor 1"
    check("+: X [32, 5] + W_xi [4, 16]\(clash)") { try X + W }
    check("-: X [32, 5] - W_xi [4, 16]\(clash)") { try X - W }
    check("*: X [32, 5] * W_xi [4, 16]\(clash)") { try X * W }
    check("/: X [32, 5] / W_xi [4, 16]\(clash)") { try X / W }
    check(
      "*: [3, 4] * W_xi [4, 16]: axis -1 has the sizes 4 and 16, which are neither equal nor 1. "
        + "The matrix product is written matmul"
    ) { try Tensor.zeros([3, 4]) * W }
    check("+: [2, 1] + [0, 3, 1]: axis -2 has the sizes 2 and 3, which are neither equal nor 1") {
      try Tensor.zeros([2, 1]) + Tensor.zeros([0, 3, 1])
    }
  }

  func testProducts() {
    check("matmul: X [32, 5] × W_xi [4, 16]: the inner dimensions differ, 5 and 4") {
      try X.matmul(W)
    }
    check("matmul: X [32, 5] × [5]: the operands must be matrices, or batches of matrices") {
      try X.matmul(Tensor.zeros([5]))
    }
    check("matmul: [2, 3, 4] × [3, 4, 1]: the batch sizes differ, 2 and 3") {
      try x3.matmul(Tensor.zeros([3, 4, 1]))
    }
    check("matmul: [2, 3, 1, 4] × [3, 2, 4, 1]: the batches [2, 3] and [3, 2] do not broadcast") {
      try Tensor.zeros([2, 3, 1, 4]).matmul(Tensor.zeros([3, 2, 4, 1]))
    }
    check("linear: X [32, 5] × W_xi [4, 16]: the inner dimensions differ, 5 and 4") {
      try X.linear(W, Tensor.zeros([16]))
    }
    check("linear: the bias has shape [5], not [16]") {
      try Tensor.zeros([2, 4]).linear(W, Tensor.zeros([5]))
    }
  }

  func testConvolution() {
    let weight = Tensor.zeros([4, 3, 3]).named("weight")
    check(
      "conv1d: X [32, 5] ∗ weight [4, 3, 3]: expected an input [N, C, L] and a weight "
        + "[out, C, kernel]. Is the channel axis missing?"
    ) { try X.conv1d(weight) }
    check(
      "conv1d: [2, 8, 3] ∗ weight [4, 3, 3]: the channels differ, 8 and 3. The last axis has 3: "
        + "transpose axes 1 and 2 first"
    ) { try Tensor.zeros([2, 8, 3]).conv1d(weight) }
    check("conv1d: [2, 8, 9] ∗ weight [4, 3, 3]: the channels differ, 8 and 3") {
      try Tensor.zeros([2, 8, 9]).conv1d(weight)
    }
    let settings = "conv1d: stride, dilation and kernel must be positive, padding not < 0"
    check(settings) { try image.conv1d(weight, stride: 0) }
    check(settings) { try image.conv1d(weight, padding: -1) }
    check(settings) { try image.conv1d(weight, dilation: 0) }
    check(settings) { try image.conv1d(Tensor.zeros([4, 3, 0])) }
    check(
      "conv1d: image [2, 3, 8] ∗ weight [4, 3, 3]: the input has length 8 with padding 0, the "
        + "kernel spans 9"
    ) { try image.conv1d(weight, dilation: 4) }
    check("conv1d: the bias has shape [3], not [4]") {
      try image.conv1d(weight, bias: Tensor.zeros([3]))
    }
  }

  func testPooling() {
    check("averagePool1d: X [32, 5]: expected [N, C, L], rank 3") {
      try X.averagePool1d(kernelSize: 2)
    }
    check("maxPool1d: the kernel (0) and the stride (0) must be positive") {
      try image.maxPool1d(kernelSize: 0)
    }
    check("averagePool1d: the kernel (2) and the stride (-1) must be positive") {
      try image.averagePool1d(kernelSize: 2, stride: -1)
    }
    check("maxPool1d: image [2, 3, 8]: the length 8 is shorter than the window, 9") {
      try image.maxPool1d(kernelSize: 9)
    }
    let adaptive = "expected [N, C, L] and a positive length"
    check("adaptiveAveragePool1d: image [2, 3, 8] to length 0: \(adaptive)") {
      try image.adaptiveAveragePool1d(outputLength: 0)
    }
    check("adaptiveAveragePool1d: [2, 3, 0] to length 1: \(adaptive)") {
      try Tensor.zeros([2, 3, 0]).adaptiveAveragePool1d(outputLength: 1)
    }
  }

  func testReductionsAndSoftmax() {
    let axis = "there is no axis 2 in shape [32, 5], which has rank 2"
    check("sum: \(axis)") { try X.sum(axis: 2) }
    check("mean: \(axis)") { try X.mean(axes: [0, 2]) }
    check("softmax: \(axis)") { try X.softmax(axis: 2) }
    check("logSoftmax: there is no axis -3 in shape [32, 5], which has rank 2") {
      try X.logSoftmax(axis: -3)
    }
    check("sum: axis -1 is named twice in [1, -1]") { try X.sum(axes: [1, -1]) }
    check("softmax: there is no axis -1 in shape [], which has rank 0") { try Tensor(1).softmax() }
  }

  func testShapes() {
    check("reshaped: X [32, 5] has 160 elements and cannot be given the shape [3, -1]") {
      try X.reshaped([3, -1])
    }
    check("reshaped: X [32, 5] has 160 elements and cannot be given the shape [-1, -1]") {
      try X.reshaped([-1, -1])
    }
    check("reshaped: [0] has 0 elements and cannot be given the shape [0, -1]") {
      try Tensor.zeros([0]).reshaped([0, -1])
    }
    check("flattened: there is no axis 1 in shape [3], which has rank 1") {
      try Tensor([1, 2, 3]).flattened()
    }
    check("transposed: there is no axis 2 in shape [32, 5], which has rank 2") {
      try X.transposed(0, 2)
    }
    check("permuted: [0, 0] does not name each of the 2 axes of X [32, 5] once") {
      try X.permuted([0, 0])
    }
  }

  /// Products of sizes beyond Int are an error like any other and not a trap.
  func testSizesBeyondAllBounds() {
    let large = Int.max / 2
    check("Tensor: no tensor has the shape [\(large), 4]: a size is negative or too large") {
      try Tensor([1], shape: [large, 4])
    }
    check("reshaped: X [32, 5] has 160 elements and cannot be given the shape [\(large), 4]") {
      try X.reshaped([large, 4])
    }
    check("reshaped: X [32, 5] has 160 elements and cannot be given the shape [\(large), 4, -1]") {
      try X.reshaped([large, 4, -1])
    }
  }

  func testIndexingAndJoining() {
    check("slice: X [32, 5]: the range 3..<6 is not within axis 1, which has size 5") {
      try X.slice(axis: 1, 3..<6)
    }
    check("slice: there is no axis 3 in shape [32, 5], which has rank 2") {
      try X.slice(axis: 3, 0..<1)
    }
    check("select: X [32, 5]: there is no index -6 on axis 1, which has size 5") {
      try X.select(axis: 1, index: -6)
    }
    check("select: there is no axis 2 in shape [32, 5], which has rank 2") {
      try X.select(axis: 2, index: 0)
    }
    check("unstacked: there is no axis 2 in shape [32, 5], which has rank 2") {
      try X.unstacked(axis: 2)
    }
    check("stack: there is nothing to stack: the list of tensors is empty") { try Tensor.stack([]) }
    check(
      "stack: the tensors have different shapes: the first has X [32, 5], number 2 (from 0) has "
        + "W_xi [4, 16]"
    ) { try Tensor.stack([X, X, W]) }
    check("stack: there is no axis 3 in a stack of [32, 5]") { try Tensor.stack([X], axis: 3) }
    check("concatenate: there is nothing to join: the list of tensors is empty") {
      try Tensor.concatenate([])
    }
    check(
      "concatenate: X [32, 5] and number 1 (from 0), W_xi [4, 16], differ in another axis than 0"
    ) {
      try Tensor.concatenate([X, W])
    }
    check("concatenate: there is no axis 2 in shape [32, 5], which has rank 2") {
      try Tensor.concatenate([X], axis: 2)
    }
  }

  func testLosses() {
    check(
      "binaryCrossEntropyWithLogits: the logits have shape [3, 1], the targets [3]. Reshape one of "
        + "them: broadcasting here would average over wrong pairs"
    ) { try binaryCrossEntropyWithLogits(Tensor.zeros([3, 1]), targets: Tensor.zeros([3])) }
    check("binaryCrossEntropyWithLogits: there are no examples to average over") {
      try binaryCrossEntropyWithLogits(Tensor.zeros([0]), targets: Tensor.zeros([0]))
    }
    check(
      "crossEntropy: the logits have shape [32, 5] and there are 2 labels: expected [N, K] and N"
    ) { try crossEntropy(X, labels: [0, 1]) }
    check("crossEntropy: the label 5 is not one of the 5 classes") {
      try crossEntropy(Tensor.zeros([2, 5]), labels: [4, 5])
    }
    check("crossEntropy: the label -1 is not one of the 5 classes") {
      try crossEntropy(Tensor.zeros([1, 5]), labels: [-1])
    }
  }

  func testLSTM() {
    let (W_x, W_h) = (Tensor.zeros([4, 8]).named("W_x"), Tensor.zeros([2, 8]).named("W_h"))
    let b = Tensor.zeros([8]).named("b")
    check("lstm: X [32, 5]: expected an input [N, T, F] with at least one step") {
      try X.lstm(W_x: W_x, W_h: W_h, b: b)
    }
    check("lstm: [2, 0, 4]: expected an input [N, T, F] with at least one step") {
      try Tensor.zeros([2, 0, 4]).lstm(W_x: W_x, W_h: W_h, b: b)
    }
    check(
      "lstm: input image [2, 3, 8], W_x [4, 8], W_h [2, 8], b [8]: expected weights [F, 4H], "
        + "[H, 4H] and a bias [4H]"
    ) { try image.lstm(W_x: W_x, W_h: W_h, b: b) }
    check("lstm: the state has the shapes [2, 2] and [2, 3], not [2, 2]") {
      try x3.lstm(
        W_x: W_x, W_h: W_h, b: b, state: (Tensor.zeros([2, 2]), Tensor.zeros([2, 3])))
    }
  }
}
