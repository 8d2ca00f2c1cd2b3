import CKernels

extension Tensor {
  /// The matrix product `X · W`.
  ///
  /// Gradients: `g · Wᵀ` and `Xᵀ · g`.
  ///
  /// - Parameter other: `[K, M]` for `[…, N, K]`; with batches, `[…, K, M]`, whose leading axes
  ///   broadcast. Source: PyTorch's `torch.matmul`.
  /// - Returns: `[…, N, M]`.
  /// - Throws: when the inner dimensions or the batch sizes differ, or a rank is below 2.
  public func matmul(_ other: Tensor) throws(TensorError) -> Tensor {
    let operands = "\(operandDescription) × \(other.operandDescription)"
    guard rank >= 2, other.rank >= 2 else {
      throw TensorError(
        "matmul", "\(operands): the operands must be matrices, or batches of matrices")
    }
    guard shape[-1] == other.shape[-2] else {
      throw TensorError(
        "matmul",
        "\(operands): the inner dimensions differ, \(shape[-1]) and \(other.shape[-2])")
    }
    if other.rank > 2 { return try batchedProduct(other, operands) }
    // a batch times one matrix is one product with all rows of the batch
    let (n, k, m) = (shape.dimensions.dropLast().reduce(1, *), shape[-1], other.shape[-1])
    try shape.replacing(axis: rank - 1, with: m).checkRoom("matmul", operands)
    try checkRoom(inBetween: rk_product_room(n, m, k), "matmul", operands)
    return Self.make(
      "matmul", ProductSum(rows: n, columns: m, self, other, k: k),
      shape.replacing(axis: rank - 1, with: m))
  }

  private func batchedProduct(
    _ other: Tensor, _ operands: String
  ) throws(TensorError) -> Tensor {
    let (leading, otherLeading) = (
      Shape(shape.dimensions.dropLast(2)), Shape(other.shape.dimensions.dropLast(2))
    )
    guard case .success(let common) = Shape.broadcast(leading, otherLeading) else {
      throw TensorError(
        "matmul",
        leading.rank == 1 && otherLeading.rank == 1
          ? "\(operands): the batch sizes differ, \(leading[0]) and \(otherLeading[0])"
          : "\(operands): the batches \(leading) and \(otherLeading) do not broadcast")
    }
    let (n, k, m) = (shape[-2], shape[-1], other.shape[-1])
    let resultShape = Shape(common.dimensions + [n, m])
    try resultShape.checkRoom("matmul", operands)
    try checkRoom(inBetween: rk_product_room(n, m, k), "matmul", operands)
    let product = BatchedProduct(
      batch: common, m: n, n: m, k: k, resultShape,
      BatchOperand(self, batchRank: common.rank), BatchOperand(other, batchRank: common.rank))
    return Self.make("matmul", product)
  }

  /// `X · W + b`, the bias added to every row, in one pass. Source: PyTorch's `linear`, with the
  /// weight stored as `[in, out]`.
  ///
  /// - Parameters:
  ///   - weight: `[in, out]`.
  ///   - bias: `[out]`.
  /// - Returns: `[…, out]` for `[…, in]`.
  /// - Throws: when the sizes differ.
  public func linear(_ weight: Tensor, _ bias: Tensor) throws(TensorError) -> Tensor {
    guard rank >= 1, weight.rank == 2, shape[-1] == weight.shape[0] else {
      throw TensorError(
        "linear",
        "\(operandDescription) × \(weight.operandDescription): the inner dimensions differ, "
          + "\(rank >= 1 ? shape[-1] : 1) and \(weight.rank == 2 ? weight.shape[0] : 0)")
    }
    let (n, k, m) = (shape.dimensions.dropLast().reduce(1, *), weight.shape[0], weight.shape[1])
    guard bias.shape == [m] else {
      throw TensorError("linear", "the bias has shape \(bias.shape), not [\(m)]")
    }
    try shape.replacing(axis: rank - 1, with: m).checkRoom(
      "linear", "\(operandDescription) × \(weight.operandDescription)")
    try checkRoom(
      inBetween: rk_product_room(n, m, k), "linear",
      "\(operandDescription) × \(weight.operandDescription)")
    return Self.make(
      "linear", ProductSum(rows: n, columns: m, self, weight, k: k, bias: bias),
      shape.replacing(axis: rank - 1, with: m))
  }
}
