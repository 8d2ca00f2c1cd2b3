// Convolutions work on the channels of one position together, so a tensor [N, C, L] may hold its
// elements in the order [N, L, C]: `transposed(1, 2)` of the recordings' [N, T, F] then moves nothing,
// and neither do the layers of a network of convolutions. Operations that know of the order ask for
// `channelsLast`; all others ask for `storage`, which puts the elements into the usual order.

extension Tensor {
  /// The result [N, C, L] of an operation that computes in the order [N, L, C].
  ///
  /// - Parameters:
  ///   - inputs: each is taken as it is: its gradient is in the order it was used in.
  ///   - gradients: takes the result's gradient in the order [N, L, C].
  static func make(
    _ operation: String, channelsLast elements: Storage, _ shape: Shape, from inputs: [Tensor],
    gradients: @escaping Node.Gradients
  ) -> Tensor {
    make(
      operation, elements, Layout(channelsLast: shape), shape, from: inputs, gradients: gradients)
  }

  /// This tensor [N, C, L] with its elements in the order [N, L, C].
  func inChannelsLastOrder() -> (tensor: Tensor, elements: Storage) {
    if let channelsLast { return (self, channelsLast) }
    let shape = shape
    let exchanged: Shape = [shape[0], shape[2], shape[1]]
    let elements = Self.permute(storage, shape, [0, 2, 1]).0
    let tensor = Tensor(elements, Layout(channelsLast: shape), shape)
    tensor.node = rowMajorNode.map { node in
      Node(operation: "channels last", shape: shape, inputs: [node]) { g in
        [.whole(Self.permute(g, exchanged, [0, 2, 1]).0)]
      }
    }
    return (tensor, elements)
  }
}
