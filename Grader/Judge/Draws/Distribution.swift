import Foundation
import JudgedNumbers
import WorkerPipe

/// What something is drawn from, as its unit states it.
public enum Distribution: Sendable {
  /// Outcomes 0, 1, 2 … with these probabilities, which add up to 1.
  case outcomes([Double])
  /// Numbers with a distribution function that has no steps.
  case numbers(@Sendable (_ number: Double) -> Double)

  /// No less than the probability that independent draws look as these do, or less like it; 0 for what
  /// cannot be drawn.
  func chance(of draws: [Double]) -> Double {
    switch self {
    case .outcomes(let probabilities):
      guard let counts = Self.counts(draws, probabilities.count) else { return 0 }
      return OutcomeCounts(counts: counts, probabilities: probabilities).chance
    case .numbers(let function):
      guard draws.allSatisfy(\.isFinite) else { return 0 }
      return Kolmogorov.chance(Kolmogorov.distance(draws, function), draws.count)
    }
  }

  /// How often each outcome came; nil where a draw is none of them.
  static func counts(_ draws: [Double], _ outcomes: Int) -> [Int]? {
    var counts = [Int](repeating: 0, count: outcomes)
    for draw in draws {
      guard let outcome = Int(exactly: draw), counts.indices.contains(outcome) else { return nil }
      counts[outcome] += 1
    }
    return counts
  }
}

/// Something that is looked at in each draw.
public struct DrawnQuantity: Sendable {
  /// What it is, as in `the class of an index`.
  public let name: String
  /// What its outcomes are called, such as `class 0`; none for numbers.
  public let outcomes: [String]
  /// What it should be drawn from.
  public let distribution: Distribution
  /// Takes it out of the results of one call. The draws must be independent.
  public let draws: @Sendable (_ results: [PipeTensor]) throws -> [Double]

  /// Describes a quantity of some outcomes.
  public init(
    _ name: String, outcomes: [(name: String, probability: Double)],
    draws: @escaping @Sendable (_ results: [PipeTensor]) throws -> [Int]
  ) {
    self.name = name
    self.outcomes = outcomes.map(\.name)
    distribution = .outcomes(outcomes.map(\.probability))
    self.draws = { try draws($0).map(Double.init) }
  }

  /// Describes a quantity that is a number with a distribution function.
  public init(
    _ name: String, below function: @escaping @Sendable (_ number: Double) -> Double,
    draws: @escaping @Sendable (_ results: [PipeTensor]) throws -> [Double]
  ) {
    self.name = name
    outcomes = []
    distribution = .numbers(function)
    self.draws = draws
  }

  /// Where draws are least like the distribution, in a sentence.
  func sentence(_ draws: [Double]) -> String {
    switch distribution {
    case .outcomes(let probabilities):
      guard let counts = Distribution.counts(draws, probabilities.count) else {
        return "\(name) is something else than \(outcomes.joined(separator: ", "))"
      }
      let found = OutcomeCounts(counts: counts, probabilities: probabilities)
      let expected = Double(draws.count) * probabilities[found.oddest]
      return "\(name) is \(outcomes[found.oddest]) in \(counts[found.oddest]) of \(draws.count) "
        + "draws, expected \(Comparison.number(Float(expected)))"
    case .numbers(let function):
      guard draws.allSatisfy(\.isFinite) else { return "\(name) is infinite or not a number" }
      let sorted = draws.sorted()
      func share(_ index: Int) -> Double { Double(index + 1) / Double(sorted.count) }
      let place =
        sorted.indices.max {
          abs(share($0) - function(sorted[$0])) < abs(share($1) - function(sorted[$1]))
        } ?? 0
      return "\(name) is at most \(Comparison.number(Float(sorted[place]))) in "
        + "\(Comparison.number(Float(100 * share(place)))) % of \(draws.count) draws, expected "
        + "\(Comparison.number(Float(100 * function(sorted[place])))) %"
    }
  }
}
