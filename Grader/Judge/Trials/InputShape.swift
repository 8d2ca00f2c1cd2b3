import WorkerPipe

/// One of the inputs of an experiment, before its numbers are drawn.
public struct InputShape: Sendable, Hashable {
  /// What numbers it has.
  public enum Content: Sendable, Hashable {
    /// Standard normal ones.
    case normal
    /// Integers from a range.
    case integers(ClosedRange<Int>)
    /// Ones, and zeros in a third of the places.
    case mask
  }

  /// Its name on the pipe.
  public let name: String
  /// Its shape.
  public let shape: [Int]
  /// What numbers it has.
  public let content: Content

  /// Describes an input.
  public init(_ name: String, _ shape: [Int], _ content: Content = .normal) {
    self.name = name
    self.shape = shape
    self.content = content
  }

  /// Draws its numbers.
  public func drawn(_ numbers: inout SeededNumbers) -> PipeTensor {
    let count = shape.reduce(1, *)
    switch content {
    case .normal: return numbers.normal(name, shape)
    case .integers(let range):
      return PipeTensor(
        name: name, shape: shape,
        integers: (0..<count).map { _ in Int32(clamping: numbers.integer(range)) })
    case .mask:
      return PipeTensor(
        name: name, shape: shape,
        values: (0..<count).map { _ in numbers.integer(0...2) > 0 ? 1 : 0 })
    }
  }
}
