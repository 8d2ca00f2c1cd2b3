import WorkerPipe

/// One axis of a row-major tensor.
struct TensorAxis {
  /// The number of places along it.
  let count: Int
  /// How far apart two neighbours along it are.
  let stride: Int

  /// Finds an axis of a tensor.
  ///
  /// - Returns: nil where the tensor has another number of axes than is known of it, or not this one.
  init?(_ axis: Axis, of axes: [Axis]?, _ shape: [Int]) {
    guard let axes, axes.count == shape.count, let index = axes.firstIndex(of: axis) else {
      return nil
    }
    count = shape[index]
    stride = shape[(index + 1)...].reduce(1, *)
  }

  /// The place along the axis of the element at an index.
  func place(of index: Int) -> Int { index / max(stride, 1) % max(count, 1) }
}
