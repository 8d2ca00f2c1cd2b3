import TensorCore
import XCTest

/// Tensors of given numbers and of other tensors' shapes.
final class CreationTests: XCTestCase {
  func testNestedArrays() throws {
    let matrix = try Tensor([[1, 2, 3], [4, 5, 6]])
    XCTAssertEqual(matrix.shape, [2, 3])
    XCTAssertEqual(matrix.array, [1, 2, 3, 4, 5, 6])
    XCTAssertEqual(try Tensor([[]] as [[Float]]).shape, [1, 0])
    XCTAssertEqual(try Tensor([] as [[Float]]).shape, [0, 0])
  }

  func testOfAnotherTensorsShape() throws {
    for shape: Shape in [[2, 3], [], [0, 4]] {
      let other = Tensor.full(shape, 7).requiringGrad().named("other")
      let made = [
        (Tensor.zeros(like: other), 0), (Tensor.ones(like: other), 1),
        (Tensor.full(like: other, -2.5), -2.5),
      ]
      for (tensor, value) in made {
        XCTAssertEqual(tensor.shape, shape)
        XCTAssertEqual(tensor.array, Array(repeating: Float(value), count: shape.count))
        XCTAssertFalse(tensor.requiresGrad)
        XCTAssertNil(tensor.label)
      }
    }
  }

  /// A list of sizes that was counted elsewhere stands where a shape is meant.
  func testSizesOfAList() throws {
    let sizes: [Int] = [2, 3]
    XCTAssertEqual(Tensor.zeros(sizes).shape, [2, 3])
    XCTAssertEqual(Tensor.zeros(sizes).array, Array(repeating: 0, count: 6))
    XCTAssertEqual(Tensor.ones(sizes).shape, [2, 3])
    XCTAssertEqual(Tensor.ones(sizes).array, Array(repeating: 1, count: 6))
    let reshaped = try Tensor([1, 2, 3, 4, 5, 6]).reshaped(sizes)
    XCTAssertEqual(reshaped.shape, [2, 3])
    XCTAssertEqual(reshaped.array, [1, 2, 3, 4, 5, 6])
    XCTAssertThrowsError(try Tensor([1, 2, 3]).reshaped(sizes)) {
      XCTAssertTrue($0 is TensorError, "\($0)")
    }
  }

  func testLinspaceOfNoNumbers() {
    XCTAssertEqual(Tensor.linspace(from: 0, to: 1, count: -1).shape, [0])
  }
}
