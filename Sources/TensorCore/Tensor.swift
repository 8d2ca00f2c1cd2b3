/// An array of 32-bit floats with a shape, row-major, that remembers how it was computed.
///
/// Operations make new tensors; the elements of a tensor never change under it, except that an
/// optimiser moves the elements of parameters. When one of the inputs requires a gradient the
/// result does too, and `backward()` on a scalar result fills in `grad` of the parameters.
///
/// Legend of the shapes in this module's documentation: `N` samples, `T` steps, `F` features,
/// `C` channels, `L` length, `K` classes, `H` hidden units.
public final class Tensor {
  /// The size along each axis.
  public let shape: Shape
  /// The number of elements.
  public let count: Int
  /// The elements, or what they wait for.
  private var elements: Elements

  /// What a tensor has of its elements: one of five.
  private enum Elements {
    /// All, in row-major order.
    case stored(Storage)
    /// All, in places of a buffer that are not theirs in row-major order, for operations that can
    /// read them there.
    case view(Storage, Layout)
    /// None yet: a sum of products waits for the operation that it ends in. Whether one has taken it
    /// further.
    case sum(ProductSum, isTaken: Bool)
    /// None yet: products wait for a number to be scaled by. Whether one has taken them further.
    case products(BatchedProduct, isTaken: Bool)
    /// None yet: a result that is often not looked at.
    case deferred(() -> Storage)
  }

  /// The place in the graph; `nil` when no gradient is wanted.
  package var node: Node?
  /// The place in the graph before the elements were put into the usual order.
  private var viewed: (node: Node, layout: Layout)?
  /// The leaf that this tensor was before `stopRequiringGrad()`, while a graph still leads to it.
  weak var frozenLeaf: Node?
  /// A name for messages. Parameters get theirs from the module they belong to.
  public var label: String? { didSet { node?.label = label ?? node?.label } }

  package init(_ storage: Storage, _ shape: Shape) {
    assert(storage.count == shape.count, "internal: \(storage.count) elements for shape \(shape)")
    elements = .stored(storage)
    self.shape = shape
    count = storage.count
  }

  init(_ sum: ProductSum, _ shape: Shape) {
    elements = .sum(sum, isTaken: false)
    self.shape = shape
    count = shape.count
  }

  init(_ products: BatchedProduct) {
    elements = .products(products, isTaken: false)
    shape = products.shape
    count = shape.count
  }

  /// A tensor whose elements are computed when somebody asks for them.
  package init(_ shape: Shape, computedBy compute: @escaping () -> Storage) {
    elements = .deferred(compute)
    self.shape = shape
    count = shape.count
  }

  /// A tensor of elements that lie in a buffer as the layout says. Its node's gradients have their
  /// elements in the order of those places.
  init(_ storage: Storage, _ layout: Layout, _ shape: Shape) {
    self.shape = shape
    count = shape.count
    if layout.isRowMajor(shape), layout.isCompact(shape) {
      elements = .stored(storage.part(layout.offset, count: count))
    } else {
      elements = .view(storage, layout)
    }
  }

  /// The elements in row-major order.
  package var storage: Storage {
    let found: Storage
    switch elements {
    case .stored(let storage): return storage
    case .view(let storage, let layout):
      found = storage.copy(layout, shape)
      if let node, !layout.isRowMajor(shape) {
        viewed = (node, layout)
        self.node = Self.rowMajorNode(node, layout, shape)
      }
    case .sum(let sum, _): found = sum.computed()
    case .products(let products, _): found = products.computed()
    case .deferred(let compute): found = compute()
    }
    elements = .stored(found)
    return found
  }

  /// The elements where they lie, and where that is.
  var placed: (storage: Storage, layout: Layout) {
    view ?? (storage, Layout(rowMajor: shape))
  }

  /// The elements where they lie, when that is not in row-major order next to one another.
  var view: (storage: Storage, layout: Layout)? {
    if case .view(let storage, let layout) = elements { (storage, layout) } else { nil }
  }

  /// The elements next to one another, in row-major order or with the axes in another, for an
  /// operation on each of them alone: its result keeps the order, so that nothing moves.
  var compact: (storage: Storage, layout: Layout) {
    guard case .view(let storage, let layout) = elements, layout.isCompact(shape) else {
      return (storage, Layout(rowMajor: shape))
    }
    return (storage.part(layout.offset, count: count), layout.compact(shape))
  }

  /// The node whose gradient has the elements in the usual order.
  var rowMajorNode: Node? {
    if node != nil, case .view(_, let layout) = elements, !layout.isRowMajor(shape) { _ = storage }
    return node
  }

  /// The node that all of the tensor's gradient arrives at, and the places of its elements.
  var wholeGradient: (node: Node, layout: Layout)? {
    if let viewed { return viewed }
    guard let node else { return nil }
    if case .view(_, let layout) = elements { return (node, layout) }
    return (node, Layout(rowMajor: shape))
  }

  /// The elements of a tensor [N, C, L] in the order [N, L, C], when that is how they were made.
  var channelsLast: Storage? {
    guard rank == 3, case .view(let storage, let layout) = elements, storage.count == count,
      layout == Layout(channelsLast: shape)
    else { return nil }
    return storage
  }

  /// The sum that the elements still wait to be computed from, for an operation that takes it
  /// further; `nil` when one already has: from the second on, it pays to compute it.
  var uncomputedSum: ProductSum? {
    if case .sum(let sum, isTaken: false) = elements { sum } else { nil }
  }

  /// Remembers that an operation has taken the sum further, if there is one.
  func markSumTaken() {
    if case .sum(let sum, _) = elements { elements = .sum(sum, isTaken: true) }
  }

  /// The products that the elements still wait to be computed from, for an operation that takes them
  /// further; `nil` when one already has.
  func takeProduct() -> BatchedProduct? {
    guard case .products(let products, isTaken: false) = elements else { return nil }
    elements = .products(products, isTaken: true)
    return products
  }

  /// Changes the elements in place: of a parameter, by an optimiser or a checkpoint.
  ///
  /// Whoever still refers to the old elements (a detached tensor, a graph that was retained, a
  /// product that was not computed yet) keeps them: they are copied first.
  package func withMutableElements<Result>(
    _ body: (UnsafeMutablePointer<Float>) -> Result
  ) -> Result {
    var own = storage
    // the tensor's own reference would count as another's
    elements = .stored(.none)
    Storage.makeOwn(&own)
    let result = body(own.pointer)
    elements = .stored(own)
    return result
  }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// The elements in row-major order.
  public var array: [Float] { storage.array }

  /// The one element of a tensor that has only one.
  public var item: Float {
    get throws(TensorError) {
      guard count == 1 else {
        throw TensorError(
          "item", "\(operandDescription) has \(count) elements, not one",
          remedy: "Use .array, or .sum() or .mean() first")
      }
      return storage.pointer[0]
    }
  }

  /// How the tensor is called in messages: its name, if it has one, and its shape.
  package var operandDescription: String { label.map { "\($0) \(shape)" } ?? "\(shape)" }

  /// Names the tensor for messages and gives it back.
  @discardableResult
  public func named(_ label: String) -> Tensor {
    self.label = label
    return self
  }
}
