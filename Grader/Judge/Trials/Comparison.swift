import Assignment
import Foundation
import JudgedNumbers
import WorkerPipe

/// Compares tensors: shapes before values, and not a number is never right.
public enum Comparison {
  /// The allowed difference, relative to the largest expected number of the tensor, where a result's port says no other
  /// (`Port.tolerance`).
  ///
  /// A chain of n roundings leaves about λ √n 2⁻²⁴, with λ = 8 all but surely (Higham and Mary 2019,
  /// A New Approach to Probabilistic Rounding Error Analysis). The longest chains of the checks:
  ///
  /// | check | chain | n | bound |
  /// |---|---|---|---|
  /// | ConvNet | 3 · 17 + 3 · 32 + 3 · 64 products, means of 6, 128 products | 500 | 1.1e-5 |
  /// | RNN, LSTM, networks with an LSTM | 40 steps of products of 17 + 128 terms and 8 more | 6120 | 3.7e-5 |
  /// | gradients | the same forth and back | 12240 | 5.3e-5 |
  ///
  /// What `./rhythm false-alarms` measures of right variants, and how far known mistakes are from the
  /// tolerance (`RHYTHMLAB_SEEDS=500 ./rhythm test --filter PowerTests`), stands in Grader/README.md.
  public static let tolerance: Float = 1e-4

  /// What is said of results that cannot be compared with anything.
  public static let notFinite =
    "some of the results are infinite or not a number: look for a division by zero, a logarithm, a "
    + "root, or an exponential of something large"

  /// Of an expected tensor a sample may be known: then those numbers are compared.
  ///
  /// - Parameters:
  ///   - scale: the size of the numbers that the expected ones are the small difference of, if they are.
  ///   - tolerance: the allowed difference, relative to the largest expected number.
  ///   - axes: what the tensor's axes are, if that is known.
  ///   - followed: the axis along which what is wrong at one place is carried to the next: the first
  ///     place is told, for it tells more.
  /// - Throws: `CheckFailure` that names the tensor, the place, both numbers and the tolerance.
  public static func require(
    _ actual: PipeTensor?, equals expected: PipeTensor, called name: String, scale: Float = 0,
    tolerance: Float = Comparison.tolerance, axes: [Axis]? = nil, followed: Axis? = nil
  ) throws(CheckFailure) {
    guard let actual else { throw CheckFailure("\(name) is missing from the answer") }
    guard actual.shape == expected.shape else {
      throw CheckFailure("\(name) has shape \(actual.shape), expected \(expected.shape)")
    }
    let count = expected.shape.reduce(1, *)
    guard actual.values.count == count else {
      throw CheckFailure("\(name) has \(actual.values.count) numbers instead of \(count)")
    }
    if let integers = expected.integers {
      return try requireExact(actual, integers, called: name, expected.shape, axes)
    }
    guard actual.integers == nil else {
      throw CheckFailure("\(name) has integers, expected numbers with fractions")
    }
    // an infinite one would allow any difference; it can come from the student's own layer
    guard expected.isFinite, count == 0 || !expected.values.isEmpty else {
      throw CheckFailure(
        "\(name) cannot be compared: the expected numbers are infinite or not numbers")
    }
    let allowed = allowed(expected, scale, tolerance)
    // written so that a NaN counts as wrong
    let spread = SampledTensor.Spread(expected)
    let wrong = actual.places(furtherThan: allowed, from: expected)
    let path = followed.flatMap { TensorAxis($0, of: axes, expected.shape) }
    let firstStep = path.flatMap { path in wrong.map { path.place(of: spread[$0]) }.min() }
    let candidates = wrong.filter { path?.place(of: spread[$0]) == firstStep }
    func distance(_ index: Int) -> Float {
      abs(actual.values[spread[index]] - expected.values[index])
    }
    let worst =
      candidates.first { actual.values[spread[$0]].isNaN }
      ?? candidates.max { distance($0) < distance($1) }
    guard let worst else { return }
    let (yours, right) = numbers(actual.values[spread[worst]], expected.values[worst])
    let difference = NumberDifference(
      quantity: name + place(spread[worst], expected.shape, axes), yours: yours,
      expected: right, tolerance: number(allowed), wrong: wrong.count,
      count: expected.values.count)
    throw CheckFailure(
      "\(difference.quantity): yours \(difference.yours), expected \(difference.expected) "
        + "(tolerance \(difference.tolerance)); \(difference.wrong) of \(difference.count) numbers differ"
        + ((firstStep ?? 0) > 0 ? ", none before \(followed?.noun ?? "") \(firstStep ?? 0)" : ""),
      difference: difference)
  }

