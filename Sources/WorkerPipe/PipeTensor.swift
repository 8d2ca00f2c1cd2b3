/// A tensor on the pipe: plain numbers, nothing that can be run.
public struct PipeTensor: Sendable, Equatable {
  /// The elements, row-major.
  public enum Elements: Sendable, Equatable {
    /// Single precision.
    case floats([Float])
    /// Labels, indices, masks: all 32 bits count, of which a float holds 24.
    case integers([Int32])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .floats(let values): values.count
      case .integers(let values): values.count
      }
    }
  }

  /// What the tensor is, such as `outputs` or `W_xi`.
  public let name: String
  /// The size along each axis.
  public let shape: [Int]
  /// The elements as floats, row-major; integers beyond 2²⁴ are rounded, see `integers`.
  public let values: [Float]
  /// The elements of a tensor of integers; nil for one of floats.
  public let integers: [Int32]?

  /// Makes a tensor; the caller answers for the number of elements.
  public init(name: String, shape: [Int], values: [Float]) {
    self.init(name: name, shape: shape, elements: .floats(values))
  }

  /// Makes a tensor of integers; the caller answers for their number.
  public init(name: String, shape: [Int], integers: [Int32]) {
    self.init(name: name, shape: shape, elements: .integers(integers))
  }

  /// Makes a tensor; the caller answers for the number of elements.
  public init(name: String, shape: [Int], elements: Elements) {
    self.name = name
    self.shape = shape
    switch elements {
    case .floats(let values):
      self.values = values
      integers = nil
    case .integers(let integers):
      // once: whoever looks at floats may look many times
      values = integers.map(Float.init)
      self.integers = integers
    }
  }

  /// The elements.
  public var elements: Elements { integers.map(Elements.integers) ?? .floats(values) }

  /// The same tensor with other numbers.
  public func mapValues(_ transform: (Float) -> Float) -> PipeTensor {
    PipeTensor(name: name, shape: shape, values: values.map(transform))
  }

  /// The same tensor under another name.
  public func renamed(_ name: String) -> PipeTensor {
    PipeTensor(name: name, shape: shape, elements: elements)
  }
}
