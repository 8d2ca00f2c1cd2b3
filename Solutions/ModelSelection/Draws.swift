import TensorCore

/// Draws that this unit needs (given).
extension RandomGenerator {
  /// A number from 0 up to, and without, 1, in steps so fine that a quantile of it has no gaps.
  public mutating func uniform() -> Double {
    (Double(nextUniform()) * 16_777_216 + Double(nextUniform())) / 16_777_216
  }

  /// A whole number from 0 to `count` − 1, each as likely.
  public mutating func index(below count: Int) -> Int {
    min(Int(uniform() * Double(count)), count - 1)
  }
}
