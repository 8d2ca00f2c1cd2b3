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

  /// The node whose gradient has the elements in the usual order.
  var rowMajorNode: Node? {
    if channelsLast != nil { _ = storage }
    return node
  }
}
