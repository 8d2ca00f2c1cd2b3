extension [Double] {
  /// The one in the middle, or the mean of the two in the middle; NaN of none, and where one is not finite: a training that
  /// diverged has no place in an order.
  public var median: Double {
    guard !isEmpty, allSatisfy(\.isFinite) else { return .nan }
    let ordered = sorted()
    return (ordered[(count - 1) / 2] + ordered[count / 2]) / 2
  }
}
