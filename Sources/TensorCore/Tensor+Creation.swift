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

  /// A tensor with every element equal to `value`.
  public static func full(_ shape: Shape, _ value: Float) -> Tensor {
    Tensor(Storage(count: shape.count, filledWith: value), shape)
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { full(shape, 0) }

  /// A tensor of ones.
  public static func ones(_ shape: Shape) -> Tensor { full(shape, 1) }

  /// The vector `0, 1, …, count − 1`.
  public static func arange(_ count: Int) -> Tensor {
    Tensor((0..<max(count, 0)).map(Float.init))
  }

  /// The identity matrix `[size, size]`.
  public static func eye(_ size: Int) -> Tensor {
    let result = zeros([size, size])
    for index in 0..<size { result.storage.pointer[index * size + index] = 1 }
    return result
  }

  /// Independent draws from the normal distribution with mean 0 and the given standard deviation.
  public static func randn(
    _ shape: Shape, standardDeviation: Float = 1, using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Tensor(Storage(count: shape.count), shape)
    for index in 0..<shape.count {
      result.storage.pointer[index] = generator.nextNormal() * standardDeviation
    }
    return result
  }

  /// Independent draws from the uniform distribution on `range`.
  public static func uniform(
    _ shape: Shape, in range: Range<Float>, using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Tensor(Storage(count: shape.count), shape)
    let width = range.upperBound - range.lowerBound
    for index in 0..<shape.count {
      result.storage.pointer[index] = range.lowerBound + width * generator.nextUniform()
    }
    return result
  }
}

extension Tensor {
  /// The elements for writing: only for a tensor that was just made and that nobody else has.
  package var mutableElements: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: storage.pointer, count: count)
  }
}
