// A list of sizes where a shape is meant; a literal is a `Shape` by itself.
extension Tensor {
  /// A tensor of zeros whose sizes are a list.
  @_disfavoredOverload
  public static func zeros(_ sizes: [Int]) -> Tensor { zeros(Shape(sizes)) }

  /// A tensor of ones whose sizes are a list.
  @_disfavoredOverload
  public static func ones(_ sizes: [Int]) -> Tensor { ones(Shape(sizes)) }

  /// The same elements in another shape whose sizes are a list.
  ///
  /// - Throws: `TensorError` when the numbers of elements differ.
  @_disfavoredOverload
  public func reshaped(_ sizes: [Int]) throws(TensorError) -> Tensor { try reshaped(Shape(sizes)) }
}
