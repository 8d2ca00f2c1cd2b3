/// A batch of matrix products `A · B` that has not been computed yet.
///
/// `matmul` only notes what is to be multiplied. A number that all elements are multiplied with, or divided
/// by, joins the note, and what needs the elements computes them: of `Q.matmul(K.transposed(2, 3)) / √d`,
/// which no cache holds, each matrix is scaled while it is in one. The graph gets one node for both. A softmax
/// of the rows is computed there, too, and so is its gradient, whose upstream gradient is such a batch.
package struct BatchedProduct {
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
  private var scaling = Scaling.none
  private var rows = Matrices.RowStep.none

  /// - Parameters:
  ///   - batch: the sizes of the batch.
  ///   - shape: of the result, `[…batch, m, n]`.
  init(batch: Shape, m: Int, n: Int, k: Int, _ shape: Shape, _ a: BatchOperand, _ b: BatchOperand) {
    (self.batch, self.m, self.n, self.k) = (batch, m, n, k)
    (self.shape, self.a, self.b) = (shape, a, b)
    distances = .init(shape, shape.strides, batchRank: batch.rank)
  }

  /// The same, scaled; `nil` where it is already.
  func scaled(_ scaling: Scaling) -> BatchedProduct? {
    guard self.scaling.factor == 1 else { return nil }
    var result = self
    result.scaling = scaling
    return result
  }

  /// The same, and then a step for each row.
  func followed(by rows: Matrices.RowStep) -> BatchedProduct {
    var result = self
    result.rows = rows
    return result
  }

  /// The products into a storage, or as the first of a chain.
  private func products(into storage: Storage?) -> Matrices.Products {
    Matrices.Products(
      batch: batch, m: m, n: n, k: k, a: a.matrices, b: b.matrices,
      c: Matrices(storage: storage, distances: distances), scaling: scaling, rows: rows)
  }

  /// The elements in row-major order.
  func computed() -> Storage {
    let result = Storage(count: shape.count, for: "matmul")
    products(into: result).multiply()
    return result
  }

  /// The place in the graph: gradients `s g Bᵀ` and `s Aᵀ g`. `nil` when no operand wants one.
  ///
  /// An upstream gradient that is still to be computed need not be stored: each of its matrices gives a part
  /// of both gradients while it is in the caches.
  func node(_ operation: String) -> Node? {
    guard a.node != nil || b.node != nil, GradientMode.isEnabled else { return nil }
    // the closures hold buffers, not nodes
    let gradients = ProductGradients(
      batch: batch, m: m, n: n, k: k, a: a.matrices, b: b.matrices, forA: a.gradient,
      forB: b.gradient, distances: distances, scaling: scaling)
    let node = Node(operation: operation, shape: shape, inputs: [a.node, b.node]) {
      gradients.of($0)
    }
    node.gradientsOfBatch = { upstream in
      gradients.following(upstream.products(into: nil)) ?? gradients.of(upstream.computed())
    }
    return node
  }

  /// What the gradients of a batch of products are computed from.
  private struct ProductGradients {
    let batch: Shape
    let (m, n, k): (Int, Int, Int)
    let a: Matrices
    let b: Matrices
    let forA: BatchOperand.GradientPlaces?
    let forB: BatchOperand.GradientPlaces?
    let distances: Matrices.Distances
    let scaling: Scaling

    func of(_ g: Storage) -> [Gradient] {
      let upstream = Matrices(storage: g, distances: distances)
      var (first, second) = (Gradient.none, Gradient.none)
      if let forA {
        let shape = Shape(batch.dimensions + [m, k])
        if forA.areRowMajor(shape, batchRank: batch.rank) {
          var products = BatchedProduct(
            batch: batch, m: m, n: k, k: n, shape, BatchOperand(upstream),
            BatchOperand(b.transposed))
          products.scaling = scaling
          first = .products(products)
        } else {
          let (storage, matrices) = forA.empty()
          productsForA(upstream, into: matrices).multiply()
          first = .whole(storage)
        }
      }
      if let (storage, matrices) = forB?.empty() {
        productsForB(upstream, into: matrices).multiply()
        second = .whole(storage)
      }
      return [first, second]
    }

    /// The same of an upstream gradient of which each matrix is only in the caches; `nil` where that does
    /// not serve.
    func following(_ upstream: Matrices.Products) -> [Gradient]? {
      let (first, second) = (forA?.empty(), forB?.empty())
      var links = [upstream]
      if let first { links.append(productsForA(upstream.c, into: first.matrices)) }
      if let second { links.append(productsForB(upstream.c, into: second.matrices)) }
      guard Matrices.Products.multiplyChain(links) else { return nil }
      return [first, second].map { $0.map { .whole($0.storage) } ?? .none }
    }

    private func productsForA(_ upstream: Matrices, into c: Matrices) -> Matrices.Products {
      Matrices.Products(
        batch: batch, m: m, n: k, k: n, a: upstream, b: b.transposed, c: c, scaling: scaling)
    }

    private func productsForB(_ upstream: Matrices, into c: Matrices) -> Matrices.Products {
      Matrices.Products(
        batch: batch, m: k, n: n, k: m, a: a.transposed, b: upstream, c: c, scaling: scaling)
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
