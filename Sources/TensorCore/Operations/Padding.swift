/// What stands beyond the ends of a padded axis.
public enum PaddingMode: String, Hashable, Sendable, CustomStringConvertible {
  /// Zeros.
  case zeros
  /// The elements mirrored at the end, which itself is not repeated: `c b | a b c | b a`.
  case reflect
  /// The last element again and again: `a a | a b c | c c`.
  case replicate
  /// The elements from the other end: `b c | a b c | a b`.
  case circular

  /// As PyTorch spells it.
  public var description: String { rawValue }
}

extension Tensor {
  /// The tensor continued before and after along an axis. Gradient: `g`, added where each element
  /// came from.
  ///
  /// Source: PyTorch's `pad` with `mode:` `"reflect"`, `"replicate"` or `"circular"`.
  ///
  /// - Throws: when the axis does not exist, a number of elements is negative, or the axis is too
  ///   short: a reflection needs one more element than it adds, a circle as many, a repetition one.
  public func padded(
    axis: Int, before: Int, after: Int, mode: PaddingMode
  ) throws(TensorError) -> Tensor {
    try continued("padded", axis: axis, before: before, after: after, mode)
  }

  /// What `padded` says, by the name of whoever is made of it.
  func continued(
    _ name: String, axis: Int, before: Int, after: Int, _ mode: PaddingMode
  ) throws(TensorError) -> Tensor {
    let size = shape[try shape.axis(axis, name)]
    let most = Swift.max(before, after)
    // what is wrong with the numbers themselves is said there
    guard mode != .zeros, most > 0, before >= 0, after >= 0 else {
      return try padded(axis: axis, before: before, after: after)
    }
    let needed =
      switch mode {
      case .reflect: most + 1
      case .circular: most
      case .replicate, .zeros: 1
      }
    guard size >= needed else {
      throw TensorError(
        name,
        "\(operandDescription): \(most) elements in mode \(mode) need \(needed) on axis \(axis), "
          + "which has size \(size)")
    }
    let (padding, overflows) = before.addingReportingOverflow(after)
    try checkRoom(
      forPositions: overflows || padding > .max - size ? .max : padding + size, name)
    return try selecting(
      name, axis: axis,
      (-before..<(size + after)).map { place in
        switch mode {
        case .reflect: place < 0 ? -place : place < size ? place : 2 * (size - 1) - place
        case .circular: place < 0 ? place + size : place < size ? place : place - size
        case .replicate, .zeros: Swift.min(Swift.max(place, 0), size - 1)
        }
      })
  }
}
