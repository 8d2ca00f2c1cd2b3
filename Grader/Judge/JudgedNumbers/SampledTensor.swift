import WorkerPipe

/// A large tensor of which only some numbers are kept, evenly spread: it has its whole shape, and fewer
/// values than that.
package enum SampledTensor {
  /// Where the known numbers of a tensor stand in the whole one.
  package struct Spread {
    private let known, count: Int

    /// Takes a tensor of which some numbers are known.
    package init(_ tensor: PipeTensor) {
      known = tensor.values.count
      count = tensor.shape.reduce(1, *)
    }

    /// The place of a known number.
    package subscript(index: Int) -> Int { known == count ? index : index * count / known }
  }

  /// So many numbers of a tensor at most.
  package static func of(_ tensor: PipeTensor, size: Int) -> PipeTensor {
    let count = tensor.values.count
    guard count > size else { return tensor }
    return PipeTensor(
      name: tensor.name, shape: tensor.shape,
      values: (0..<size).map { tensor.values[$0 * count / size] })
  }
}
