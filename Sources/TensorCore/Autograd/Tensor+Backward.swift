import CKernels

extension Tensor {
  /// Whether a gradient will be computed for this tensor, or for something it was computed from.
  public var requiresGrad: Bool { node != nil }

  /// The gradient that `backward()` has collected; `nil` before, and for results of operations. That of a
  /// wide layer is computed when it is first asked for, so that threads must not ask at the same time.
  public var grad: Tensor? {
    guard let node, node.isLeaf, let gradient = node.settledGradient() else { return nil }
    return Tensor(gradient, shape)
  }

  /// Lets an optimiser's kernel read the collected gradient, which may be a product that is computed
  /// only then. `grad` gives the gradient afterwards too.
  ///
  /// - Returns: what the kernel returns; `nil` where there is no gradient.
  package func withArrivedGradient<Result>(_ body: (rk_gradient) -> Result) -> Result? {
    guard let node, node.isLeaf else { return nil }
    if let product = node.waitingProduct {
      return withExtendedLifetime(product) {
        body(
          rk_gradient(
            numbers: nil, a: product.a.pointer, b: product.b.pointer, m: product.m, n: product.n,
            k: product.k))
      }
    }
    guard let gradient = node.settledGradient() else { return nil }
    return withExtendedLifetime(gradient) {
      body(rk_gradient(numbers: gradient.pointer, a: nil, b: nil, m: 0, n: 0, k: 0))
    }
  }

  /// Whether the collected gradient waits for the optimiser.
  package var isGradientWaiting: Bool {
    node.map { $0.isLeaf && $0.waitingProduct != nil } ?? false
  }

  /// Makes this tensor a leaf of the graph whose gradient is kept.
  ///
  /// - Returns: this tensor, or a detached copy if it was itself the result of an operation.
  @discardableResult
  public func requiringGrad() -> Tensor {
    if let node = rowMajorNode, !node.isLeaf { return detached().requiringGrad() }
    if node == nil {
      // a leaf has its elements: what is added to a sum that waits would pass it by
      _ = storage
      node = frozenLeaf ?? Node(operation: "leaf", shape: shape)
      node?.forgetGradient()
      node?.label = label
    }
    return self
  }

  /// Makes a leaf an ordinary tensor again, without a gradient, until `requiringGrad()`. Graphs that
  /// were built before keep it as a leaf, the same one if it requires a gradient again.
  public func stopRequiringGrad() {
    if let node, node.isLeaf { (frozenLeaf, self.node) = (node, nil) }
  }

  /// The same elements without the graph: no gradient passes through.
  public func detached() -> Tensor {
    let result = Tensor(storage, shape)
    result.label = label
    return result
  }

  /// Puts another gradient of the same shape in the collected one's place.
  package func replaceGrad(with gradient: Tensor?) {
    guard let node, node.isLeaf else { return }
    node.forgetGradient()
    node.gradient = gradient?.storage
  }

  /// Scales the collected gradient, in place where nobody else reads it.
  package func scaleGrad(by factor: Float) {
    guard let node, node.isLeaf else { return }
    node.scaleGradient(by: factor)
  }

  /// `Σ x²`, which is finite where all elements are.
  package var sumOfSquares: Double { rk_sum_of_squares(storage.pointer, count) }

  /// Forgets the collected gradient.
  public func zeroGrad() {
    if let node, node.isLeaf { node.forgetGradient() }
  }

  /// Computes the gradients of all parameters that this tensor was computed from and adds them to
  /// their `grad` (reverse-mode differentiation).
  ///
  /// - Parameters:
  ///   - gradient: the gradient of the final result for this tensor, of this tensor's shape; may be
  ///     left out for a tensor of one element, where it is 1.
  ///   - retainGraph: keeps the graph for another pass. By default it is freed on the way.
  /// - Throws: when this tensor has no graph, when the graph was freed by an earlier pass, or when
  ///   the gradient is missing or has another shape.
  public func backward(gradient: Tensor? = nil, retainGraph: Bool = false) throws(TensorError) {
    var kept: [ObjectIdentifier: Storage] = [:]
    try backward(gradient: gradient, retainGraph: retainGraph, keeping: [], in: &kept)
  }

