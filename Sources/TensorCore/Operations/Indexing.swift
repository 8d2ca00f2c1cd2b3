import CKernels

extension Tensor {
  /// A range of positions along an axis (copied). Gradient: `g` in its place, zero elsewhere.
  ///
  /// - Throws: when the axis does not exist or the range is not within it.
  public func slice(axis: Int, _ range: Range<Int>) throws(TensorError) -> Tensor {
    let index = try shape.axis(axis, "slice")
    guard range.lowerBound >= 0, range.upperBound <= shape.dimensions[index] else {
      throw TensorError(
        "slice",
        "\(operandDescription): the range \(range) is not within axis \(axis), which has size "
          + "\(shape.dimensions[index])")
    }
    return try sliced("slice", index, range, shape.replacing(axis: index, with: range.count))
  }

  /// One position along an axis, without that axis (copied): `x.select(axis: 1, index: t)` is
  /// PyTorch's `x[:, t]`. Gradient: `g` in its place, zero elsewhere.
  ///
  /// - Parameter index: negative ones count from the last.
  /// - Throws: when the axis or the position does not exist.
  public func select(axis: Int, index: Int) throws(TensorError) -> Tensor {
    let axisIndex = try shape.axis(axis, "select")
    let size = shape.dimensions[axisIndex]
    let position = index < 0 ? index + size : index
    guard position >= 0, position < size else {
      throw TensorError(
        "select",
        "\(operandDescription): there is no index \(index) on axis \(axis), which has size \(size)")
    }
    return try sliced(
      "select", axisIndex, position..<(position + 1), shape.removing(axis: axisIndex))
  }

  /// All positions along an axis, one after the other: `for X in try inputs.unstacked(axis: 1)`
  /// goes through the steps of `[N, T, F]`.
  ///
  /// - Throws: when the axis does not exist.
  public func unstacked(axis: Int) throws(TensorError) -> [Tensor] {
    let index = try shape.axis(axis, "unstacked")
    try Self.checkRoom(forResults: shape.dimensions[index], "unstacked")
    let rest = shape.removing(axis: index)
    var parts: [Tensor] = []
    for position in 0..<shape.dimensions[index] {
      parts.append(try sliced("unstacked", index, position..<(position + 1), rest))
    }
    return parts
  }

  private func sliced(
    _ name: String, _ axis: Int, _ range: Range<Int>, _ resultShape: Shape
  ) throws(TensorError) -> Tensor {
    try resultShape.checkRoom(name, operandDescription)
    let parts = shape.split(at: axis)
    let (width, stride) = (range.count * parts.inner, parts.size * parts.inner)
    let offset = range.lowerBound * parts.inner
    let result = Storage(count: parts.outer * width)
    rk_copy_rows(
      result.pointer, width, storage.pointer + offset, stride, parts.outer, width, false)
    return Self.make(name, result, resultShape, from: [self]) { g in
      [.slice(g, offset: offset, stride: stride, rows: parts.outer, width: width)]
    }
  }
}
