import CKernels

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
    let result = Tensor(channelsLast: elements, shape)
    if inputs.contains(where: { $0.node != nil }), GradientMode.isEnabled {
      result.node = Node(
        operation: operation, shape: shape, inputs: inputs.map(\.node), gradients: gradients)
    }
    return result
  }

  /// This tensor [N, C, L] with its elements in the order [N, L, C].
  func inChannelsLastOrder() -> (tensor: Tensor, elements: Storage) {
    if let channelsLast { return (self, channelsLast) }
    let (batch, channels, length) = (shape[0], shape[1], shape[2])
    let elements = Self.swappedLastAxes(storage, batch, channels, length)
    let tensor = Self.make("channels last", channelsLast: elements, shape, from: [self]) { g in
      [.whole(Self.swappedLastAxes(g, batch, length, channels))]
    }
    return (tensor, elements)
  }

  /// Elements in the order [N, L, C] and the node that belongs to them, in the usual order.
  func inRowMajorOrder(_ elements: Storage) -> (Storage, Node?) {
    let (batch, channels, length) = (shape[0], shape[1], shape[2])
    let ordered = Self.swappedLastAxes(elements, batch, length, channels)
    guard let node else { return (ordered, nil) }
    let next = Node(operation: "channels first", shape: shape, inputs: [node]) { g in
      [.whole(Self.swappedLastAxes(g, batch, channels, length))]
    }
    return (ordered, next)
  }

  /// `[N, rows, columns] → [N, columns, rows]`.
  private static func swappedLastAxes(
    _ x: Storage, _ batch: Int, _ rows: Int, _ columns: Int
  ) -> Storage {
    if rows == 1 || columns == 1 { return x }
    let result = Storage(count: x.count, for: "transposed")
    inParts(batch, cost: rows * columns) { range in
      for n in range {
        let (from, to) = (x.pointer + n * rows * columns, result.pointer + n * rows * columns)
        for column in 0..<columns {
          for row in 0..<rows { to[column * rows + row] = from[row * columns + column] }
        }
      }
    }
    return result
  }
}