  /// Does the same, and keeps the gradients of results that lie on the way.
  ///
  /// - Returns: this tensor's gradient for each of the results; nil where none reaches it.
  package func backward(through results: [Tensor]) throws(TensorError) -> [Tensor?] {
    let places = results.map { result in
      result.wholeGradient.map { (node: ObjectIdentifier($0.node), layout: $0.layout) }
    }
    var kept: [ObjectIdentifier: Storage] = [:]
    try backward(
      gradient: nil, retainGraph: false, keeping: Set(places.compactMap { $0?.node }), in: &kept)
    return zip(results, places).map { result, place in
      guard let place, let gradient = kept[place.node] else { return nil }
      return Tensor(gradient, place.layout.compact(result.shape), result.shape)
    }
  }

  private func backward(
    gradient: Tensor?, retainGraph: Bool, keeping wanted: Set<ObjectIdentifier>,
    in kept: inout [ObjectIdentifier: Storage]
  ) throws(TensorError) {
    guard let root = rowMajorNode else {
      throw TensorError(
        "backward", "\(operandDescription) was not computed from anything that requires a gradient",
        remedy: "Were the parameters declared with @Parameter, and is this inside noGrad?")
    }
    if let gradient, gradient.shape != shape {
      throw TensorError(
        "backward", "the gradient has shape \(gradient.shape), the tensor \(operandDescription)")
    }
    if gradient == nil, count != 1 {
      throw TensorError(
        "backward", "\(operandDescription) has \(count) elements, so its gradient must be given",
        remedy: "Use .sum() or .mean() first, or pass gradient:")
    }
    guard !root.isReleased else {
      throw TensorError(
        "backward", "the graph of \(operandDescription) was freed by an earlier backward()",
        remedy: "Compute the tensor again, or pass retainGraph: true the first time")
    }
    let nodes = try Self.nodesBefore(root)
    // what an earlier pass left to the optimiser: there may be more to add to it now
    Node.settle(nodes.filter { $0.isLeaf && $0.isUnsettled })
    // loops of gradients that are no kernels, too
    let mode = rk_begin_calculation()
    defer { rk_end_calculation(mode) }
    root.accumulate(
      .whole(gradient?.storage ?? Storage(count: count, filledWith: 1, for: "backward")))
    var unsettledLeaves: [Node] = []
    for node in nodes {
      guard let gradients = node.gradients else { continue }
      let gradientsOfBatch = node.gradientsOfBatch
      if !retainGraph {
        node.gradients = nil
        node.gradientsOfBatch = nil
        node.isReleased = true
      }
      let isWanted = !wanted.isEmpty && wanted.contains(ObjectIdentifier(node))
      let contributions: [Gradient]
      if !isWanted, let gradientsOfBatch, let batch = node.batch {
        node.batch = nil
        contributions = gradientsOfBatch(batch)
      } else {
        guard let upstream = node.takeGradient() else { continue }
        if isWanted { kept[ObjectIdentifier(node)] = upstream }
        contributions = gradients(upstream)
      }
      for (input, contribution) in zip(node.inputs, contributions) {
        guard let input else { continue }
        let wasSettled = !input.isUnsettled
        input.accumulate(contribution)
        guard input.isLeaf, input.isUnsettled else { continue }
        if wasSettled { unsettledLeaves.append(input) }
        if input.products.count + input.rowSums.count >= Self.longestWait {
          Node.settle(unsettledLeaves)
          unsettledLeaves = []
        }
      }
      if !retainGraph { node.inputs = [] }
    }
    Node.settle(unsettledLeaves.filter { $0.waitingProduct == nil })
  }

  /// Contributions that a leaf may put off: what they refer to stays in memory until then.
  private static let longestWait = 64

  /// The nodes that a node was computed from, itself included, each before its inputs.
  private static func nodesBefore(_ root: Node) throws(TensorError) -> [Node] {
    let visit = Node.nextNumber()
    var found = [root]
    root.visit = visit
    var next = 0
    while next < found.count {
      let node = found[next]
      next += 1
      guard !node.isReleased else {
        throw TensorError(
          "backward", "a part of the graph (\(node.operation)) was freed by an earlier backward()",
          remedy: "Compute it again, detach() it, or pass retainGraph: true the first time")
      }
      for case let input? in node.inputs where input.visit != visit {
        input.visit = visit
        found.append(input)
      }
    }
    return found.sorted { $0.number > $1.number }
  }
}
