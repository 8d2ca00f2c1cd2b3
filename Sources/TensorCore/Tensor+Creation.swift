import CKernels

extension Tensor {
  /// A tensor of the given elements in row-major order.
  ///
  /// - Throws: when the number of elements is not the shape's.
  public convenience init(_ elements: [Float], shape: Shape) throws(TensorError) {
    guard let count = shape.checkedCount else {
      throw TensorError(
        "Tensor", "no tensor has the shape \(shape): a size is negative or too large")
    }
    guard elements.count == count else {
      throw TensorError(
        "Tensor", "shape \(shape) has \(count) elements, but \(elements.count) were given")
    }
    self.init(Storage(elements), shape)
  }

  /// A vector `[count]` of the given elements.
  public convenience init(_ elements: [Float]) {
    self.init(Storage(elements), [elements.count])
  }

  /// A scalar `[]`.
  public convenience init(_ value: Float) {
    self.init(Storage([value]), [])
  }

  /// A matrix of the given rows.
  ///
  /// - Throws: when the rows have different lengths.
  public convenience init(_ rows: [[Float]]) throws(TensorError) {
    let columns = rows.first?.count ?? 0
    if let (index, row) = rows.enumerated().first(where: { $1.count != columns }) {
      throw TensorError(
        "Tensor", "row \(index) (from 0) has \(row.count) elements, the first has \(columns)")
    }
    self.init(Storage(rows.flatMap { $0 }), [rows.count, columns])
  }

  /// A tensor with every element equal to `value`.
  ///
  /// A negative size, or one that memory has no room for, ends the program with a sentence.
  public static func full(_ shape: Shape, _ value: Float) -> Tensor { full(shape, value, "full") }

  private static func full(_ shape: Shape, _ value: Float, _ operation: String) -> Tensor {
    Tensor(Storage(count: checked(shape, operation), filledWith: value), shape)
  }

  /// A tensor of this one's shape with every element equal to `value`.
  public static func full(like other: Tensor, _ value: Float) -> Tensor { full(other.shape, value) }

  /// A tensor of zeros of this one's shape.
  public static func zeros(like other: Tensor) -> Tensor { full(other.shape, 0, "zeros") }

  /// A tensor of ones of this one's shape.
  public static func ones(like other: Tensor) -> Tensor { full(other.shape, 1, "ones") }

  /// `count` numbers at equal distances, both ends included. Source: NumPy's `linspace`.
  public static func linspace(from start: Float, to end: Float, count: Int) -> Tensor {
    let size = Swift.max(count, 0)
    let last = Double(Swift.max(size - 1, 1))
    return numbered(size, "linspace") { index in
      // the ends themselves, which the sum misses when the two differ much in size or one is infinite
      index == 0
        ? start
        : index == size - 1
          ? end : Float(Double(start) + (Double(end) - Double(start)) * Double(index) / last)
    }
  }

  /// A vector whose elements are computed from their positions.
  private static func numbered(
    _ count: Int, _ operation: String, _ value: (Int) -> Float
  ) -> Tensor {
    let result = Storage(count: checked([count], operation))
    for index in 0..<count { result.pointer[index] = value(index) }
    return Tensor(result, [count])
  }

  /// The number of elements of a shape that a caller wrote down. These functions do not throw, as
  /// Swift's `Array(repeating:count:)` does not.
  private static func checked(_ shape: Shape, _ operation: String) -> Int {
    shape.requireRoom(operation)
    return shape.count
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { full(shape, 0, "zeros") }

  /// A tensor of ones.
  public static func ones(_ shape: Shape) -> Tensor { full(shape, 1, "ones") }

  /// The vector `0, 1, …, count − 1`.
  public static func arange(_ count: Int) -> Tensor {
    numbered(Swift.max(count, 0), "arange") { Float($0) }
  }

  /// The identity matrix `[size, size]`.
  public static func eye(_ size: Int) -> Tensor {
    let result = full([size, size], 0, "eye")
    for index in 0..<size { result.storage.pointer[index * size + index] = 1 }
    return result
  }

  /// Independent draws from the normal distribution with mean 0 and the given standard deviation.
  public static func randn(
    _ shape: Shape, standardDeviation: Float = 1, using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Storage(count: checked(shape, "randn"))
    for index in 0..<result.count {
      result.pointer[index] = generator.nextNormal() * standardDeviation
    }
    return Tensor(result, shape)
  }

  /// Independent draws from the uniform distribution on `range`.
  public static func uniform(
    _ shape: Shape, in range: Range<Float>, using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Storage(count: checked(shape, "uniform"))
    let width = range.upperBound - range.lowerBound
    for index in 0..<result.count {
      result.pointer[index] = range.lowerBound + width * generator.nextUniform()
    }
    return Tensor(result, shape)
  }
}

extension Tensor {
  /// The elements for writing: only for a tensor that was just made and that nobody else has.
  package var mutableElements: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: storage.pointer, count: count)
  }
}
