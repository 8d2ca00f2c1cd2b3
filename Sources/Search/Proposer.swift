import Assignment
import Files
import Foundation
import TensorCore
import WorkerPipe
import Workers

/// Who proposes what is tried next.
package enum Proposer: String, Codable, CaseIterable, Sendable {
  // BEGIN INSTRUCTOR: students write it themselves, and search with theirs
  /// The tree-structured Parzen estimator.
  case tpe
  // END INSTRUCTOR
  /// Chance.
  case random
  /// The function `proposal` of the student's program.
  case student

  /// Who proposes where nobody is named: the first.
  package static var usual: Proposer { allCases[0] }

  /// A point.
  ///
  /// - Parameters:
  ///   - trial: from 1; with the seed it decides what is drawn.
  ///   - known: the trials that it may follow from.
  ///   - ask: asks the student's program.
  /// - Throws: a sentence where a student's point is none of the space; what `ask` throws.
  package func point(
    of trial: Int, in space: SearchSpace, known: [TrialRecord], seed: UInt64,
    _ ask: (_ settings: Settings, _ tensors: [PipeTensor]) throws -> [PipeTensor]
  ) throws -> [Double] {
    let seed = Self.seed(of: trial, in: seed)
    var generator = RandomGenerator(seed: seed)
    switch self {
    case .random: return space.randomPoint(using: &generator)
    // BEGIN INSTRUCTOR: students write it themselves, and search with theirs
    case .tpe:
      return TPESearch.proposal(
        space, points: known.map(\.point), scores: known.map(\.test), using: &generator)
    // END INSTRUCTOR
    case .student:
      return try Self.asked(space, known, seed: seed, ask)
    }
  }

  /// A seed for each trial of a study, of 31 bits, which every setting holds.
  static func seed(of trial: Int, in seed: UInt64) -> UInt64 {
    let words = SHA256.words(Array("trial \(trial) of \(seed)".utf8))
    return UInt64(words[0] & 0x7FFF_FFFF)
  }

  /// What is asked of a student's function: `points` [trials, parameters] and `scores` [trials]; settings `kinds`
  /// (`uniform`, `log-uniform`, `choice`), `lows` and `highs` (of a choice 0 and how many there are) and `seed`; its
  /// result is `point` [parameters].
  private static func asked(
    _ space: SearchSpace, _ known: [TrialRecord], seed: UInt64,
    _ ask: (_ settings: Settings, _ tensors: [PipeTensor]) throws -> [PipeTensor]
  ) throws -> [Double] {
    let ranges = space.parameters.map(\.range)
    let kinds = ranges.map { range -> (kind: String, low: Double, high: Double) in
      switch range {
      case .uniform(let low, let high): ("uniform", low, high)
      case .logUniform(let first, let last): ("log-uniform", first, last)
      case .choice(let words): ("choice", 0, Double(words.count))
      }
    }
    let answer = try ask(
      [
        "kinds": .list(kinds.map { .text($0.kind) }), "lows": .list(kinds.map { .number($0.low) }),
        "highs": .list(kinds.map { .number($0.high) }), "seed": .integer(Int(seed)),
      ],
      [
        PipeTensor(
          name: "points", shape: [known.count, ranges.count],
          values: known.flatMap { $0.point.map(Float.init) }),
        PipeTensor(
          name: "scores", shape: [known.count], values: known.map { Float($0.test) }),
      ])
    guard let point = answer.first(where: { $0.name == "point" }) else {
      throw ManifestError(
        description: "proposal gives no point: name its result so in Worker.swift")
    }
    guard point.shape == [ranges.count] else {
      throw ManifestError(
        description: "proposal gives a point of the shape \(point.shape), and there are "
          + "\(ranges.count) parameters: give one number for each")
    }
    // a bound in single precision may lie a little outside
    let numbers = zip(ranges, point.values).map { range, value -> Double in
      let number = Double(value)
      switch range {
      case .choice: return number
      case .uniform(let low, let high), .logUniform(let low, let high):
        let slack = 1e-6 * max(abs(low), abs(high))
        return number >= low - slack && number <= high + slack
          ? min(max(number, low), high) : number
      }
    }
    if let objection = space.objection(to: numbers) {
      throw ManifestError(
        description: "proposal gives a point that is none of the space: \(objection)")
    }
    return numbers
  }
}
