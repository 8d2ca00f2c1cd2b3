extension Tensor {
  /// The result of an operation: the elements, and the way back to the inputs if one of them
  /// wants a gradient.
  ///
  /// - Parameters:
  ///   - inputs: the tensors the result was computed from.
  ///   - gradients: takes the result's gradient and returns one for each input, in order. Must
  ///     not capture the result.
  package static func make(
    _ operation: String, _ storage: Storage, _ shape: Shape, from inputs: [Tensor],
    gradients: @escaping Node.Gradients
  ) -> Tensor {
    let result = Tensor(storage, shape)
    if inputs.contains(where: { $0.node != nil }), GradientMode.isEnabled {
      result.node = Node(
        operation: operation, shape: shape, inputs: inputs.map(\.rowMajorNode),
        gradients: gradients)
    }
    return result
  }

  /// The result of an operation whose elements, and those of its gradient, lie as the layout says.
  ///
  /// - Parameters:
  ///   - inputs: each is taken as it is: its gradient's elements are in the order of its places.
  ///   - gradients: takes the result's gradient in the order of its places.
  static func make(
    _ operation: String, _ storage: Storage, _ layout: Layout, _ shape: Shape,
    from inputs: [Tensor], gradients: @escaping Node.Gradients
  ) -> Tensor {
    let result = Tensor(storage, layout, shape)
    if inputs.contains(where: { $0.node != nil }), GradientMode.isEnabled {
      result.node = Node(
        operation: operation, shape: shape, inputs: inputs.map(\.node), gradients: gradients)
    }
    return result
  }

  /// A node whose gradient is in the usual order, for one whose gradient is in that of the places.
  static func rowMajorNode(_ node: Node, _ layout: Layout, _ shape: Shape) -> Node {
    let order = layout.order(shape)
    return Node(operation: "row-major", shape: shape, inputs: [node]) { g in
      [.whole(permute(g, shape, order).0)]
    }
  }
}
