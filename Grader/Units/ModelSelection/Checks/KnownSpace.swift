import Foundation
import Judge
import WorkerPipe

/// The course's space, as settings, and how a point of it is spread.
struct KnownSpace: Sendable {
  enum Parameter: Sendable {
    case uniform(Double, Double)
    case logarithmic(Double, Double)
    case choice(Int)
  }

  let parameters: [(name: String, kind: Parameter)]

  /// Step size, momentum, weight decay, hidden layers.
  static let course = KnownSpace(parameters: [
    ("the step size", .logarithmic(1e-5, 1e-1)), ("the momentum", .uniform(0, 0.99)),
    ("the weight decay", .logarithmic(1e-5, 1e-2)), ("the number of hidden layers", .choice(4)),
  ])

  var settings: [String: Setting] {
    var (kinds, lows, highs): ([Setting], [Setting], [Setting]) = ([], [], [])
    for (_, kind) in parameters {
      switch kind {
      case .uniform(let low, let high):
        kinds.append("uniform")
        lows.append(.number(low))
        highs.append(.number(high))
      case .logarithmic(let low, let high):
        kinds.append("log-uniform")
        lows.append(.number(low))
        highs.append(.number(high))
      case .choice(let count):
        kinds.append("choice")
        lows.append(0)
        highs.append(.integer(count))
      }
    }
    return ["kinds": .list(kinds), "lows": .list(lows), "highs": .list(highs)]
  }

  /// The share of right points up to a number; for a choice nil.
  static func share(_ kind: Parameter, _ x: Double) -> Double? {
    switch kind {
    case .uniform(let low, let high): min(max((x - low) / (high - low), 0), 1)
    case .logarithmic(let low, let high):
      x <= 0 ? 0 : min(max((log(x) - log(low)) / (log(high) - log(low)), 0), 1)
    case .choice: nil
    }
  }

  /// Within its bounds, which a float rounds.
  static func isWithin(_ kind: Parameter, _ x: Double) -> Bool {
    switch kind {
    case .uniform(let low, let high), .logarithmic(let low, let high):
      x >= low - 1e-6 * abs(low) && x <= high + 1e-6 * abs(high)
    case .choice(let count): x == x.rounded() && x >= 0 && x < Double(count)
    }
  }

  private static func point(_ results: [PipeTensor]) throws -> [Double] {
    guard let point = results.first(where: { $0.name == "point" })?.values else {
      throw CheckFailure("the point is missing from the answer")
    }
    return point.map(Double.init)
  }

  /// What is looked at in points that are drawn from all of the space: each parameter, and each two of them.
  var quantities: [DrawnQuantity] {
    var all: [DrawnQuantity] = []
    for (index, (name, kind)) in parameters.enumerated() {
      if case .choice(let count) = kind {
        let chance = 1 / Double(count)
        all.append(
          DrawnQuantity(name, outcomes: (0..<count).map { ("choice \($0)", chance) }) { results in
            let value = try Self.point(results)[index]
            return [Int(exactly: value) ?? -1]
          })
      } else {
        all.append(
          DrawnQuantity(name, below: { Self.share(kind, $0) ?? 0 }) { [try Self.point($0)[index]] })
      }
    }
    /// Whether a number is in the upper half of its range.
    @Sendable func half(_ kind: Parameter, _ x: Double) -> Int {
      if case .choice(let count) = kind { return x < Double(count) / 2 ? 0 : 1 }
      return Self.share(kind, x) ?? 0 < 0.5 ? 0 : 1
    }
    for first in parameters.indices {
      for second in parameters.indices where second > first {
        let (one, other) = (parameters[first], parameters[second])
        all.append(
          DrawnQuantity(
            "what \(one.name) and \(other.name) are together",
            outcomes: [
              ("both in the lower half of their ranges", 0.25),
              ("in the lower and the upper half", 0.25), ("in the upper and the lower half", 0.25),
              ("both in the upper half", 0.25),
            ]
          ) { results in
            let point = try Self.point(results)
            return [2 * half(one.kind, point[first]) + half(other.kind, point[second])]
          })
      }
    }
    return all
  }
}
