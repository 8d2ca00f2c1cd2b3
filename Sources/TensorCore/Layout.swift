/// Where the elements of a tensor lie in a buffer that may hold others too: along each axis at a
/// distance of its own.
///
/// Layouts come from row-major tensors by exchanging, cutting and splitting axes. So no two elements
/// share a place, and an axis of a larger distance steps over all that those of smaller ones reach: the
/// order of the places is that of the axes, sorted by distance.
struct Layout: Equatable {
  /// The place of the first element.
  var offset: Int
  /// The distance between neighbours along each axis; without meaning where there is only one.
  var strides: [Int]

  /// The usual order.
  init(rowMajor shape: Shape) { (offset, strides) = (0, shape.strides) }

  private init(offset: Int, strides: [Int]) { (self.offset, self.strides) = (offset, strides) }

  /// The order [N, L, C] for a tensor [N, C, L].
  init(channelsLast shape: Shape) {
    self.init(offset: 0, strides: [shape[1] * shape[2], 1, shape[1]])
  }

  /// The axes in the order of the places, the one of the largest distance first; those of size 1,
  /// for which it does not matter, before all others.
  func order(_ shape: Shape) -> [Int] {
    var order = strides.indices.filter { shape.dimensions[$0] > 1 }
    order.sort { strides[$0] > strides[$1] }
    return strides.indices.filter { shape.dimensions[$0] <= 1 } + order
  }

  /// Whether the order of the places is the usual order of the elements.
  func isRowMajor(_ shape: Shape) -> Bool {
    var smallest = Int.max
    for (size, stride) in zip(shape.dimensions, strides) where size > 1 {
      guard stride <= smallest else { return false }
      smallest = stride
    }
    return true
  }

  /// The layout without room between the elements, in the same order of places.
  func compact(_ shape: Shape) -> Layout {
    var result = Layout(offset: 0, strides: strides)
    var distance = 1
    for axis in order(shape).reversed() {
      result.strides[axis] = distance
      distance *= shape.dimensions[axis]
    }
    return result
  }

  /// Whether there is no room between the elements.
  func isCompact(_ shape: Shape) -> Bool {
    let strides = compact(shape).strides
    return shape.dimensions.indices.allSatisfy {
      shape.dimensions[$0] == 1 || strides[$0] == self.strides[$0]
    }
  }

  func permuted(_ order: [Int]) -> Layout {
    Layout(offset: offset, strides: order.map { strides[$0] })
  }

  /// From a position of an axis on.
  func starting(at position: Int, axis: Int) -> Layout {
    Layout(offset: offset + position * strides[axis], strides: strides)
  }

  func removing(axis: Int) -> Layout {
    var result = self
    result.strides.remove(at: axis)
    return result
  }

  /// The layout of the same elements, in row-major order, in another shape: `nil` when they must move
  /// for that. Axes can be split; those can be joined that lie as if they had been split.
  func reshaped(_ shape: Shape, to target: Shape) -> Layout? {
    guard shape.count > 0 else { return nil }
    let old = shape.dimensions.indices.filter { shape.dimensions[$0] != 1 }
    var result = Layout(offset: offset, strides: [Int](repeating: 1, count: target.rank))
    var axis = target.rank - 1
    var next = old.count - 1
    while next >= 0 {
      // a run of old axes that lie as one
      var (size, distance) = (shape.dimensions[old[next]], strides[old[next]])
      while next > 0,
        strides[old[next - 1]] == strides[old[next]] * shape.dimensions[old[next]]
      {
        next -= 1
        size *= shape.dimensions[old[next]]
      }
      // new axes that share it out
      while size > 1 {
        guard axis >= 0, size % target.dimensions[axis] == 0 else { return nil }
        result.strides[axis] = distance
        distance *= target.dimensions[axis]
        size /= target.dimensions[axis]
        axis -= 1
      }
      next -= 1
    }
    return result
  }
}
