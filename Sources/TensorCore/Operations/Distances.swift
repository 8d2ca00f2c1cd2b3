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
    return try ofRows("pairwiseDistance", a, b, common, axis: last, keeping: Double.self) {
      rk_pairwise_distance($0, $1, $2, $3, $4, $5, epsilon)
    } gradient: {
      rk_pairwise_distance_gradient($0, $1, $2, $3, $4, $5, $6, $7, epsilon)
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
    return try ofRows("cosineSimilarity", a, b, common, axis: axis, keeping: rk_angle.self) {
      rk_cosine_similarity($0, $1, $2, $3, $4, $5, epsilon)
    } gradient: {
      rk_cosine_similarity_gradient($0, $1, $2, $3, $4, $5, $6, $7)
    }
  }

  private typealias Numbers = UnsafeMutablePointer<Float>

  /// A number for each pair of vectors along an axis of the common shape, by kernels of rows: `value` writes
  /// the results and what the gradients need, `gradient` the gradients that are wanted.
  private static func ofRows<Record>(
    _ name: String, _ a: Tensor, _ b: Tensor, _ common: Shape, axis: Int, keeping: Record.Type,
    value: (
      _ out: Numbers, _ kept: UnsafeMutablePointer<Record>, _ a: Numbers, _ b: Numbers, _ rows: Int,
      _ width: Int
    ) -> Void,
    gradient:
      @escaping (
        _ ofA: Numbers?, _ ofB: Numbers?, _ a: Numbers, _ b: Numbers,
        _ kept: UnsafeMutablePointer<Record>, _ upstream: Numbers, _ rows: Int, _ width: Int
      ) -> Void
  ) throws(TensorError) -> Tensor {
    try common.checkRoom(name, "\(a.operandDescription) and \(b.operandDescription)")
    let others = common.dimensions.indices.filter { $0 != axis }
    // with the axis last each vector is a row
    func prepared(_ x: Tensor) throws(TensorError) -> Tensor {
      let whole = x.shape == common ? x : try x.expanded(to: common)
      return axis == common.rank - 1 ? whole : try whole.permuted(others + [axis])
    }
    let (a, b) = (try prepared(a), try prepared(b))
    let shape = Shape(others.map { common[$0] })
    // many vectors of nothing have lengths too, and what is kept of each is larger
    try shape.checkRoom(name, "\(a.operandDescription) and \(b.operandDescription)")
    let (rows, width) = (shape.count, common[axis])
    try a.checkRoom(
      inBetween: KernelRecords<Record>.numbers(rows), name,
      "\(a.operandDescription) and \(b.operandDescription)")
    let wanted = [a.requiresGrad, b.requiresGrad]
    try a.checkRoom(
      inBetween: KernelRecords<Record>.numbers(rows), name,
      "\(a.operandDescription) and \(b.operandDescription)")
    let (x, y) = (a.storage, b.storage)
    let kept = KernelRecords<Record>(count: rows, for: name)
    let result = Storage(count: rows, for: name)
    value(result.pointer, kept.pointer, x.pointer, y.pointer, rows, width)
    return make(name, result, shape, from: [a, b]) { g in
      let gradients = wanted.map { $0 ? Storage(count: x.count, for: name) : nil }
      gradient(
        gradients[0]?.pointer, gradients[1]?.pointer, x.pointer, y.pointer, kept.pointer, g.pointer,
        rows, width)
      return gradients.map { $0.map(Gradient.whole) ?? .none }
    }
  }
}
