/// An array of 32-bit floats with a shape, row-major, that remembers how it was computed.
///
/// Operations make new tensors; the elements of a tensor never change under it, except that an
/// optimiser moves the elements of parameters. When one of the inputs requires a gradient the
/// result does too, and `backward()` on a scalar result fills in `grad` of the parameters.
///
/// Legend of the shapes in this module's documentation: `N` samples, `T` steps, `F` features,
/// `C` channels, `L` length, `K` classes, `H` hidden units.
public final class Tensor {
  /// The size along each axis.
  public let shape: Shape
  /// The elements.
  package let storage: Storage
  /// The place in the graph; `nil` when no gradient is wanted.
  var node: Node?
  /// A name for messages. Parameters get theirs from the module they belong to.
  public var label: String?

  package init(_ storage: Storage, _ shape: Shape) {
    assert(storage.count == shape.count, "internal: \(storage.count) elements for shape \(shape)")
    self.storage = storage
    self.shape = shape
  }

  /// The number of elements.
  public var count: Int { storage.count }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// The elements in row-major order.
  public var array: [Float] { storage.array }

  /// The one element of a tensor that has only one.
  public var item: Float {
    get throws(TensorError) {
      guard count == 1 else {
        throw TensorError(
          "item", "\(operandDescription) has \(count) elements, not one",
          remedy: "Use .array, or .sum() or .mean() first")
      }
      return storage.pointer[0]
    }
  }

  /// How the tensor is called in messages: its name, if it has one, and its shape.
  package var operandDescription: String { label.map { "\($0) \(shape)" } ?? "\(shape)" }

  /// Names the tensor for messages and gives it back.
  @discardableResult
  public func named(_ label: String) -> Tensor {
    self.label = label
    return self
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first elements.
  public var description: String {
    let shown = (0..<min(count, 8)).map { "\(storage.pointer[$0])" }.joined(separator: ", ")
    let name = label.map { "\($0) " } ?? ""
    return "Tensor \(name)\(shape): \(shown)\(count > 8 ? ", …" : "")"
      + (requiresGrad ? " (requires grad)" : "")
  }
}
