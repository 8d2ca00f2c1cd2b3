/// The sizes of a tensor along its axes, outermost first. A scalar has the shape `[]`.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The size along each axis.
  public let dimensions: [Int]

  /// Makes a shape from its sizes.
  public init(_ dimensions: [Int]) { self.dimensions = dimensions }

  /// Makes a shape from its sizes.
  public init(arrayLiteral elements: Int...) { dimensions = elements }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The number of elements; 1 for a scalar. Beyond all numbers the program ends with a sentence.
  public var count: Int {
    var product = 1
    for size in dimensions {
      let (next, overflows) = product.multipliedReportingOverflow(by: size)
      if overflows && !dimensions.contains(0) {
        stop("count", "the shape \(self) has more elements than there are numbers")
      }
      product = next
    }
    return product
  }

  /// The number of elements, or `nil` for sizes below zero or a number beyond all memory. Zeros do
  /// not hide such a number: strides are products of the other sizes.
  var checkedCount: Int? {
    var product = 1
    for size in dimensions {
      let (next, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
      guard size >= 0, !overflow, next <= Int.max / 4 else { return nil }
      product = next
    }
    return dimensions.contains(0) ? 0 : product
  }

  /// The size along an axis. A negative axis counts from the last.
  public subscript(axis: Int) -> Int {
    let index = axis < 0 ? axis + rank : axis
    // not a precondition: its message is left out of an optimised build
    guard index >= 0, index < rank else {
      fatalError("shape \(self) has rank \(rank): there is no axis \(axis)")
    }
    return dimensions[index]
  }

  /// As in `[192, 40, 17]`.
  public var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }

  /// The distance in elements between neighbours along each axis, row-major.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// The axis counted from the first, or an error that names the operation.
  func axis(_ axis: Int, _ operation: String) throws(TensorError) -> Int {
    let index = axis < 0 ? axis + rank : axis
    guard index >= 0, index < rank else {
      throw TensorError(
        operation, "there is no axis \(axis) in shape \(self), which has rank \(rank)")
    }
    return index
  }

  /// The shape with the size along one axis replaced.
  func replacing(axis: Int, with size: Int) -> Shape {
    var result = dimensions
    result[axis] = size
    return Shape(result)
  }

  /// The shape without one axis.
  func removing(axis: Int) -> Shape {
    var result = dimensions
    result.remove(at: axis)
    return Shape(result)
  }

  /// The number of elements before, along and after an axis: `[outer, size, inner]`.
  func split(at axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (
      dimensions[..<axis].reduce(1, *), dimensions[axis],
      dimensions[(axis + 1)...].reduce(1, *)
    )
  }

  /// The shape that two shapes broadcast to (NumPy's rule): aligned at the last axis, sizes must
  /// be equal or 1. `nil` with the clashing sizes when they do not fit.
  static func broadcast(_ a: Shape, _ b: Shape) -> Result<Shape, BroadcastClash> {
    if a == b { return .success(a) }
    let rank = max(a.rank, b.rank)
    var result = [Int](repeating: 1, count: rank)
    for fromLast in 1...max(rank, 1) where rank > 0 {
      let x = fromLast <= a.rank ? a.dimensions[a.rank - fromLast] : 1
      let y = fromLast <= b.rank ? b.dimensions[b.rank - fromLast] : 1
      guard x == y || x == 1 || y == 1 else {
        return .failure(BroadcastClash(axis: -fromLast, first: x, second: y))
      }
      result[rank - fromLast] = x == 1 ? y : x
    }
    return .success(Shape(result))
  }

  /// Strides for reading a tensor of this shape as if it had `target`'s: 0 along repeated axes.
  func broadcastStrides(to target: Shape) -> [Int64] {
    let own = strides
    let missing = target.rank - rank
    return (0..<target.rank).map { axis in
      axis < missing || (dimensions[axis - missing] == 1 && target.dimensions[axis] != 1)
        ? 0 : Int64(own[axis - missing])
    }
  }
}

/// Two sizes that do not broadcast, and the axis (counted from the last) where they meet.
struct BroadcastClash: Error {
  let axis: Int
  let first: Int
  let second: Int
}
