import CKernels

/// The gradient that an operation returns for one of its inputs.
///
/// Products, slices and sums of rows say what to add instead of making a tensor of their own: the
/// sum over the steps of a recurrence then happens in place, and a slice of a long sequence costs
/// its own size, not the sequence's.
package enum Gradient {
  /// The input wants none.
  case none
  /// All of it.
  case whole(Storage)
  /// All of it, still to be computed.
  case products(BatchedProduct)
  /// A matrix product, of the input's size.
  case product(ProductGradient)
  /// The sum of the rows `[rows, the input's size]`.
  case rowSum(Storage, rows: Int)
  /// `rows` runs of `width` elements from `offset` on, `stride` apart; the rest is zero.
  case slice(Storage, offset: Int, stride: Int, rows: Int, width: Int)
}

/// `op(a) · op(b)`, `[m, k] · [k, n]`.
package struct ProductGradient {
  let a: Storage
  let b: Storage
  let transposeA: Bool
  let transposeB: Bool
  let m: Int
  let n: Int
  let k: Int
}

extension Node {
  /// Adds what arrived to the gradient collected so far. Products and sums of rows are put off
  /// until `settle`, which computes all of them in one go.
  func accumulate(_ contribution: Gradient) {
    if case .none = contribution { return }
    settleBatch()
    switch contribution {
    case .none:
      return
    case .products(let batch):
      if gradientsOfBatch != nil, gradient == nil, !isUnsettled {
        self.batch = batch
      } else {
        accumulate(.whole(batch.computed()))
      }
    case .whole(let storage):
      assert(
        storage.count == shape.count, "internal: the gradient of \(operation) has a wrong size")
      if gradient == nil {
        gradient = storage
      } else {
        let target = ownGradient()
        rk_accumulate(target.pointer, storage.pointer, storage.count)
      }
    case .product(let product):
      products.append(product)
    case .rowSum(let storage, let rows):
      rowSums.append((storage, rows))
    case .slice(let storage, let offset, let stride, let rows, let width):
      if gradient == nil { gradient = Storage(count: shape.count, filledWith: 0, for: "backward") }
      rk_copy_rows(
        ownGradient().pointer + offset, stride, storage.pointer, width, rows, width, true)
    }
  }

  /// Whether something was put off.
  var isUnsettled: Bool { !products.isEmpty || !rowSums.isEmpty }

  /// The product that is all that has arrived at a leaf, where it is better left to the optimiser:
  /// a gradient so large that writing and reading it costs as much as computing it. Until it is
  /// forgotten its factors are kept, which are no larger.
  var waitingProduct: ProductGradient? {
    guard products.count == 1, gradient == nil, rowSums.isEmpty, let product = products.first,
      product.transposeA, !product.transposeB,
      rk_gradient_may_wait(product.m, product.n, product.k)
    else { return nil }
    return product
  }

  /// What a leaf has collected, computed where it was put off; `nil` when nothing has arrived.
  func settledGradient() -> Storage? {
    if isUnsettled { Node.settle([self]) }
    return gradient
  }

  /// Forgets what has arrived, computed or not.
  func forgetGradient() {
    gradient = nil
    products = []
    rowSums = []
  }

  /// What has arrived, with what was put off; `nil` when nothing has.
  func takeGradient() -> Storage? {
    settleBatch()
    Node.settle([self])
    defer { gradient = nil }
    return gradient
  }

  /// Computes the products that wait for `gradientsOfBatch`.
  private func settleBatch() {
    guard let batch else { return }
    self.batch = nil
    accumulate(.whole(batch.computed()))
  }

  /// Computes what was put off for some nodes: all their products at once, so that threads meet
  /// once for all parameters of a network and not once for each step and parameter.
  static func settle(_ nodes: [Node]) {
    settleProducts(nodes.filter { !$0.products.isEmpty })
    let summing = nodes.filter { !$0.rowSums.isEmpty }
    for node in summing where node.gradient == nil {
      node.gradient = Storage(count: node.shape.count, filledWith: 0, for: "backward")
    }
    let targets = summing.map { node in
      (
        target: node.ownGradient(),
        rows: node.rowSums.map { rk_rows(x: $0.storage.pointer, rows: $0.rows) }
      )
    }
    // one target is cut by its rows, several are done side by side
    let cost = summing.first?.rowSums.reduce(0) { $0 + $1.storage.count } ?? 0
    inParts(targets.count, cost: cost) { range in
      for (target, rows) in targets[range] {
        rk_add_sums_of_rows(target.pointer, rows, rows.count, target.count)
      }
    }
    for node in summing { node.rowSums = [] }
  }

  private static func settleProducts(_ nodes: [Node]) {
    guard !nodes.isEmpty else { return }
    let products = nodes.flatMap(\.products).map { product in
      rk_product(
        a: product.a.pointer, b: product.b.pointer, k: product.k, transposeA: product.transposeA,
        transposeB: product.transposeB,
        packedB: product.transposeA
          ? nil
          : product.b.packed(
            transposed: product.transposeB, m: product.m, n: product.n, k: product.k))
    }
    products.withUnsafeBufferPointer { products in
      var start = 0
      var sums: [rk_product_sum] = []
      for node in nodes {
        let (m, n) = (node.products[0].m, node.products[0].n)
        assert(
          m * n == node.shape.count && node.products.allSatisfy { $0.m == m && $0.n == n },
          "internal: a product for the gradient of \(node.operation) has a wrong size")
        let accumulates = node.gradient != nil
        let target = accumulates ? node.ownGradient() : Storage(count: m * n, for: "backward")
        node.gradient = target
        sums.append(
          rk_product_sum(
            out: target.pointer, m: m, n: n, products: products.baseAddress.map { $0 + start },
            count: node.products.count, bias: nil, accumulates: accumulates,
            activation: RK_IDENTITY))
        start += node.products.count
      }
      rk_product_sums(sums, sums.count)
    }
    for node in nodes { node.products = [] }
  }

  /// Scales the collected gradient.
  func scaleGradient(by factor: Float) {
    guard settledGradient() != nil else { return }
    let own = ownGradient()
    rk_scale_shift(own.pointer, own.pointer, factor, 0, own.count)
  }

  /// The collected gradient as a buffer that nobody else reads, so that it may be added to.
  private func ownGradient() -> Storage {
    guard var candidate = gradient else {
      preconditionFailure("internal: no gradient to add to")
    }
    gradient = nil
    Storage.makeOwn(&candidate)
    gradient = candidate
    return candidate
  }
}