  /// Integers are right or wrong.
  private static func requireExact(
    _ actual: PipeTensor, _ expected: [Int32], called name: String, _ shape: [Int], _ axes: [Axis]?
  ) throws(CheckFailure) {
    guard let numbers = actual.integers, numbers.count == expected.count else {
      throw CheckFailure("\(name) has numbers with fractions, expected integers")
    }
    let wrong = expected.indices.filter { numbers[$0] != expected[$0] }
    guard let first = wrong.first else { return }
    let difference = NumberDifference(
      quantity: name + place(first, shape, axes), yours: "\(numbers[first])",
      expected: "\(expected[first])", tolerance: "0", wrong: wrong.count, count: expected.count)
    throw CheckFailure(
      "\(difference.quantity): yours \(difference.yours), expected \(difference.expected); "
        + "\(difference.wrong) of \(difference.count) numbers differ",
      difference: difference)
  }

  /// Two numbers that are not the same, with as many digits as it takes to see it.
  private static func numbers(_ first: Float, _ second: Float) -> (String, String) {
    let texts = (number(first), number(second))
    guard texts.0 == texts.1 else { return texts }
    return (String(format: "%.8g", first), String(format: "%.8g", second))
  }

  /// The smallest size that gradients of an experiment are taken for: a share of the largest of all. One
  /// that is the sum of terms which cancel has the rounding errors of the terms, and they are of the
  /// size of the other gradients.
  public static func gradientScale(_ expected: [PipeTensor]) -> Float {
    expected.reduce(0) { $1.largestMagnitude(atLeast: $0) } * 0.05
  }

  /// How far each number may be from the expected one.
  static func allowed(
    _ expected: PipeTensor, _ scale: Float, _ tolerance: Float = Comparison.tolerance
  ) -> Float {
    tolerance * expected.largestMagnitude(atLeast: scale) + 1e-7
  }

  /// Whether the numbers agree.
  public static func agree(
    _ actual: PipeTensor?, _ expected: PipeTensor, scale: Float = 0,
    tolerance: Float = Comparison.tolerance
  ) -> Bool {
    // without the numbers of a failure: searching asks this of thousands of tensors
    if let integers = expected.integers {
      return actual?.shape == expected.shape && actual?.integers == integers
    }
    guard let actual, actual.shape == expected.shape, actual.integers == nil,
      actual.values.count == expected.shape.reduce(1, *), expected.isFinite,
      actual.values.isEmpty || !expected.values.isEmpty
    else { return false }
    return actual.isWithin(allowed(expected, scale, tolerance), of: expected)
  }

  /// As in ` at [1, 3]`, or ` at [sample 1, unit 3]` where the axes have names.
  static func place(_ index: Int, _ shape: [Int], _ axes: [Axis]? = nil) -> String {
    guard !shape.isEmpty else { return "" }
    var rest = index
    var position: [Int] = []
    for size in shape.reversed() {
      position.insert(rest % max(size, 1), at: 0)
      rest /= max(size, 1)
    }
    guard let axes, axes.count == shape.count else { return " at \(position)" }
    let named = zip(axes, position).map { $0 == .unnamed ? "\($1)" : "\($0.noun) \($1)" }
    return " at [\(named.joined(separator: ", "))]"
  }

  /// Four significant digits.
  public static func number(_ value: Float) -> String {
    // a sign says nothing of what is no number
    guard !value.isNaN else { return "nan" }
    guard value.isFinite else { return "\(value)" }
    if value == 0 { return "0" }
    let magnitude = abs(value)
    if magnitude >= 1e-3 && magnitude < 1e4 {
      var digits = 4
      var bound: Float = 1
      while magnitude >= bound && digits > 0 {
        bound *= 10
        digits -= 1
      }
      while bound > magnitude * 10 && digits < 7 {
        bound /= 10
        digits += 1
      }
      return String(format: "%.\(digits)f", Double(value))
    }
    return String(format: "%.3e", Double(value))
  }
}
