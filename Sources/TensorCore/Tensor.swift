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
  /// The elements, when they have been computed.
  private var elements: Storage?
  /// What the elements are, when they have not: a sum of products that waits for the operation that
  /// it ends in.
  private var pending: ProductSum?
  /// Computes the elements, for a result that is often not looked at.
  private var compute: (() -> Storage)?
  /// The elements of a tensor [N, C, L] in the order [N, L, C], when that is how they were made.
  private(set) var channelsLast: Storage?
  /// The place in the graph; `nil` when no gradient is wanted.
  package var node: Node?
  /// The leaf that this tensor was before `stopRequiringGrad()`, while a graph still leads to it.
  weak var frozenLeaf: Node?
  /// A name for messages. Parameters get theirs from the module they belong to.
  public var label: String? { didSet { node?.label = label ?? node?.label } }

  package init(_ storage: Storage, _ shape: Shape) {
    assert(storage.count == shape.count, "internal: \(storage.count) elements for shape \(shape)")
    elements = storage
    self.shape = shape
    count = storage.count
  }

  init(_ sum: ProductSum, _ shape: Shape) {
    pending = sum
    self.shape = shape
    count = shape.count
  }

  /// A tensor whose elements are computed when somebody asks for them.
  package init(_ shape: Shape, computedBy compute: @escaping () -> Storage) {
    self.compute = compute
    self.shape = shape
    count = shape.count
  }

  /// A tensor [N, C, L] of elements in the order [N, L, C]; its node's gradients are in that order.
  init(channelsLast elements: Storage, _ shape: Shape) {
    channelsLast = elements
    self.shape = shape
    count = elements.count
  }

  /// The elements.
  package var storage: Storage {
    if let elements { return elements }
    if let channelsLast {
      let (ordered, orderedNode) = inRowMajorOrder(channelsLast)
      (elements, node, self.channelsLast) = (ordered, orderedNode, nil)
      return ordered
    }
    guard let computed = pending?.computed() ?? compute?() else {
      preconditionFailure("internal: a tensor without elements")
    }
    (elements, pending, compute) = (computed, nil, nil)
    return computed
  }

  /// The sum that the elements still wait to be computed from, for an operation that takes it
  /// further; `nil` when one already has: from the second on, it pays to compute it.
  var uncomputedSum: ProductSum? { elements == nil && !isSumTaken ? pending : nil }
  /// Whether an operation has taken the sum further.
  var isSumTaken = false

  /// Changes the elements in place: of a parameter, by an optimiser or a checkpoint.
  ///
  /// Whoever still refers to the old elements (a detached tensor, a graph that was retained, a
  /// product that was not computed yet) keeps them: they are copied first.
  package func withMutableElements(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    var own = storage
    elements = nil
    if !isKnownUniquelyReferenced(&own) { own = own.copy() }
    own.forgetPacked()
    body(own.pointer)
    elements = own
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
