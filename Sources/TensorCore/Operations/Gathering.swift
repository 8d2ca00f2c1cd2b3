import CKernels

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
    try indices.checkPositions("gather", below: shape[place], "axis \(axis)")
    try indices.shape.checkRoom("gather", operandDescription)
    var x = self
    // positions for a part of the other axes read that part
    for axis in 0..<rank where axis != place && indices.shape[axis] < shape[axis] {
      x = try x.slice(axis: axis, 0..<indices.shape[axis])
    }
    return x.gathered(place, indices.storage, indices.shape)
  }

  /// What `gather` says, for positions that exist and other axes of the same sizes.
  private func gathered(_ place: Int, _ positions: Storage, _ target: Shape) -> Tensor {
    let (outer, size, inner) = shape.split(at: place)
    let picks = target[place]
    let result = Storage(count: target.count, for: "gather")
    rk_gather(
      result.pointer, storage.pointer, positions.pointer, outer, size, picks, inner)
    let count = count
    return Self.make("gather", result, target, from: [self]) { g in
      let gradient = Storage(count: count, for: "gather")
      rk_scatter_add(
        gradient.pointer, g.pointer, positions.pointer, outer, size, picks, inner)
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
    try selecting("indexSelect", axis: axis, positions)
  }

  /// What `indexSelect` says, by the name of whoever is made of it.
  func selecting(
    _ name: String, axis: Int, _ positions: [Int]
  ) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, name)
    let parts = shape.split(at: place)
    if let bad = positions.first(where: { $0 < 0 || $0 >= parts.size }) {
      throw TensorError(
        name,
        "\(operandDescription): there is no index \(bad) on axis \(axis), which has size "
          + "\(parts.size)")
    }
    let target = shape.replacing(axis: place, with: positions.count)
    try target.checkRoom(name, operandDescription)
    let x = storage
    let inner = parts.inner
    let result = Storage(count: target.count, for: name)
    // rows of nothing may be more than can be counted
    let rows = inner > 0 ? parts.outer * positions.count : 0
    inParts(rows, cost: inner) { range in
      for row in range {
        let (outer, at) = (row / positions.count, positions[row % positions.count])
        (result.pointer + row * inner).update(
          from: x.pointer + (outer * parts.size + at) * inner, count: inner)
      }
    }
    let count = count
    return Self.make(name, result, target, from: [self]) { g in
      let gradient = Storage(count: count, filledWith: 0, for: name)
      for row in 0..<rows {
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
    let target = Shape(indices.shape.dimensions + [shape[1]])
    try target.checkRoom("embedding", "\(operandDescription) by indices \(indices.shape)")
    return try selecting("embedding", axis: 0, rows).reshaped(target)
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

  /// Refuses a list of more positions than there is memory for: the axes of an empty tensor may be of
  /// any length.
  func checkRoom(forPositions count: Int, _ operation: String) throws(TensorError) {
    let (numbers, overflows) = count.multipliedReportingOverflow(by: 2)
    try checkRoom(inBetween: overflows ? .max : numbers, operation, operandDescription)
  }

  /// The elements as positions.
  private func wholeNumbers(
    _ operation: String, below size: Int, _ what: String
  ) throws(TensorError) -> [Int] {
    try checkPositions(operation, below: size, what)
    return array.map { Int($0) }
  }

  /// Refuses elements that are no positions of an axis of this size.
  private func checkPositions(
    _ operation: String, below size: Int, _ what: String
  ) throws(TensorError) {
    let bad = rk_first_bad_position(storage.pointer, count, size)
    guard bad >= 0 else { return }
    throw TensorError(
      operation,
      "the index \(storage.pointer[bad]) at \(shape.coordinates(of: bad)) is not a position of "
        + "\(what), which has size \(size)")
  }
}
