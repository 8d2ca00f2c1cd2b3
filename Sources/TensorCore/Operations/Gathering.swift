extension Tensor {
  /// For each element of `indices`, the element of this tensor at that position of the axis and at
  /// the same position of the others: `y[i][j] = x[indices[i][j]][j]` for axis 0.
  /// Gradient: `g` added where the element came from.
  ///
  /// Source: PyTorch's `gather`.
  ///
  /// - Parameter indices: whole numbers; as many axes as this tensor, none but `axis` longer.
  /// - Throws: when the shapes do not fit, or a number is not a position of the axis.
  public func gather(axis: Int, indices: Tensor) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, "gather")
    guard
      indices.rank == rank,
      (0..<rank).allSatisfy({ $0 == place || indices.shape[$0] <= shape[$0] })
    else {
      throw TensorError(
        "gather",
        "\(operandDescription) by indices \(indices.shape): expected \(rank) axes, none but axis "
          + "\(axis) longer than the tensor's")
    }
    let positions = try indices.wholeNumbers("gather", below: shape[place], "axis \(axis)")
    try indices.shape.checkRoom("gather", operandDescription)
    let (strides, indexStrides) = (shape.strides, indices.shape.strides)
    let sources = positions.enumerated().map { target, position in
      (0..<rank).reduce(0) { sum, axis in
        let coordinate =
          axis == place ? position : target / indexStrides[axis] % indices.shape.dimensions[axis]
        return sum + coordinate * strides[axis]
      }
    }
    let x = storage
    let result = Storage(count: sources.count)
    for (target, source) in sources.enumerated() { result.pointer[target] = x.pointer[source] }
    let count = count
    return Self.make("gather", result, indices.shape, from: [self]) { g in
      let gradient = Storage(count: count, filledWith: 0)
      for (target, source) in sources.enumerated() { gradient.pointer[source] += g.pointer[target] }
      return [.whole(gradient)]
    }
  }

  /// Some positions along an axis, in the given order; a position may come more than once.
  /// Gradient: `g` added where each came from.
  ///
  /// Source: PyTorch's `index_select`.
  ///
  /// - Throws: when the axis or a position does not exist.
  public func indexSelect(axis: Int, _ positions: [Int]) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, "indexSelect")
    let parts = shape.split(at: place)
    if let bad = positions.first(where: { $0 < 0 || $0 >= parts.size }) {
      throw TensorError(
        "indexSelect",
        "\(operandDescription): there is no index \(bad) on axis \(axis), which has size "
          + "\(parts.size)")
    }
    let target = shape.replacing(axis: place, with: positions.count)
    try target.checkRoom("indexSelect", operandDescription)
    let x = storage
    let inner = parts.inner
    let result = Storage(count: target.count)
    inParts(parts.outer * positions.count, cost: inner) { range in
      for row in range {
        let (outer, at) = (row / positions.count, positions[row % positions.count])
        (result.pointer + row * inner).update(
          from: x.pointer + (outer * parts.size + at) * inner, count: inner)
      }
    }
    let count = count
    return Self.make(
      "indexSelect", result, target, from: [self]
    ) { g in
      let gradient = Storage(count: count, filledWith: 0)
      for row in 0..<(parts.outer * positions.count) {
        let (outer, at) = (row / positions.count, positions[row % positions.count])
        let target = gradient.pointer + (outer * parts.size + at) * inner
        for i in 0..<inner { target[i] += g.pointer[row * inner + i] }
      }
      return [.whole(gradient)]
    }
  }

  /// Rows of this table `[entries, D]` by their numbers: `[…] → […, D]`. Gradient: `g` added to the
  /// rows.
  ///
  /// Source: PyTorch's `embedding`.
  ///
  /// - Parameter indices: whole numbers below the number of entries, in any shape.
  /// - Throws: when this is not a matrix or a number is not one of its rows.
  public func embedding(_ indices: Tensor) throws(TensorError) -> Tensor {
    guard rank == 2 else {
      throw TensorError("embedding", "\(operandDescription): expected a table [entries, D]")
    }
    let rows = try indices.wholeNumbers("embedding", below: shape[0], "the table's rows")
    return try indexSelect(axis: 0, rows)
      .reshaped(Shape(indices.shape.dimensions + [shape[1]]))
  }

  /// One row for each label, 1 at its class and 0 elsewhere: `[N, K]`.
  ///
  /// Source: PyTorch's `one_hot`.
  ///
  /// - Throws: when a label is not in `0 ..< classes`.
  public static func oneHot(_ labels: [Int32], classes: Int) throws(TensorError) -> Tensor {
    if let bad = labels.first(where: { $0 < 0 || $0 >= classes }) {
      throw TensorError("oneHot", "the label \(bad) is not one of the \(classes) classes")
    }
    let shape: Shape = [labels.count, Swift.max(classes, 0)]
    try shape.checkRoom("oneHot", "\(labels.count) labels of \(classes) classes")
    let result = Storage(count: shape.count, filledWith: 0)
    for (row, label) in labels.enumerated() { result.pointer[row * classes + Int(label)] = 1 }
    return Tensor(result, shape)
  }

  /// The elements as positions.
  private func wholeNumbers(
    _ operation: String, below size: Int, _ what: String
  ) throws(TensorError) -> [Int] {
    let values = array
    if let bad = values.first(where: { $0 != $0.rounded() || $0 < 0 || $0 >= Float(size) }) {
      throw TensorError(
        operation, "the index \(bad) is not a position of \(what), which has size \(size)")
    }
    return values.map { Int($0) }
  }
}
