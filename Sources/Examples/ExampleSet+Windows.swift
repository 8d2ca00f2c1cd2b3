import TensorCore

/// Windows of one length from stretches of any.
extension ExampleSet {
  /// Consecutive windows of `length` rows of every example, each with the example's target. What is
  /// left at an example's end is dropped. Inputs that are no stretches stay as they are.
  public func windows(length: Int) -> ExampleSet {
    checkLength(length, "windows")
    return cut(
      length: length,
      at: (0..<count).flatMap { index in
        (0..<(stretchLength(index) / length)).map { (index, $0 * length) }
      })
  }

  /// One window of `length` rows an example, at a random offset: the course's augmentation. Examples
  /// that are shorter are left out. Draws one number for each window.
  public func randomWindows(length: Int, _ generator: inout MersenneTwister) -> ExampleSet {
    checkLength(length, "randomWindows")
    var cuts: [(index: Int, offset: Int)] = []
    for index in 0..<count where stretchLength(index) >= length {
      cuts.append((index, generator.nextIndex(below: stretchLength(index) - length + 1)))
    }
    return cut(length: length, at: cuts)
  }

  private func checkLength(_ length: Int, _ operation: String) {
    if length <= 0 { stop(operation, "a window has at least one row, not \(length)") }
  }

  /// The rows of the shortest of an example's stretches.
  private func stretchLength(_ index: Int) -> Int {
    inputs.compactMap { input -> Int? in
      if case .stretches(let counts) = input.extent { counts[index] } else { nil }
    }.min() ?? 0
  }

  private func cut(length: Int, at cuts: [(index: Int, offset: Int)]) -> ExampleSet {
    let indices = cuts.map(\.index)
    let inputs = inputs.map { input -> Input in
      guard case .stretches = input.extent else { return input.selecting(indices) }
      return Input(
        input.table, name: input.name,
        firstRows: cuts.map { input.firstRows[$0.index] + $0.offset },
        extent: .window(length))
    }
    return ExampleSet(
      inputs, targets: targets.selecting(indices),
      names: names.isEmpty ? [] : indices.map { names[$0] })
  }
}
