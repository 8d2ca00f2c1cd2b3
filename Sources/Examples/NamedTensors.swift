import TensorCore

/// Tensors by name, in order: the inputs of a batch, what a network says of it.
public struct NamedTensors {
  /// The tensors.
  public let entries: [(name: String, tensor: Tensor)]
  /// What they are, for a message.
  private let kind: String

  /// Names tensors.
  ///
  /// - Parameter kind: what they are, such as `input`.
  public init(_ entries: [(name: String, tensor: Tensor)], kind: String) {
    self.entries = entries
    self.kind = kind
  }

  /// The tensor of that name.
  ///
  /// - Throws: when there is none, with the names that there are.
  public subscript(_ name: String) -> Tensor {
    get throws(TensorError) {
      guard let found = entries.first(where: { $0.name == name }) else {
        throw TensorError(
          kind, "there is no \(name)",
          remedy: "There are \(entries.map(\.name).joined(separator: ", "))")
      }
      return found.tensor
    }
  }
}
