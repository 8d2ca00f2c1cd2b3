import TensorCore

/// What an epoch consists of.
public enum EpochSource: Codable, Sendable, Hashable {
  /// All examples, each once.
  case all
  /// One window of so many rows at a random offset from each example that is long enough.
  case randomWindows(Int)

  /// The examples of the next epoch.
  ///
  /// - Parameter order: what is drawn is drawn from it.
  public func examples(
    of set: ExampleSet, using order: inout MersenneTwister
  ) -> ExampleSet {
    switch self {
    case .all: set
    case .randomWindows(let length): set.randomWindows(length: length, &order)
    }
  }
}
