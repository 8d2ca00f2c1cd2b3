import TensorCore

extension Tensor {
  /// This tensor, whose elements have been put into the usual order: whoever reads them does that.
  public var moved: Tensor {
    _ = array
    return self
  }
}
