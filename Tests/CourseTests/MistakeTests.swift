import Judge
import TensorCore
import WorkerPipe
import XCTest

@testable import RecurrentNetworksChecks

/// Every known mistake is called by its name, and correct results are called none.
final class MistakeTests: XCTestCase {
  private func numbers(_ parameters: [(String, [Int])], input: [Int]) throws -> Numbers {
    var generator = RandomGenerator(seed: 21)
    func draw(_ name: String, _ shape: [Int]) -> PipeTensor {
      PipeTensor(
        name: name, shape: shape, values: Tensor.randn(Shape(shape), using: &generator).array)
    }
    return try Numbers(parameters.map { draw($0.0, $0.1) }, draw("input", input))
  }

  private func check<Kind: Mistake>(_ kind: Kind.Type, _ numbers: Numbers, correct: Tensor) throws {
    func name(_ result: PipeTensor) throws -> String? {
      try kind.allCases.first { Comparison.agree(result, try $0.pipeTensor(numbers)) }?.rawValue
    }
    for mistake in kind.allCases {
      XCTAssertEqual(try name(try mistake.pipeTensor(numbers)), mistake.rawValue)
    }
    let right = PipeTensor(
      name: kind.resultName, shape: correct.shape.dimensions, values: correct.array)
    XCTAssertNil(try name(right))
  }

  func testRNN() throws {
    let numbers = try numbers(
      [("W_xh", [3, 4]), ("W_hh", [4, 4]), ("b_h", [4])], input: [2, 5, 3])
    var H = Tensor.zeros([2, 4])
    let outputs = try numbers.input.unstacked(axis: 1).map { X in
      H = try tanh(X.matmul(numbers("W_xh")) + H.matmul(numbers("W_hh")) + numbers("b_h"))
      return H
    }
    try check(RNNMistake.self, numbers, correct: .stack(outputs, axis: 1))
  }

  func testLSTM() throws {
    let numbers = try numbers(
      ["i", "f", "o", "c"].flatMap {
        [("W_x\($0)", [3, 4]), ("W_h\($0)", [4, 4]), ("b_\($0)", [4])]
      },
      input: [2, 5, 3])
    // the built-in layer, which is compared with PyTorch elsewhere
    func packed(_ prefix: String, _ axis: Int) throws -> Tensor {
      try .concatenate(["i", "f", "o", "c"].map { try numbers(prefix + $0) }, axis: axis)
    }
    let correct = try numbers.input.lstm(
      W_x: packed("W_x", 1), W_h: packed("W_h", 1), b: packed("b_", 0))
    try check(LSTMMistake.self, numbers, correct: correct.outputs)
  }

  func testConvNet() throws {
    let numbers = try numbers(
      [
        ("w1", [4, 3, 3]), ("b1", [4]), ("w2", [4, 4, 3]), ("b2", [4]), ("w3", [4, 4, 3]),
        ("b3", [4]), ("w4", [4, 1]), ("b4", [1]),
        // the last length is odd: of an even one, the mean of means is the mean
      ], input: [2, 28, 3])
    let w = numbers.parameters.map(\.tensor)
    var X = try numbers.input.transposed(1, 2)
    X = try X.conv1d(w[0], bias: w[1]).relu().averagePool1d(kernelSize: 2)
    X = try X.conv1d(w[2], bias: w[3]).relu().averagePool1d(kernelSize: 2)
    X = try X.conv1d(w[4], bias: w[5]).relu()
    try check(
      ConvNetMistake.self, numbers,
      correct: X.adaptiveAveragePool1d(outputLength: 1).flattened().linear(w[6], w[7]))
  }
}
