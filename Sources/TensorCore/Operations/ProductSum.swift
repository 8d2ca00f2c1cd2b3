import CKernels

/// A sum of matrix products, `X W + H W′ + b`, that has not been computed yet.
///
/// `matmul` and `linear` only note what is to be multiplied. Adding another product or a bias adds
/// to the note, and an activation (or anything that needs the elements) computes the whole in one
/// pass, block by block in the cache and on all threads: `tanh(X.matmul(W_xh) + H.matmul(W_hh) + b)`
/// costs one pass over its result, not five. The graph gets one node for the sum.
struct ProductSum {
  /// `a [rows, k] · b [k, columns]`.
  struct Product {
    let a: Storage
    let b: Storage
    let k: Int
    let nodeA: Node?
    let nodeB: Node?
  }

  /// Beyond so many products a sum is computed, so that a long loop of additions stays linear.
  private static let longest = 8

  let rows: Int
  let columns: Int
  private(set) var products: [Product]
  private(set) var bias: (storage: Storage, node: Node?)?

  init(rows: Int, columns: Int, _ a: Tensor, _ b: Tensor, k: Int, bias: Tensor? = nil) {
    self.rows = rows
    self.columns = columns
    products = [
      Product(a: a.storage, b: b.storage, k: k, nodeA: a.rowMajorNode, nodeB: b.rowMajorNode)
    ]
    self.bias = bias.map { ($0.storage, $0.rowMajorNode) }
  }

  /// `a + b` as one sum and its shape, if one of them is an uncomputed sum that the other can join.
  static func joining(_ a: Tensor, _ b: Tensor) -> (ProductSum, Shape)? {
    let shape = a.uncomputedSum == nil ? b.shape : a.shape
    guard let sum = joined(a, b) else { return nil }
    a.markSumTaken()
    b.markSumTaken()
    return (sum, shape)
  }

  private static func joined(_ a: Tensor, _ b: Tensor) -> ProductSum? {
    switch (a.uncomputedSum, b.uncomputedSum) {
    case (var first?, let second?):
      guard a.shape == b.shape, first.bias == nil || second.bias == nil,
        first.products.count + second.products.count <= longest
      else { return nil }
      first.products += second.products
      first.bias = first.bias ?? second.bias
      return first
    case (let sum?, nil):
      return sum.adding(bias: b)
    case (nil, let sum?):
      return sum.adding(bias: a)
    case (nil, nil):
      return nil
    }
  }

  private func adding(bias tensor: Tensor) -> ProductSum? {
    guard bias == nil, tensor.shape == [columns] else { return nil }
    var result = self
    result.bias = (tensor.storage, tensor.rowMajorNode)
    return result
  }

  /// The same sum, through which no gradient passes.
  var withoutNodes: ProductSum {
    var result = self
    result.products = products.map {
      Product(a: $0.a, b: $0.b, k: $0.k, nodeA: nil, nodeB: nil)
    }
    result.bias = bias.map { ($0.storage, nil) }
    return result
  }

  /// The elements, with an activation applied to each.
  func computed(_ activation: rk_unary_operation = RK_IDENTITY) -> Storage {
    let result = Storage(count: rows * columns, for: "matmul")
    let list = products.map { product in
      rk_product(
        a: product.a.pointer, b: product.b.pointer, k: product.k, transposeA: false,
        transposeB: false,
        packedB: product.b.packed(transposed: false, m: rows, n: columns, k: product.k))
    }
    list.withUnsafeBufferPointer { list in
      var sum = rk_product_sum(
        out: result.pointer, m: rows, n: columns, products: list.baseAddress, count: list.count,
        bias: bias?.storage.pointer, accumulates: false, activation: activation)
      rk_product_sums(&sum, 1)
    }
    return result
  }

  /// The place of the sum in the graph: gradients `g Wᵀ` and `Xᵀ g` for each product, and the sum
  /// of the rows of `g` for the bias. `nil` when no input wants one.
  func node(_ operation: String, _ shape: Shape) -> Node? {
    let inputs = products.flatMap { [$0.nodeA, $0.nodeB] } + (bias.map { [$0.node] } ?? [])
    guard inputs.contains(where: { $0 != nil }), GradientMode.isEnabled else { return nil }
    // the closure holds buffers, not nodes
    let factors = products.map {
      (a: $0.a, b: $0.b, k: $0.k, wantsA: $0.nodeA != nil, wantsB: $0.nodeB != nil)
    }
    let (m, n, hasBias) = (rows, columns, bias != nil)
    return Node(operation: operation, shape: shape, inputs: inputs) { g in
      var gradients: [Gradient] = []
      gradients.reserveCapacity(2 * factors.count + 1)
      for factor in factors {
        gradients.append(
          factor.wantsA
            ? .product(
              ProductGradient(
                a: g, b: factor.b, transposeA: false, transposeB: true, m: m, n: factor.k, k: n))
            : .none)
        gradients.append(
          factor.wantsB
            ? .product(
              ProductGradient(
                a: factor.a, b: g, transposeA: true, transposeB: false, m: factor.k, n: n, k: m))
            : .none)
      }
      if hasBias { gradients.append(.rowSum(g, rows: m)) }
      return gradients
    }
  }
}

extension Tensor {
  /// The result of an operation that only notes what is to be computed.
  static func make(_ operation: String, _ sum: ProductSum, _ shape: Shape) -> Tensor {
    // a sum noted inside noGrad stays a constant, whatever is added to it outside
    let result = Tensor(GradientMode.isEnabled ? sum : sum.withoutNodes, shape)
    result.node = sum.node(operation, shape)
    return result
  }
}
