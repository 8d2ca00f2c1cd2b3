import CKernels

extension Tensor {
  /// The variance along some axes: `Σ (x − mean)² / (n − correction)`, added up in double precision;
  /// exactly 0 where all elements are equal. Gradient: `2 g (x − mean) / (n − correction)`.
  ///
  /// Source: PyTorch's `var`, whose default is the correction 1 as well.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the last.
  ///   - correction: 1 for the estimate from a sample, 0 for the mean of squares.
  ///   - keepDims: keeps the axes with size 1.
  /// - Throws: when an axis does not exist or is named twice.
  public func variance(
    axes: [Int], correction: Float = 1, keepDims: Bool = false
  ) throws(TensorError) -> Tensor {
    var places: [Int] = []
    for axis in axes {
      let place = try shape.axis(axis, "variance")
      guard !places.contains(place) else {
        throw TensorError("variance", "axis \(axis) is named twice in \(axes)")
      }
      places.append(place)
    }
    places.sort()
    var kept = shape
    for place in places { kept = kept.replacing(axis: place, with: 1) }
    let left = Shape(shape.dimensions.indices.filter { !places.contains($0) }.map { shape[$0] })
    let final = keepDims ? kept : left
    // the variances of nothing may be many
    try kept.checkRoom("variance", operandDescription)
    try checkRoom(
      inBetween: KernelRecords<rk_spread>.numbers(kept.count), "variance", operandDescription)
    let areNeighbours = zip(places, places.dropFirst()).allSatisfy { $0 + 1 == $1 }
    guard let first = places.first, areNeighbours else {
      // to the end with them; of no axis each element is a group of its own
      try checkRoom(inBetween: count, "variance", operandDescription)
      let others = shape.dimensions.indices.filter { !places.contains($0) }
      let groups = try permuted(others + places)
      let sizes = (left.count, places.reduce(1) { $0 * shape[$1] })
      return groups.spread("variance", (sizes.0, sizes.1, 1), final, correction, root: false)
    }
    let sizes = (
      shape.dimensions[..<first].reduce(1, *), places.reduce(1) { $0 * shape[$1] },
      shape.dimensions[(first + places.count)...].reduce(1, *)
    )
    return spread("variance", sizes, final, correction, root: false)
  }

  /// The variance along one axis.
  public func variance(
    axis: Int, correction: Float = 1, keepDims: Bool = false
  ) throws(TensorError) -> Tensor {
    try variance(axes: [axis], correction: correction, keepDims: keepDims)
  }

  /// The square root of the variance along an axis, finite wherever it is a float, whether the variance
  /// is or not. Gradient: `g (x − mean) / ((n − correction) · deviation)`, but 0 where all elements are
  /// equal.
  ///
  /// Source: PyTorch's `std`.
  ///
  /// - Throws: when the axis does not exist.
  public func standardDeviation(
    axis: Int, correction: Float = 1, keepDims: Bool = false
  ) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, "standardDeviation")
    let kept = shape.replacing(axis: place, with: 1)
    try kept.checkRoom("standardDeviation", operandDescription)
    try checkRoom(
      inBetween: KernelRecords<rk_spread>.numbers(kept.count), "standardDeviation",
      operandDescription)
    let left = Shape(shape.dimensions.indices.filter { $0 != place }.map { shape[$0] })
    return spread(
      "standardDeviation", shape.split(at: place), keepDims ? kept : left, correction, root: true)
  }

  private func spread(
    _ name: String, _ sizes: (outer: Int, size: Int, inner: Int), _ final: Shape,
    _ correction: Float, root: Bool
  ) -> Tensor {
    let (x, groups) = (storage, KernelRecords<rk_spread>(count: final.count, for: name))
    let result = Storage(count: final.count, for: name)
    rk_variance(
      result.pointer, groups.pointer, root, x.pointer, sizes.outer, sizes.size, sizes.inner,
      Double(correction))
    return Self.make(name, result, final, from: [self]) { g in
      let gradient = Storage(count: x.count, for: name)
      rk_variance_gradient(
        gradient.pointer, x.pointer, groups.pointer, g.pointer, sizes.outer, sizes.size, sizes.inner
      )
      return [.whole(gradient)]
    }
  }
}
