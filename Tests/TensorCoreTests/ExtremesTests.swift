import TensorCore
import TestSupport
import XCTest

/// Functions at the ends of the floats, where a wrong shortcut shows. Expected numbers: PyTorch on
/// float32, except that denormal results are 0 here.
final class ExtremesTests: XCTestCase {
  func testTheExponentialOverflowsToInfinityAndNotBefore() {
    let x: [Float] = [88, 88.5, 88.7, 88.8, 89, 1000, .infinity]
    // torch.exp(torch.tensor(x))
    let expected: [Float] = [
      1.6516363e38, 2.7230879e38, 3.3259769e38, .infinity, .infinity, .infinity, .infinity,
    ]
    for (got, want) in zip(exp(Tensor(x)).array, expected) {
      XCTAssertTrue(got == want || abs(got - want) <= 2e-6 * want, "\(got), expected \(want)")
    }
    XCTAssertEqual(exp(Tensor([-200, -.infinity])).array, [0, 0])
    XCTAssertNil(
      difference(
        exp(Tensor([-87, 0])).array, [1.6458115e-38, 1], "exp",
        Tolerance(absolute: 0, relative: 1e-6)))
  }

  func testAnOverflowingSoftmaxByHandIsNotANumber() throws {
    let x = exp(Tensor([1000, 0]))
    XCTAssertTrue(try (x / x.sum()).array[0].isNaN)
    XCTAssertEqual(try Tensor([1000, 0]).softmax().array, [1, 0])
  }

  func testNotANumberStaysOne() throws {
    let x = Tensor([Float.nan])
    let functions: [(String, (Tensor) throws -> Tensor)] = [
      ("exp", { exp($0) }), ("log", { log($0) }), ("sqrt", { sqrt($0) }), ("tanh", { tanh($0) }),
      ("sigmoid", { sigmoid($0) }), ("relu", { relu($0) }), ("abs", { $0.abs() }),
      ("squared", { $0.squared() }), ("-", { -$0 }), ("softmax", { try $0.softmax() }),
      ("maxPool1d", { try $0.reshaped([1, 1, 1]).maxPool1d(kernelSize: 1) }),
      ("loss", { try binaryCrossEntropyWithLogits($0, targets: Tensor([1])) }),
      ("matmul", { try $0.reshaped([1, 1]).matmul(Tensor.zeros([1, 1])) }),
    ]
    for (name, function) in functions { XCTAssertTrue(try function(x).array[0].isNaN, name) }
  }

  func testSaturation() {
    let far = Tensor([-.infinity, -1000, 1000, .infinity])
    XCTAssertEqual(sigmoid(far).array, [0, 0, 1, 1])
    XCTAssertEqual(tanh(far).array, [-1, -1, 1, 1])
    XCTAssertEqual(relu(far).array, [0, 0, 1000, .infinity])
    XCTAssertEqual(log(Tensor([0])).array, [-.infinity])
    XCTAssertTrue(log(Tensor([-1])).array[0].isNaN && sqrt(Tensor([-1])).array[0].isNaN)
  }
}
