/// A batch of matrix products `A · B` that has not been computed yet.
///
/// `matmul` only notes what is to be multiplied. A number that all elements are multiplied with, or divided
/// by, joins the note, and what needs the elements computes them: of `Q.matmul(K.transposed(2, 3)) / √d`,
/// which no cache holds, each matrix is scaled while it is in one. The graph gets one node for both.
struct BatchedProduct {
  /// What is done with each element at the end.
  struct Scaling {
    let factor: Float
    var divides = false
    static let none = Scaling(factor: 1)
  }

  let shape: Shape
  private let batch: Shape
  private let (m, n, k): (Int, Int, Int)
  private let a: BatchOperand
  private let b: BatchOperand
  private let distances: Matrices.Distances
  private let scaling: Scaling

  /// - Parameters:
  ///   - batch: the sizes of the batch.
  ///   - shape: of the result, `[…batch, m, n]`.
  init(batch: Shape, m: Int, n: Int, k: Int, _ shape: Shape, _ a: BatchOperand, _ b: BatchOperand) {
    self.init(batch, m, n, k, shape, a, b, .none)
  }

  private init(
    _ batch: Shape, _ m: Int, _ n: Int, _ k: Int, _ shape: Shape, _ a: BatchOperand,
    _ b: BatchOperand, _ scaling: Scaling
  ) {
    (self.batch, self.m, self.n, self.k) = (batch, m, n, k)
    (self.shape, self.a, self.b, self.scaling) = (shape, a, b, scaling)
    distances = .init(shape, shape.strides, batchRank: batch.rank)
  }

  /// The same, scaled; `nil` where it is already.
  func scaled(_ scaling: Scaling) -> BatchedProduct? {
    self.scaling.factor == 1 ? BatchedProduct(batch, m, n, k, shape, a, b, scaling) : nil
  }

  /// The elements in row-major order.
  func computed() -> Storage {
    let result = Matrices(
      storage: Storage(count: shape.count, for: "matmul"), distances: distances)
    Matrices.multiply(
      batch, m: m, n: n, k: k, a.matrices, b.matrices, into: result, scaling: scaling)
    return result.storage
  }

  /// The place in the graph: gradients `s g Bᵀ` and `s Aᵀ g`. `nil` when no operand wants one.
  func node(_ operation: String) -> Node? {
    guard a.node != nil || b.node != nil, GradientMode.isEnabled else { return nil }
    // the closure holds buffers, not nodes
    let (forA, forB) = (a.gradient, b.gradient)
    let (matricesA, matricesB) = (a.matrices, b.matrices)
    let (batch, m, n, k, distances, scaling) = (batch, m, n, k, distances, scaling)
    return Node(operation: operation, shape: shape, inputs: [a.node, b.node]) { g in
      let upstream = Matrices(storage: g, distances: distances)
      var (first, second) = (Gradient.none, Gradient.none)
      if let gradient = forA?.empty() {
        Matrices.multiply(
          batch, m: m, n: k, k: n, upstream, matricesB.transposed, into: gradient,
          scaling: scaling)
        first = .whole(gradient.storage)
      }
      if let gradient = forB?.empty() {
        Matrices.multiply(
          batch, m: k, n: n, k: m, matricesA.transposed, upstream, into: gradient,
          scaling: scaling)
        second = .whole(gradient.storage)
      }
      return [first, second]
    }
  }
}

extension Tensor {
  /// The result of an operation that only notes what is to be computed.
  static func make(_ operation: String, _ product: BatchedProduct) -> Tensor {
    let result = Tensor(product)
    result.node = product.node(operation)
    return result
  }

  /// Takes the products that the elements still wait for further, when no operation has yet: from the
  /// second on, it pays to compute them.
  func scalingProducts(_ operation: String, _ scaling: BatchedProduct.Scaling) -> Tensor? {
    guard let product = takeProduct()?.scaled(scaling) else { return nil }
    return Self.make(operation, product)
  }
}
