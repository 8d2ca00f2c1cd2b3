import CKernels

extension Tensor {
  /// The sum of all elements, a scalar. Gradient: `g` everywhere.
  public func sum() -> Tensor {
    let shape = shape
    let result = Storage(count: 1)
    rk_sum_axis(result.pointer, storage.pointer, 1, count, 1)
    return Self.make("sum", result, [], from: [self]) { g in
      [.whole(Storage(count: shape.count, filledWith: g.pointer[0]))]
    }
  }

  /// The mean of all elements, a scalar. Gradient: `g / count` everywhere.
  public func mean() -> Tensor {
    let shape = shape
    let result = Storage(count: 1)
    rk_mean_axis(result.pointer, storage.pointer, 1, count, 1)
    return Self.make("mean", result, [], from: [self]) { g in
      [.whole(Storage(count: shape.count, filledWith: g.pointer[0] / Float(shape.count)))]
    }
  }

  /// Sums over some axes. Gradient: `g`, repeated along them.
  ///
  /// - Parameters:
  ///   - axes: the axes to sum over; negative ones count from the last.
  ///   - keepDims: keeps the summed axes with size 1.
  /// - Throws: when an axis does not exist or is named twice.
  public func sum(axes: [Int], keepDims: Bool = false) throws(TensorError) -> Tensor {
    try reduced("sum", axes: axes, keepDims: keepDims, averages: false)
  }

  /// Sums over one axis.
  public func sum(axis: Int, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try sum(axes: [axis], keepDims: keepDims)
  }

  /// Averages over some axes. Gradient: `g / n`, repeated along them.
  ///
  /// - Throws: when an axis does not exist or is named twice.
  public func mean(axes: [Int], keepDims: Bool = false) throws(TensorError) -> Tensor {
    try reduced("mean", axes: axes, keepDims: keepDims, averages: true)
  }

  /// Averages over one axis.
  public func mean(axis: Int, keepDims: Bool = false) throws(TensorError) -> Tensor {
    try mean(axes: [axis], keepDims: keepDims)
  }

  /// Sums or means over some axes, by the name of whoever is made of them.
  func reduced(
    _ name: String, axes: [Int], keepDims: Bool, averages: Bool
  ) throws(TensorError) -> Tensor {
    var chosen: [Int] = []
    for axis in axes {
      let index = try shape.axis(axis, name)
      guard !chosen.contains(index) else {
        throw TensorError(name, "axis \(axis) is named twice in \(axes)")
      }
      chosen.append(index)
    }
    var kept = shape
    for axis in chosen { kept = kept.replacing(axis: axis, with: 1) }
    // the sums of nothing may be many
    try kept.checkRoom(name, operandDescription)
    let shape = shape
    let result =
      chosen.contains { shape.dimensions[$0] == 0 }
      ? Storage(count: kept.count, filledWith: averages ? .nan : 0, for: name)
      : Self.sum(storage, shape, to: kept, averages: averages, for: name)
    let final =
      keepDims
      ? kept
      : Shape(shape.dimensions.enumerated().filter { !chosen.contains($0.offset) }.map(\.element))
    return Self.make(name, result, final, from: [self]) { g in
      guard averages else { return [.whole(Self.expand(g, kept, to: shape, for: name))] }
      let shares = Storage(count: g.count, for: name)
      rk_scale_shift(shares.pointer, g.pointer, Float(kept.count) / Float(shape.count), 0, g.count)
      return [.whole(Self.expand(shares, kept, to: shape, for: name))]
    }
  }
}
