import TensorCore

/// Arguments that nobody in his senses gives, from one seed and the call's number.
struct Draw {
  private var twister: MersenneTwister
  /// The arguments.
  private(set) var text = ""
  /// What is called, unless a call says otherwise.
  private let operation: String
  /// The bytes that the operation is told that there are; nil for all that there are.
  let memory: Int?

  init(_ operation: String, seed: UInt64, call: Int, memory: Int?) {
    self.operation = operation
    // the generator keeps 32 bits of its seed: two of them are mixed to one
    twister = MersenneTwister(seed: (seed &* 0x9E37_79B9 &+ UInt64(call)) &* 0x85EB_CA6B)
    self.memory = memory
    for _ in 0..<8 { _ = twister.next32() }
  }

  mutating func below(_ bound: Int) -> Int { twister.nextIndex(below: bound) }

  mutating func one<Element>(of list: [Element]) -> Element { list[below(list.count)] }

  /// Says what is called now, so that it is known if it does not come back.
  ///
  /// - Parameter operations: the public names, one of which a sentence must begin with; the subject's when
  ///   left out.
  mutating func call(_ text: String, as operations: String...) {
    self.text = text
    announce((operations.isEmpty ? [operation] : operations).joined(separator: " ") + "\t" + text)
    if let memory { TensorMemory.pretendAvailable(bytes: memory) }
  }

  // MARK: - Numbers

  private static let wild = [
    Int.min, -1 << 62, -1 << 40, -1 << 31, 1 << 31, 1 << 32, 1 << 40, 1 << 60, 1 << 61, 1 << 62,
    Int.max / 2, Int.max - 1, Int.max,
  ]

  /// A size, a setting, an axis or an index: more often one that fits than not.
  mutating func integer() -> Int {
    switch below(8) {
    case 0: one(of: Self.wild)
    case 1: one(of: [-3, -2, -1, 0])
    default: below(6)
    }
  }

  mutating func axis() -> Int { below(4) == 0 ? integer() : below(5) - 2 }

  mutating func integers() -> [Int] { (0..<below(4)).map { _ in integer() } }

  mutating func number() -> Float {
    one(of: [
      .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 0.5, 2, 3.5, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, -1e30, 1e-30,
    ])
  }

  mutating func shape() -> Shape { Shape((0..<below(5)).map { _ in integer() }) }

  // MARK: - Tensors

  /// A tensor that can be had: few elements, or a long axis, or none of many.
  mutating func tensor(rank: Int? = nil) -> Tensor {
    let count = below(6) == 0 ? nil : rank
    var sizes = (0..<(count ?? below(5))).map { _ in below(4) == 0 ? below(6) : 1 + below(4) }
    if !sizes.isEmpty {
      // where there is as good as no memory, something must need more
      switch below(memory == nil ? 12 : 5) {
      case 0: sizes[below(sizes.count)] = 1 << 19
      case 1: sizes[below(sizes.count)] = 0
      case 2:
        // many rows of nothing
        sizes[below(sizes.count)] = 0
        sizes[below(sizes.count)] = one(of: [0, 1 << 31, 1 << 40])
      default: break
      }
    }
    return tensor(of: Shape(sizes))
  }

  mutating func tensor(of shape: Shape) -> Tensor {
    if shape.shortage != nil || shape.count > 1 << 22 { return tensor(rank: 2) }
    let x: Tensor
    switch below(3) {
    case 0: x = .full(shape, number())
    case 1: x = .full(shape, Float(below(4)))
    default:
      var generator = RandomGenerator(seed: UInt64(below(100)))
      x = .randn(shape, using: &generator)
    }
    if below(3) == 0 { x.requiringGrad() }
    return below(10) == 0 ? x.named("W") : x
  }

  /// A tensor whose shape may fit to another: the same, or one axis exchanged for something else.
  mutating func tensor(like other: Tensor) -> Tensor {
    var sizes = other.shape.dimensions
    switch below(4) {
    case 0 where !sizes.isEmpty: sizes[below(sizes.count)] = one(of: [0, 1, 2, 1 << 19])
    case 1: return tensor(rank: sizes.count)
    default: break
    }
    return tensor(of: Shape(sizes))
  }

  mutating func tensors() -> [Tensor] {
    let first = tensor(rank: 2)
    return (0..<below(4)).map { $0 == 0 ? first : tensor(like: first) }
  }

  mutating func generator() -> RandomGenerator { RandomGenerator(seed: UInt64(below(1000))) }
}

extension [Tensor] {
  var shapes: String { map(\.shape.description).joined(separator: ", ") }
}
