import WorkerPipe

/// What a comparison does with each number.
extension PipeTensor {
  /// Whether no number is infinite or not a number.
  package var isFinite: Bool { values.allSatisfy(\.isFinite) }

  /// The largest magnitude, or `least` where that is larger.
  package func largestMagnitude(atLeast least: Float = 0) -> Float {
    values.reduce(least) { max($0, abs($1)) }
  }

  /// Which of the expected numbers that are known are further from these than allowed; one that is not a
  /// number always is.
  package func places(furtherThan allowed: Float, from expected: PipeTensor) -> [Int] {
    let spread = SampledTensor.Spread(expected)
    return expected.values.indices.filter {
      !(abs(values[spread[$0]] - expected.values[$0]) <= allowed)
    }
  }

  /// Whether none is, without looking for all that are.
  package func isWithin(_ allowed: Float, of expected: PipeTensor) -> Bool {
    let spread = SampledTensor.Spread(expected)
    return expected.values.indices.allSatisfy {
      abs(values[spread[$0]] - expected.values[$0]) <= allowed
    }
  }

  /// How many numbers are those of another tensor at the same place.
  package func countOfNumbers(sharedWith others: [Float]) -> Int {
    zip(values, others).count { $0 == $1 }
  }
}
