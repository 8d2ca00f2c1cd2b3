import CKernels

extension Tensor {
  /// The largest along an axis in descending order, or the smallest in ascending order, and their
  /// positions: both of this shape with `k` in place of the axis' size. Gradient: `g` of the values to
  /// where each came from; the positions have none.
  ///
  /// A NaN counts as larger than all, zeros of both signs as equal, and equal elements come in the order
  /// of their positions.
  ///
  /// Source: PyTorch's `topk`, which does not promise the order of equal ones.
  ///
  /// - Throws: when the axis does not exist, is longer than 2²⁴ (no float counts further), or has not
  ///   `k` elements.
  public func topK(
    _ k: Int, axis: Int = -1, largest: Bool = true
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    let place = try shape.axis(axis, "topK")
    guard k >= 0, k <= shape[place] else {
      throw TensorError(
        "topK",
        "\(operandDescription): axis \(axis) has size \(shape[place]), from which \(k) elements cannot "
          + "be taken")
    }
    return try ordered("topK", place, first: k, descending: largest)
  }

  /// The elements in order along an axis, and their positions before. Gradient: `g` of the values to
  /// where each came from; the positions have none.
  ///
  /// Equal elements keep their order, also in descending order; a NaN counts as larger than all, zeros of
  /// both signs as equal.
  ///
  /// Source: PyTorch's `sort(stable=True)`.
  ///
  /// - Throws: when the axis does not exist or is longer than 2²⁴ (no float counts further).
  public func sorted(
    axis: Int = -1, descending: Bool = false
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    let place = try shape.axis(axis, "sorted")
    return try ordered("sorted", place, first: shape[place], descending: descending)
  }

  /// The positions of the elements in order along an axis, without a gradient: what `sorted` says, for
  /// `gather`.
  ///
  /// Source: PyTorch's `argsort(stable=True)`.
  ///
  /// - Throws: when the axis does not exist or is longer than 2²⁴ (no float counts further).
  public func argsort(axis: Int = -1, descending: Bool = false) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, "argsort")
    try checkOrder("argsort", place, results: 1)
    let (outer, size, inner) = shape.split(at: place)
    let indices = Storage(count: count)
    rk_order(nil, indices.pointer, storage.pointer, outer, size, inner, size, descending)
    return Tensor(indices, shape)
  }

  private func ordered(
    _ name: String, _ place: Int, first k: Int, descending: Bool
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    try checkOrder(name, place, results: 2)
    let (outer, size, inner) = shape.split(at: place)
    let result = shape.replacing(axis: place, with: k)
    let (values, indices) = (
      Storage(count: result.count, for: name), Storage(count: result.count, for: name)
    )
    rk_order(
      values.pointer, indices.pointer, storage.pointer, outer, size, inner, k, descending)
    let count = count
    let tensor = Self.make(name, values, result, from: [self]) { g in
      let gradient = Storage(count: count, for: name)
      rk_scatter_add(gradient.pointer, g.pointer, indices.pointer, outer, size, k, inner)
      return [.whole(gradient)]
    }
    return (tensor, Tensor(indices, result))
  }

  /// Refuses what has no positions, or no room for `results` results and what a thread keeps to sort some lines.
  private func checkOrder(_ name: String, _ place: Int, results: Int) throws(TensorError) {
    guard shape[place] <= 1 << 24 else {
      throw TensorError(
        name,
        "\(operandDescription): an axis of \(shape[place]) elements has positions that floats do not "
          + "have, which count up to \(1 << 24)")
    }
    // an empty tensor may have sizes of any length
    guard count > 0 else { return }
    try checkRoom(
      inBetween: results * count + 20 * shape[place] * KernelThreads.count, name, operandDescription
    )
  }
}
