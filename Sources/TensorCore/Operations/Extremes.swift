extension Tensor {
  /// The largest along an axis. Gradient: `g` to the first of the largest.
  ///
  /// Source: PyTorch's `max(dim).values`. NaN counts as largest.
  ///
  /// - Throws: when the axis does not exist or is empty.
  public func max(axis: Int, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try extreme("max", axis: axis, keepDims: keepDims) { $0 > $1 }
  }

  /// The smallest along an axis. Gradient: `g` to the first of the smallest.
  ///
  /// Source: PyTorch's `min(dim).values`. NaN counts as smallest.
  ///
  /// - Throws: when the axis does not exist or is empty.
  public func min(axis: Int, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try extreme("min", axis: axis, keepDims: keepDims) { $0 < $1 }
  }

  /// The largest of all elements, a scalar. Gradient: `g` to the first of the largest.
  ///
  /// - Throws: when there are no elements.
  public func max() throws(TensorError) -> Tensor { try inOneAxis("max").max(axis: 0) }

  /// The smallest of all elements, a scalar. Gradient: `g` to the first of the smallest.
  ///
  /// - Throws: when there are no elements.
  public func min() throws(TensorError) -> Tensor { try inOneAxis("min").min(axis: 0) }

  private func inOneAxis(_ name: String) throws(TensorError) -> Tensor {
    guard count > 0 else {
      throw TensorError(name, "\(operandDescription) has no elements and no extreme")
    }
    return try reshaped([count])
  }

  /// The position of the first of the largest along an axis, without a gradient.
  ///
  /// Source: PyTorch's `argmax`, which does not promise the first.
  ///
  /// - Throws: when the axis does not exist or is empty.
  public func argmax(axis: Int, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try positions("argmax", axis: axis, keepDims: keepDims) { $0 > $1 }
  }

  /// The position of the first of the smallest along an axis, without a gradient.
  ///
  /// - Throws: when the axis does not exist or is empty.
  public func argmin(axis: Int, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try positions("argmin", axis: axis, keepDims: keepDims) { $0 < $1 }
  }

  /// What `max` says, by the name of whoever is made of it.
  func largest(_ name: String, axis: Int) throws(TensorError) -> Tensor {
    try extreme(name, axis: axis, keepDims: false) { $0 > $1 }
  }

  private func extreme(
    _ name: String, axis: Int, keepDims: Bool, _ beats: @escaping (Float, Float) -> Bool
  ) throws(TensorError) -> Tensor {
    let found = try places(name, axis, beats)
    let index = try shape.axis(axis, name)
    let x = storage
    let result = Storage(count: found.count, for: name)
    for (target, source) in found.enumerated() { result.pointer[target] = x.pointer[source] }
    let count = count
    return Self.make(name, result, reducedShape(index, keepDims), from: [self]) { g in
      let gradient = Storage(count: count, filledWith: 0, for: name)
      for (target, source) in found.enumerated() { gradient.pointer[source] = g.pointer[target] }
      return [.whole(gradient)]
    }
  }

  private func positions(
    _ name: String, axis: Int, keepDims: Bool, _ beats: @escaping (Float, Float) -> Bool
  ) throws(TensorError) -> Tensor {
    let found = try places(name, axis, beats)
    let index = try shape.axis(axis, name)
    let parts = shape.split(at: index)
    return Tensor(
      Storage(found.map { Float($0 / parts.inner % parts.size) }), reducedShape(index, keepDims))
  }

  /// Where in the buffer the best element along the axis stands, for each of the rest.
  private func places(
    _ name: String, _ axis: Int, _ beats: @escaping (Float, Float) -> Bool
  ) throws(TensorError) -> [Int] {
    let place = try shape.axis(axis, name)
    try shape.replacing(axis: place, with: 1).checkRoom(name, operandDescription)
    let parts = shape.split(at: place)
    guard parts.size > 0 else {
      throw TensorError(name, "\(operandDescription): axis \(axis) is empty and has no extreme")
    }
    let x = storage.pointer
    return [Int](unsafeUninitializedCapacity: parts.outer * parts.inner) { found, count in
      nonisolated(unsafe) let found = found
      count = found.count
      inParts(count, cost: parts.size) { range in
        for target in range {
          let start = target / parts.inner * parts.size * parts.inner + target % parts.inner
          var best = start
          for step in 1..<Swift.max(parts.size, 1) where !x[best].isNaN {
            let candidate = start + step * parts.inner
            if x[candidate].isNaN || beats(x[candidate], x[best]) { best = candidate }
          }
          found[target] = best
        }
      }
    }
  }

  private func reducedShape(_ axis: Int, _ keepDims: Bool) -> Shape {
    keepDims ? shape.replacing(axis: axis, with: 1) : shape.removing(axis: axis)
  }
}
