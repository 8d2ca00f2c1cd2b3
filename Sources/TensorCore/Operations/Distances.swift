import CKernels

// How near two vectors are, along an axis: for contrastive losses. Sums are in double precision, so
// that a result is finite wherever it is a float.

extension Tensor {
  /// `‖a − b + ε‖₂` along the last axis, with broadcasting: `[…, D] → […]`.
  ///
  /// Gradients: `g (a − b + ε) / ‖a − b + ε‖` for a and its negative for b, 0 where the length is 0.
  /// Source: PyTorch's `pairwise_distance` with p = 2, which is infinite where a square is; ε keeps the
  /// gradient of equal vectors from being 0 / 0.
  ///
  /// - Throws: when the shapes do not broadcast.
  public static func pairwiseDistance(
    _ a: Tensor, _ b: Tensor, epsilon: Float = 1e-6
  ) throws(TensorError) -> Tensor {
    let common = try broadcastShape("pairwiseDistance", a, b)
    let last = try common.axis(-1, "pairwiseDistance")
    return try rows("pairwiseDistance", a, b, common, axis: last) { a, b, rows, width, shape in
      let wanted = [a.requiresGrad, b.requiresGrad]
      let (x, y) = (a.storage, b.storage)
      let distances = KernelRecords<Double>(count: rows, for: "pairwiseDistance")
      let result = Storage(count: rows, for: "pairwiseDistance")
      rk_pairwise_distance(
        result.pointer, distances.pointer, x.pointer, y.pointer, rows, width, epsilon)
      return make("pairwiseDistance", result, shape, from: [a, b]) { g in
        let gradients = wanted.map { $0 ? Storage(count: x.count, for: "pairwiseDistance") : nil }
        rk_pairwise_distance_gradient(
          gradients[0]?.pointer, gradients[1]?.pointer, x.pointer, y.pointer, distances.pointer,
          g.pointer, rows, width, epsilon)
        return gradients.map { $0.map(Gradient.whole) ?? .none }
      }
    }
  }

  /// `a · b / (max(‖a‖, ε) · max(‖b‖, ε))` along an axis, with broadcasting.
  ///
  /// Gradients: with c the result, `g (b / (‖a‖ ‖b‖) − c a / ‖a‖²)` for a, without the second term
  /// where ε takes the place of ‖a‖; likewise for b.
  /// Source: PyTorch's `cosine_similarity`.
  ///
  /// - Throws: when the shapes do not broadcast or the axis does not exist.
  public static func cosineSimilarity(
    _ a: Tensor, _ b: Tensor, axis: Int = -1, epsilon: Float = 1e-8
  ) throws(TensorError) -> Tensor {
    // first of one shape: an axis is one of the common shape
    let common = try broadcastShape("cosineSimilarity", a, b)
    let axis = try common.axis(axis, "cosineSimilarity")
    return try rows("cosineSimilarity", a, b, common, axis: axis) { a, b, rows, width, shape in
      let wanted = [a.requiresGrad, b.requiresGrad]
      let (x, y) = (a.storage, b.storage)
      let angles = KernelRecords<rk_angle>(count: rows, for: "cosineSimilarity")
      let result = Storage(count: rows, for: "cosineSimilarity")
      rk_cosine_similarity(
        result.pointer, angles.pointer, x.pointer, y.pointer, rows, width, epsilon)
      return make("cosineSimilarity", result, shape, from: [a, b]) { g in
        let gradients = wanted.map { $0 ? Storage(count: x.count, for: "cosineSimilarity") : nil }
        rk_cosine_similarity_gradient(
          gradients[0]?.pointer, gradients[1]?.pointer, x.pointer, y.pointer, angles.pointer,
          g.pointer, rows, width)
        return gradients.map { $0.map(Gradient.whole) ?? .none }
      }
    }
  }

  /// Calls `body` with both operands in their common shape and the axis last, so that each vector is a
  /// row, the numbers of rows and of elements of each, and the shape without the axis.
  private static func rows(
    _ name: String, _ a: Tensor, _ b: Tensor, _ common: Shape, axis: Int,
    body: (Tensor, Tensor, _ rows: Int, _ width: Int, Shape) -> Tensor
  ) throws(TensorError) -> Tensor {
    try common.checkRoom(name, "\(a.operandDescription) and \(b.operandDescription)")
    let others = common.dimensions.indices.filter { $0 != axis }
    func prepared(_ x: Tensor) throws(TensorError) -> Tensor {
      let whole = x.shape == common ? x : try x.expanded(to: common)
      return axis == common.rank - 1 ? whole : try whole.permuted(others + [axis])
    }
    let left = Shape(others.map { common[$0] })
    return body(try prepared(a), try prepared(b), left.count, common[axis], left)
  }
}
