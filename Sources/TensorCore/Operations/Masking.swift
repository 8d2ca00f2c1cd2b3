extension Tensor {
  /// `a` where the condition is not 0, else `b`; all three broadcast. Gradients: `g` where chosen,
  /// else 0.
  ///
  /// Source: PyTorch's `torch.where`.
  ///
  /// - Throws: when the shapes do not broadcast.
  public static func `where`(
    _ condition: Tensor, _ a: Tensor, _ b: Tensor
  ) throws(TensorError) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    let pair = try broadcastShape("where", a, b)
    let shape: Shape
    switch Shape.broadcast(condition.shape, pair) {
    case .success(let common):
      try common.checkRoom("where", "the condition \(condition.operandDescription)")
      shape = common
    case .failure(let clash):
      throw TensorError(
        "where",
        "the condition \(condition.operandDescription) does not fit the values' shape \(pair): axis "
          + "\(clash.axis) has the sizes \(clash.first) and \(clash.second)")
    }
    let chooses = expand(condition.storage, condition.shape, to: shape, for: "where")
    let x = expand(a.storage, shapeA, to: shape, for: "where")
    let y = expand(b.storage, shapeB, to: shape, for: "where")
    let result = Storage(count: shape.count, for: "where")
    inParts(shape.count) { range in
      for i in range {
        result.pointer[i] = chooses.pointer[i] != 0 ? x.pointer[i] : y.pointer[i]
      }
    }
    return make("where", result, shape, from: [a, b]) { g in
      func chosen(_ first: Bool, _ target: Shape) -> Gradient {
        let part = Storage(count: g.count, for: "where")
        inParts(g.count) { range in
          for i in range {
            part.pointer[i] = (chooses.pointer[i] != 0) == first ? g.pointer[i] : 0
          }
        }
        return .whole(sum(part, shape, to: target, for: "where"))
      }
      return [chosen(true, shapeA), chosen(false, shapeB)]
    }
  }

  /// The tensor with `value` where the mask is not 0, as before a softmax that must not look ahead:
  /// `scores.maskedFill(mask, with: -.infinity)`. Gradient: `g` where the mask is 0, else 0.
  ///
  /// Source: PyTorch's `masked_fill`.
  ///
  /// - Throws: when the mask does not broadcast to this tensor's shape.
  public func maskedFill(_ mask: Tensor, with value: Float) throws(TensorError) -> Tensor {
    guard case .success(shape) = Shape.broadcast(mask.shape, shape) else {
      throw TensorError(
        "maskedFill",
        "the mask \(mask.operandDescription) does not broadcast to \(operandDescription)")
    }
    try shape.checkRoom("maskedFill", operandDescription)
    return try Self.where(mask, Tensor(value), self)
  }

  /// The elements on and below a diagonal of the last two axes, zero above it; with ones, a causal
  /// mask. Gradient: `g` where kept, else 0.
  ///
  /// Source: PyTorch's `tril`.
  ///
  /// - Parameter diagonal: 0 for the main one; positive ones lie above it.
  /// - Throws: when there are fewer than two axes.
  public func tril(diagonal: Int = 0) throws(TensorError) -> Tensor {
    try triangle("tril") { row, column in column - row <= diagonal }
  }

  /// The elements on and above a diagonal of the last two axes, zero below it. Gradient: `g` where
  /// kept, else 0.
  ///
  /// Source: PyTorch's `triu`.
  ///
  /// - Throws: when there are fewer than two axes.
  public func triu(diagonal: Int = 0) throws(TensorError) -> Tensor {
    try triangle("triu") { row, column in column - row >= diagonal }
  }

  private func triangle(
    _ name: String, keeping isKept: @escaping (Int, Int) -> Bool
  ) throws(TensorError) -> Tensor {
    guard rank >= 2 else {
      throw TensorError(name, "\(operandDescription): expected a matrix, or batches of matrices")
    }
    try shape.checkRoom(name, operandDescription)
    let (rows, columns) = (shape[-2], shape[-1])
    func kept(of x: Storage) -> Storage {
      let result = Storage(count: x.count, for: name)
      inParts(x.count / Swift.max(columns, 1), cost: columns) { range in
        for row in range {
          for column in 0..<columns {
            let i = row * columns + column
            result.pointer[i] = isKept(row % rows, column) ? x.pointer[i] : 0
          }
        }
      }
      return result
    }
    return Self.make(name, kept(of: storage), shape, from: [self]) { g in [.whole(kept(of: g))] }
  }
}
