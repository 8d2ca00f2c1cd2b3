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

  func testLinspaceOfNoNumbers() {
    XCTAssertEqual(Tensor.linspace(from: 0, to: 1, count: -1).shape, [0])
  }
}
