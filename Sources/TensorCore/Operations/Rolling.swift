import CKernels

extension Tensor {
  /// The elements moved round in a circle along some axes, each by its own offset: what stands at `i` comes
  /// to `i + offset`, and what leaves at one end comes in at the other. Gradient: `g`, moved back.
  ///
  /// Source: PyTorch's `roll`.
  ///
  /// - Parameter offsets: as many as axes, in any size; negative ones move towards the beginning.
  /// - Throws: when an axis does not exist or is named twice, or there are not as many offsets as axes.
  public func rolled(by offsets: [Int], axes: [Int]) throws(TensorError) -> Tensor {
    guard offsets.count == axes.count else {
      throw TensorError(
        "rolled",
        "\(operandDescription): \(offsets.count) offsets \(offsets) for \(axes.count) axes "
          + "\(axes)")
    }
    try shape.checkRoom("rolled", operandDescription)
    var (result, seen): (Tensor, Set<Int>) = (self, [])
    for (offset, axis) in zip(offsets, axes) {
      let place = try shape.axis(axis, "rolled")
      guard seen.insert(place).inserted else {
        throw TensorError("rolled", "axis \(axis) is named twice in \(axes)")
      }
      result = result.moved(along: place, by: [offset])
    }
    return result
  }

  /// The elements moved round in a circle along an axis.
  ///
  /// - Throws: when the axis does not exist.
  public func rolled(by offset: Int, axis: Int) throws(TensorError) -> Tensor {
    try rolled(by: [offset], axes: [axis])
  }

  /// The elements of each part of the first axis moved round in a circle along another axis, by an offset
  /// of its own: each recording of a batch turned round in time. Gradient: `g`, moved back.
  ///
  /// - Parameter offsets: one for each position of the first axis.
  /// - Throws: when the axis does not exist or is the first, or there is not one offset for each.
  public func rolled(byRow offsets: [Int], axis: Int) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, "rolled")
    guard place > 0 else {
      throw TensorError(
        "rolled",
        "\(operandDescription): along the first axis its parts have no offsets of their own")
    }
    guard offsets.count == shape[0] else {
      throw TensorError(
        "rolled",
        "\(operandDescription): \(offsets.count) offsets for the \(shape[0]) parts of the first axis"
      )
    }
    try shape.checkRoom("rolled", operandDescription)
    return moved(along: place, by: offsets)
  }

  /// Moves along an axis that exists: one offset for all, or one for each position of the first axis.
  private func moved(along place: Int, by offsets: [Int]) -> Tensor {
    let (outer, size, inner) = shape.split(at: place)
    let within = offsets.map { offset in
      guard size > 0 else { return Int64(0) }
      let rest = offset % size
      return Int64(rest < 0 ? rest + size : rest)
    }
    func roll(_ x: Storage, back: Bool) -> Storage {
      let result = Storage(count: x.count)
      rk_roll(result.pointer, x.pointer, outer, size, inner, within, within.count, back)
      return result
    }
    return Self.make("rolled", roll(storage, back: false), shape, from: [self]) { g in
      [.whole(roll(g, back: true))]
    }
  }
}
