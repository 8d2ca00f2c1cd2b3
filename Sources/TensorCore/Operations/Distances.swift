// How near two vectors are, along the last axis: for contrastive losses.

extension Tensor {
  /// `‖a − b + ε‖₂` along the last axis, with broadcasting: `[…, D] → […]`.
  ///
  /// Source: PyTorch's `pairwise_distance` with p = 2; ε keeps the gradient finite at equal vectors.
  ///
  /// - Throws: when the shapes do not broadcast.
  public static func pairwiseDistance(
    _ a: Tensor, _ b: Tensor, epsilon: Float = 1e-6
  ) throws(TensorError) -> Tensor {
    // the checks under this operation's name
    _ = try broadcastShape("pairwiseDistance", a, b).axis(-1, "pairwiseDistance")
    return try (a - b + epsilon).squared().sum(axis: -1).sqrt()
  }

  /// `a · b / (max(‖a‖, ε) · max(‖b‖, ε))` along an axis, with broadcasting.
  ///
  /// Source: PyTorch's `cosine_similarity`.
  ///
  /// - Throws: when the shapes do not broadcast or the axis does not exist.
  public static func cosineSimilarity(
    _ a: Tensor, _ b: Tensor, axis: Int = -1, epsilon: Float = 1e-8
  ) throws(TensorError) -> Tensor {
    // first of one shape: an axis is one of the common shape, and a repeated number counts each time
    let common = try broadcastShape("cosineSimilarity", a, b)
    let axis = try common.axis(axis, "cosineSimilarity")
    let (a, b) = (try a.expanded(to: common), try b.expanded(to: common))
    func norm(_ x: Tensor) throws(TensorError) -> Tensor {
      // the bound goes on the square: a root has no gradient at 0
      try x.squared().sum(axis: axis).clip(minimum: epsilon * epsilon).sqrt()
    }
    return try (a * b).sum(axis: axis) / (norm(a) * norm(b))
  }
}
