extension Tensor {
  /// A range of positions along an axis (not copied before
  /// an operation needs it). Gradient: `g` in its place, zero elsewhere.
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

  /// One position along an axis, without that axis: `x.select(axis: 1, index: t)` is
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

  /// A range of positions along an axis that has them, by the name of whoever asks for it.
  func sliced(
    _ name: String, _ axis: Int, _ range: Range<Int>, _ resultShape: Shape
  ) throws(TensorError) -> Tensor {
    // a view for now, whose elements may be asked for
    try resultShape.checkRoom(name, operandDescription)
    let (elements, layout) = placed
    var part = layout.starting(at: range.lowerBound, axis: axis)
    if resultShape.rank < rank { part = part.removing(axis: axis) }
    // gradients have their elements in the order of the places
    let order = layout.order(shape)
    let inPlaces = Shape(order.map { shape.dimensions[$0] })
    let parts = inPlaces.split(at: order.firstIndex(of: axis) ?? 0)
    let (width, stride) = (range.count * parts.inner, parts.size * parts.inner)
    let offset = range.lowerBound * parts.inner
    return Self.make(name, elements, part, resultShape, from: [self]) { g in
      [.slice(g, offset: offset, stride: stride, rows: parts.outer, width: width)]
    }
  }
}
