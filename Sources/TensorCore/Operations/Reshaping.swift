import CKernels

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

  /// The tensor with two axes exchanged (copied). Gradient: `g` with the axes exchanged back.
  ///
  /// - Throws: when an axis does not exist.
  public func transposed(_ first: Int, _ second: Int) throws(TensorError) -> Tensor {
    let (a, b) = (try shape.axis(first, "transposed"), try shape.axis(second, "transposed"))
    var order = Array(0..<rank)
    order.swapAt(a, b)
    try shape.checkRoom("transposed", operandDescription)
    if order == [0, 2, 1] { return lastAxesExchanged() }
    return try permuted(order)
  }

  /// `[N, A, B] → [N, B, A]`, without moving an element: only the order that they are said to be in
  /// changes.
  private func lastAxesExchanged() -> Tensor {
    let exchanged: Shape = [shape[0], shape[2], shape[1]]
    if let channelsLast {
      let result = Tensor(channelsLast, exchanged)
      if let node, GradientMode.isEnabled {
        result.node = Node(operation: "transposed", shape: exchanged, inputs: [node]) { g in
          [.whole(g)]
        }
      }
      return result
    }
    return Self.make("transposed", channelsLast: storage, exchanged, from: [self]) { g in
      [.whole(g)]
    }
  }

  /// The tensor with its axes in another order (copied): axis `i` of the result is axis
  /// `order[i]` of this one. Source: PyTorch's `permute`.
  ///
  /// - Throws: when `order` does not name every axis once.
  public func permuted(_ order: [Int]) throws(TensorError) -> Tensor {
    guard order.sorted() == Array(0..<rank) else {
      throw TensorError(
        "permuted", "\(order) does not name each of the \(rank) axes of \(operandDescription) once")
    }
    try shape.checkRoom("permuted", operandDescription)
    let (result, shape) = Self.permute(storage, shape, order)
    var back = order
    for (new, old) in order.enumerated() { back[old] = new }
    return Self.make("permuted", result, shape, from: [self]) { g in
      [.whole(Self.permute(g, shape, back).0)]
    }
  }

  private static func permute(_ x: Storage, _ shape: Shape, _ order: [Int]) -> (Storage, Shape) {
    let target = Shape(order.map { shape.dimensions[$0] })
    if order == Array(0..<order.count) { return (x, shape) }
    let strides = shape.strides
    let result = Storage(count: x.count, for: "permuted")
    rk_copy_strided(
      result.pointer, x.pointer, Int32(order.count), target.dimensions.map(Int64.init),
      order.map { Int64(strides[$0]) })
    return (result, target)
  }
}
