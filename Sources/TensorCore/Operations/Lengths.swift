import CKernels

// Means over sequences of different lengths, filled up to a common one.

extension Tensor {
  /// 1 for the steps of each sequence and 0 for what fills it up: `[N, T]`.
  ///
  /// - Parameters:
  ///   - lengths: one for each sequence, each in `0 ... steps`.
  ///   - steps: the common length T.
  /// - Throws: when a length is negative or above the common one.
  public static func lengthMask(_ lengths: [Int], steps: Int) throws(TensorError) -> Tensor {
    try mask("lengthMask", lengths, steps: steps)
  }

  private static func mask(
    _ name: String, _ lengths: [Int], steps: Int
  ) throws(TensorError) -> Tensor {
    guard steps >= 0 else {
      throw TensorError(name, "the number of steps, \(steps), is negative")
    }
    if let (row, bad) = lengths.enumerated().first(where: { $1 < 0 || $1 > steps }) {
      throw TensorError(
        name, "sequence \(row) has the length \(bad), which is not in 0 ... \(steps)")
    }
    let shape: Shape = [lengths.count, steps]
    try shape.checkRoom(name, "\(lengths.count) lengths")
    let result = Storage(count: shape.count, filledWith: 0, for: name)
    for (row, length) in lengths.enumerated() {
      rk_fill(result.pointer + row * steps, 1, length)
    }
    return Tensor(result, shape)
  }

  /// The mean over the steps that belong to each sequence: `[N, T, …] → [N, …]`; zero for a sequence
  /// of no steps.
  ///
  /// - Throws: when there is not one length for each sequence, or one is not in `0 ... T`.
  public func meanOverSteps(lengths: [Int]) throws(TensorError) -> Tensor {
    guard rank >= 2, shape[0] == lengths.count else {
      throw TensorError(
        "meanOverSteps",
        "\(operandDescription) with \(lengths.count) lengths: expected [N, T, …] and N lengths")
    }
    let ones = Array(repeating: 1, count: rank - 2)
    try shape.checkRoom("meanOverSteps", operandDescription)
    let mask = try Self.mask("meanOverSteps", lengths, steps: shape[1])
      .reshaped(Shape([shape[0], shape[1]] + ones))
    let shares = Tensor(lengths.map { 1 / Float(Swift.max($0, 1)) })
    // chosen, not multiplied: what fills a sequence up may be anything, NaN too
    let kept = try Self.where(mask, self, Tensor(0))
    return try kept.sum(axis: 1) * shares.reshaped(Shape([shape[0]] + ones))
  }

  /// The mean of the values `[N, T]` of all steps that belong to a sequence, a scalar: a loss for
  /// each step becomes the loss of a batch of sequences of different lengths.
  ///
  /// - Throws: when there is not one length for each sequence, one is not in `0 ... T`, or all are 0.
  public func mean(lengths: [Int]) throws(TensorError) -> Tensor {
    guard rank == 2, shape[0] == lengths.count else {
      throw TensorError(
        "mean", "\(operandDescription) with \(lengths.count) lengths: expected [N, T] and N lengths"
      )
    }
    try shape.checkRoom("mean", operandDescription)
    let mask = try Self.mask("mean", lengths, steps: shape[1])
    let total = lengths.reduce(0, +)
    guard total > 0 else { throw TensorError("mean", "all \(lengths.count) sequences are empty") }
    return try Self.where(mask, self, Tensor(0)).sum() * (1 / Float(total))
  }
}
