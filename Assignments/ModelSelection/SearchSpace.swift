/// A parameter that is searched for, and where (given). A space is a list of them, a point a list of as many numbers.
public enum SearchParameter: Sendable {
  /// A number from `low` to `high`.
  case uniform(low: Double, high: Double)
  /// A number from `low` to `high`, both above 0, whose logarithm is spread evenly.
  case logUniform(low: Double, high: Double)
  /// One of `count` choices; in a point it is the index of the choice, from 0.
  case choice(count: Int)
}
