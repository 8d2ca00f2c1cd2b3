import TensorCore

extension SearchSpace {
  /// A point drawn from the space: each parameter uniform in the scale of its range, or among its choices.
  ///
  /// Source: Bergstra and Bengio 2012.
  package func randomPoint(using generator: inout RandomGenerator) -> [Double] {
    parameters.map { parameter in
      let share = generator.nextDouble()
      if case .choice(let words) = parameter.range {
        return (share * Double(words.count)).rounded(.down)
      }
      let (low, high) = parameter.range.bounds
      return parameter.range.value(scaled: low + share * (high - low))
    }
  }
}

extension RandomGenerator {
  /// A number from [0, 1), with 53 bits.
  mutating func nextDouble() -> Double { Double(nextKey() >> 11) * 0x1p-53 }
}
