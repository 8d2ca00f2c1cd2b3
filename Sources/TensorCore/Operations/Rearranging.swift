import CKernels

// Operations that move, repeat or leave out elements: copies by strides, one source for each target.

extension Tensor {
  /// The elements repeated along axes of size 1 and new leading axes. Gradient: `g`, summed over
  /// what was repeated.
  ///
  /// Source: NumPy's `broadcast_to`, PyTorch's `expand` (which copies nothing).
  ///
  /// - Throws: when the shape does not broadcast to the new one.
  public func expanded(to newShape: Shape) throws(TensorError) -> Tensor {
    guard newShape.checkedCount != nil, case .success(newShape) = Shape.broadcast(shape, newShape)
    else {
      throw TensorError("expanded", "\(operandDescription) does not broadcast to \(newShape)")
    }
    try newShape.checkRoom("expanded", operandDescription)
    let shape = shape
    return Self.make("expanded", Self.expand(storage, shape, to: newShape), newShape, from: [self])
    {
      g in [.whole(Self.sum(g, newShape, to: shape))]
    }
  }

  /// The tensor without an axis of size 1. Source: PyTorch's `squeeze`.
  ///
  /// - Throws: when the axis does not exist or has another size.
  public func squeezed(axis: Int) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, "squeezed")
    guard shape[place] == 1 else {
      throw TensorError(
        "squeezed", "\(operandDescription): axis \(axis) has size \(shape[place]), not 1")
    }
    return try reshaped(shape.removing(axis: place))
  }

  /// The tensor with a new axis of size 1. Source: PyTorch's `unsqueeze`.
  ///
  /// - Parameter axis: the new axis' place in the result; negative ones count from the last.
  /// - Throws: when there is no such place.
  public func unsqueezed(axis: Int) throws(TensorError) -> Tensor {
    let place = axis < 0 ? axis + rank + 1 : axis
    guard place >= 0, place <= rank else {
      throw TensorError(
        "unsqueezed", "\(operandDescription): there is no place \(axis) for an axis")
    }
    var dimensions = shape.dimensions
    dimensions.insert(1, at: place)
    return try reshaped(Shape(dimensions))
  }

  /// The tensor in reverse order along some axes. Gradient: `g` in reverse order.
  ///
  /// Source: PyTorch's `flip`.
  ///
  /// - Throws: when an axis does not exist or is named twice.
  public func flipped(axes: [Int]) throws(TensorError) -> Tensor {
    var result = self
    var seen: Set<Int> = []
    for axis in axes {
      let place = try shape.axis(axis, "flipped")
      guard seen.insert(place).inserted else {
        throw TensorError("flipped", "axis \(axis) is named twice in \(axes)")
      }
      let size = shape[place]
      try checkRoom(inBetween: 2 * size, "flipped", operandDescription)
      result = try result.indexSelect(axis: axis, Array((0..<size).reversed()))
    }
    return result
  }

  /// Every `step`-th position of a range along an axis (copied). Gradient: `g` in its places, zero
  /// elsewhere.
  ///
  /// Source: NumPy's `x[start:end:step]`.
  ///
  /// - Throws: when the axis does not exist, the range is not within it, or the step is not positive.
  public func slice(
    axis: Int, _ range: Range<Int>, step: Int
  ) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, "slice")
    guard step > 0 else { throw TensorError("slice", "the step \(step) is not positive") }
    guard range.lowerBound >= 0, range.upperBound <= shape[place] else {
      throw TensorError(
        "slice",
        "\(operandDescription): the range \(range) is not within axis \(axis), which has size "
          + "\(shape[place])")
    }
    // a tensor without elements may have an axis of any length; a position takes two floats
    try checkRoom(inBetween: 2 * (range.count / step), "slice", operandDescription)
    return try indexSelect(
      axis: axis, Array(stride(from: range.lowerBound, to: range.upperBound, by: step)))
  }

  /// The tensor cut along an axis into parts of the given sizes. Gradient: each part's in its place.
  ///
  /// Source: PyTorch's `split`.
  ///
  /// - Throws: when the axis does not exist or the sizes do not add up to its size.
  public func split(axis: Int, sizes: [Int]) throws(TensorError) -> [Tensor] {
    let size = shape[try shape.axis(axis, "split")]
    // each alone first: a sum of such numbers may be beyond all
    guard sizes.allSatisfy({ $0 >= 0 && $0 <= size }), sizes.reduce(0, &+) == size else {
      throw TensorError(
        "split",
        "\(operandDescription): the sizes \(sizes) do not add up to \(size), that of axis \(axis)")
    }
    var (parts, start): ([Tensor], Int) = ([], 0)
    for size in sizes {
      parts.append(try slice(axis: axis, start..<(start + size)))
      start += size
    }
    return parts
  }

  /// The tensor cut along an axis into equal parts: the gates of a packed product, for one.
  ///
  /// - Throws: when the axis does not exist or its size is not a multiple of the number of parts.
  public func split(axis: Int, parts: Int) throws(TensorError) -> [Tensor] {
    let size = shape[try shape.axis(axis, "split")]
    guard parts > 0, size % parts == 0 else {
      throw TensorError(
        "split",
        "\(operandDescription): axis \(axis) has size \(size), which \(parts) parts do not divide")
    }
    try Self.checkRoom(forResults: parts, "split")
    return try split(axis: axis, sizes: Array(repeating: size / parts, count: parts))
  }

  /// The tensor with more elements of one value before and after along an axis. Gradient: the part
  /// of `g` that is not padding.
  ///
  /// Source: PyTorch's `pad` in constant mode.
  ///
  /// - Throws: when the axis does not exist or a number of elements is negative.
  public func padded(
    axis: Int, before: Int, after: Int, with value: Float = 0
  ) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, "padded")
    guard before >= 0, after >= 0 else {
      throw TensorError(
        "padded", "\(before) elements before and \(after) after: neither may be negative",
        remedy: "slice() takes elements away")
    }
    let parts = shape.split(at: place)
    let (padding, overflows) = before.addingReportingOverflow(after)
    guard !overflows, padding <= Int.max - parts.size else {
      throw TensorError(
        "padded",
        "\(operandDescription) with \(before) elements before and \(after) after: too many")
    }
    let target = shape.replacing(axis: place, with: padding + parts.size)
    try target.checkRoom("padded", operandDescription)
    let (width, stride) = (parts.size * parts.inner, (before + parts.size + after) * parts.inner)
    let offset = before * parts.inner
    let x = storage
    let result = Storage(count: target.count, filledWith: value)
    for row in 0..<parts.outer {
      (result.pointer + row * stride + offset).update(from: x.pointer + row * width, count: width)
    }
    return Self.make("padded", result, target, from: [self]) { g in
      let gradient = Storage(count: parts.outer * width)
      for row in 0..<parts.outer {
        (gradient.pointer + row * width).update(
          from: g.pointer + row * stride + offset, count: width)
      }
      return [.whole(gradient)]
    }
  }

  /// The sums of all elements up to each along an axis. Gradient: the sums of `g` from each on.
  ///
  /// Source: PyTorch's `cumsum`.
  ///
  /// - Throws: when the axis does not exist.
  public func cumsum(axis: Int) throws(TensorError) -> Tensor {
    let parts = shape.split(at: try shape.axis(axis, "cumsum"))
    try shape.checkRoom("cumsum", operandDescription)
    func sums(of x: Storage, backwards: Bool) -> Storage {
      let result = Storage(count: x.count, for: "cumsum")
      rk_running_sums(
        result.pointer, x.pointer, parts.outer, parts.size, parts.inner, backwards)
      return result
    }
    return Self.make("cumsum", sums(of: storage, backwards: false), shape, from: [self]) { g in
      [.whole(sums(of: g, backwards: true))]
    }
  }
}
