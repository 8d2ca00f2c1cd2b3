extension Tensor {
  /// The same elements in another shape. Gradient: `g` in the old shape.
  ///
  /// - Parameter newShape: one size may be −1 and is computed from the others.
  /// - Throws: when the number of elements differs.
  public func reshaped(_ newShape: Shape) throws(TensorError) -> Tensor {
    var dimensions = newShape.dimensions
    let unknown = dimensions.indices.filter { dimensions[$0] == -1 }
    if unknown.count == 1, let known = Shape(dimensions.filter { $0 != -1 }).checkedCount,
      known > 0,
      count % known == 0
    {
      dimensions[unknown[0]] = count / known
    }
    let target = Shape(dimensions)
    guard target.checkedCount == count else {
      throw TensorError(
        "reshaped",
        "\(operandDescription) has \(count) elements and cannot be given the shape \(newShape)")
    }
    if let view, let layout = view.layout.reshaped(shape, to: target) {
      return Self.make("reshaped", view.storage, layout, target, from: [self]) { g in
        [.whole(g)]
      }
    }
    // what cannot be read where it lies is copied
    if view != nil { try target.checkRoom("reshaped", operandDescription) }
    return Self.make("reshaped", storage, target, from: [self]) { g in [.whole(g)] }
  }

  /// The same elements with all axes from `axis` on in one: `[N, …] → [N, product]`.
  ///
  /// - Throws: when the tensor has no such axis.
  public func flattened(from axis: Int = 1) throws(TensorError) -> Tensor {
    let axis = try shape.axis(axis, "flattened")
    let dimensions = shape.dimensions
    return try reshaped(Shape(dimensions[..<axis] + [dimensions[axis...].reduce(1, *)]))
  }

  /// The tensor with two axes exchanged. Gradient: `g` with the axes exchanged back.
  ///
  /// No element moves: products and convolutions read them where they are, other operations put them
  /// into the usual order first.
  ///
  /// - Throws: when an axis does not exist.
  public func transposed(_ first: Int, _ second: Int) throws(TensorError) -> Tensor {
    var order = Array(0..<rank)
    order.swapAt(try shape.axis(first, "transposed"), try shape.axis(second, "transposed"))
    return inOrder("transposed", order)
  }

  /// The tensor with its axes in another order: axis `i` of the result is axis `order[i]` of this one.
  /// No element moves, as in `transposed`. Source: PyTorch's `permute`.
  ///
  /// - Throws: when `order` does not name every axis once.
  public func permuted(_ order: [Int]) throws(TensorError) -> Tensor {
    guard order.sorted() == Array(0..<rank) else {
      throw TensorError(
        "permuted", "\(order) does not name each of the \(rank) axes of \(operandDescription) once")
    }
    return inOrder("permuted", order)
  }

  private func inOrder(_ operation: String, _ order: [Int]) -> Tensor {
    let (elements, layout) = placed
    // the gradient's elements are in the order of the places, which stays
    return Self.make(
      operation, elements, layout.permuted(order), Shape(order.map { shape.dimensions[$0] }),
      from: [self]
    ) { g in [.whole(g)] }
  }

  /// The elements of a row-major tensor with its axes in another order.
  static func permute(_ x: Storage, _ shape: Shape, _ order: [Int]) -> (Storage, Shape) {
    let target = Shape(order.map { shape.dimensions[$0] })
    let layout = Layout(rowMajor: shape).permuted(order)
    return (layout.isRowMajor(target) ? x : x.copy(layout, target), target)
  }
}
