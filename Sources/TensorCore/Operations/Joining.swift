import CKernels

extension Tensor {
  /// Puts tensors of one shape side by side along a new axis. Gradient: each gets its part of `g`.
  ///
  /// - Parameters:
  ///   - tensors: at least one.
  ///   - axis: the new axis' place in the result. Steps `[N, H]` stacked at axis 1 give
  ///     `[N, T, H]`.
  /// - Throws: when there is none, or their shapes differ.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) throws(TensorError) -> Tensor {
    guard let first = tensors.first else {
      throw TensorError("stack", "there is nothing to stack: the list of tensors is empty")
    }
    if let (index, other) = tensors.enumerated().first(where: { $1.shape != first.shape }) {
      throw TensorError(
        "stack",
        "the tensors have different shapes: the first has \(first.operandDescription), number "
          + "\(index) (from 0) has \(other.operandDescription)")
    }
    let place = axis < 0 ? axis + first.rank + 1 : axis
    guard place >= 0, place <= first.rank else {
      throw TensorError("stack", "there is no axis \(axis) in a stack of \(first.shape)")
    }
    var dimensions = first.shape.dimensions
    dimensions.insert(tensors.count, at: place)
    return try join(
      "stack", tensors, Array(repeating: 1, count: tensors.count), place, Shape(dimensions))
  }

  /// Puts tensors one after the other along an axis they have. Gradient: each gets its part.
  ///
  /// - Throws: when there is none, or their shapes differ in another axis.
  public static func concatenate(_ tensors: [Tensor], axis: Int = 0) throws(TensorError) -> Tensor {
    guard let first = tensors.first else {
      throw TensorError("concatenate", "there is nothing to join: the list of tensors is empty")
    }
    let place = try first.shape.axis(axis, "concatenate")
    var total = 0
    for (index, tensor) in tensors.enumerated() {
      guard
        tensor.rank == first.rank,
        tensor.shape.removing(axis: place) == first.shape.removing(axis: place)
      else {
        throw TensorError(
          "concatenate",
          "\(first.operandDescription) and number \(index) (from 0), "
            + "\(tensor.operandDescription), differ in another axis than \(axis)")
      }
      total &+= tensor.shape.dimensions[place]
      // such sizes are those of tensors without elements
      guard total >= 0 else {
        throw TensorError("concatenate", "axis \(axis) would be longer than any number")
      }
    }
    return try join(
      "concatenate", tensors, tensors.map { $0.shape.dimensions[place] }, place,
      first.shape.replacing(axis: place, with: total))
  }

  private static func join(
    _ name: String, _ tensors: [Tensor], _ sizes: [Int], _ axis: Int, _ shape: Shape
  ) throws(TensorError) -> Tensor {
    try shape.checkRoom(
      name, "\(tensors.count) tensors, the first \(tensors.first?.operandDescription ?? "")")
    let parts = shape.split(at: axis)
    let stride = parts.size * parts.inner
    let result = Storage(count: shape.count, for: name)
    var offset = 0
    for (tensor, size) in zip(tensors, sizes) {
      let width = size * parts.inner
      rk_copy_rows(
        result.pointer + offset, stride, tensor.storage.pointer, width, parts.outer, width, false)
      offset += width
    }
    return make(name, result, shape, from: tensors) { g in
      var offset = 0
      return sizes.map { size in
        let width = size * parts.inner
        let part = Storage(count: parts.outer * width, for: name)
        rk_copy_rows(part.pointer, width, g.pointer + offset, stride, parts.outer, width, false)
        offset += width
        return .whole(part)
      }
    }
  }
}
