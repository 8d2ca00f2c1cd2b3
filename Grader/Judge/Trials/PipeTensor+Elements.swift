import WorkerPipe

extension PipeTensor {
  /// The elements at some places, in that order, as they are: integers stay integers.
  func elements(at places: [Int], shape: [Int]? = nil) -> PipeTensor {
    PipeTensor(
      name: name, shape: shape ?? [places.count],
      elements: integers.map { all in .integers(places.map { all[$0] }) }
        ?? .floats(places.map { values[$0] }))
  }

  /// The same tensor with other numbers by place; integers stay integers.
  func changing(_ change: (_ place: Int, _ value: Float) -> Float) -> PipeTensor {
    let changed = values.enumerated().map { change($0.offset, $0.element) }
    return PipeTensor(
      name: name, shape: shape,
      elements: integers == nil ? .floats(changed) : .integers(changed.map { Int32($0) }))
  }
}
