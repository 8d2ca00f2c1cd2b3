import Foundation
import TensorCore
import WorkerPipe
import XCTest

@testable import Judge
@testable import RecurrentNetworksChecks

/// How well mistakes are named, with fresh seeds: known ones alone and in pairs, correct results, and
/// mistakes that the book does not know.
///
/// With RHYTHMLAB_SEEDS more seeds than a test has time for.
final class MistakeTests: XCTestCase {
  private var seeds: Range<UInt64> {
    let count = ProcessInfo.processInfo.environment["RHYTHMLAB_SEEDS"].flatMap(UInt64.init) ?? 2
    return 100..<(100 + count)
  }

  private static let sizes: [String: [(samples: Int, steps: Int, features: Int, units: Int)]] = [
    "RNN": [(3, 5, 4, 6), (1, 1, 1, 1), (2, 7, 1, 3), (5, 2, 3, 1)],
    "LSTM": [(3, 5, 4, 6), (1, 1, 1, 1), (2, 7, 1, 3), (5, 2, 3, 1)],
    "BuiltinLSTMNet": [(4, 40, 17, 6), (1, 40, 17, 6), (6, 3, 5, 6)],
    "ConvNet": [(4, 40, 17, 0), (1, 40, 17, 0), (3, 28, 5, 0)],
  ]

  private func parameters(_ model: String, _ features: Int, _ units: Int) -> [(String, [Int])] {
    switch model {
    case "RNN": return [("W_xh", [features, units]), ("W_hh", [units, units]), ("b_h", [units])]
    case "LSTM":
      return ["i", "f", "o", "c"].flatMap {
        [("W_x\($0)", [features, units]), ("W_h\($0)", [units, units]), ("b_\($0)", [units])]
      }
    case "ConvNet":
      return [
        ("w1", [32, features, 3]), ("b1", [32]), ("w2", [64, 32, 3]), ("b2", [64]),
        ("w3", [128, 64, 3]), ("b3", [128]), ("w4", [128, 1]), ("b4", [1]),
      ]
    default:
      return [
        ("lstm.W_x", [features, 4 * units]), ("lstm.W_h", [units, 4 * units]),
        ("lstm.b", [4 * units]), ("w1", [units, units]), ("b1", [units]), ("w2", [units, 1]),
        ("b2", [1]),
      ]
    }
  }

  /// The experiments of a value check.
  private func experiments(
    _ model: String, seed: UInt64
  ) throws -> [(place: QuestionPlace, experiment: ModelCheck.Experiment)] {
    var numbers = SeededNumbers(seed: seed, name: model)
    return try XCTUnwrap(Self.sizes[model]).enumerated().map { index, size in
      func draw() throws -> ModelCheck.Experiment {
        let tensors = parameters(model, size.features, size.units).map { name, shape in
          let fanIn = shape.count == 3 ? shape[1] * 3 : shape.count == 2 ? shape[0] : 4
          return numbers.normal(name, shape, standardDeviation: 1 / Float(fanIn).squareRoot())
        }
        return ModelCheck.Experiment(
          parameters: tensors,
          inputs: [numbers.normal("input", [size.samples, size.steps, size.features])],
          match: try ParameterMatch(student: tensors, reference: tensors))
      }
      let experiment =
        model.hasSuffix("Net") && size.samples > 1
        ? try .centred(draw) {
          try Self.book.results(of: model, with: KnownMistake.none, $0).flatMap(\.values)
        } : try draw()
      return (QuestionPlace(check: "test", number: index), experiment)
    }
  }

  /// What results are called; none where nothing is certain.
  private func names(
    _ model: String, _ seed: UInt64,
    _ results: (ModelCheck.Experiment) throws -> [PipeTensor]
  ) throws -> [String] {
    let observations = try experiments(model, seed: seed).map { place, experiment in
      Observation(experiment: experiment, place: place, results: try? results(experiment))
    }
    return MistakeSearch.certain(
      try MistakeSearch(reference: reference, model: model).explanations(of: observations))?.ids
      ?? []
  }

  private static let book = VariantBook.recurrentNetworks
  private let reference = BookOnly(book)

  func testEveryMistakeIsNamed() throws {
    for model in Self.sizes.keys.sorted() {
      var count = 0
      for mistake in Self.book.mistakes(of: model)
      where mistake.isSingle && !mistake.showsOnlyInGradients {
        for seed in seeds {
          let names = try names(model, seed) {
            try Self.book.results(of: model, with: mistake, $0)
          }
          XCTAssertEqual(names, mistake.ids, "\(model), seed \(seed)")
          count += 1
        }
      }
      print("\(model): \(count) results of single mistakes")
      XCTAssertGreaterThan(count, 15)
    }
  }

  /// Whether the results of two mistakes are those of one alone: it hides the other one, or the other
  /// one shows only in gradients.
  private func isHidden(_ model: String, _ seed: UInt64, _ pair: KnownMistake) throws -> Bool {
    let experiments = try experiments(model, seed: seed).map(\.experiment)
    func results(_ mistake: KnownMistake, _ experiment: ModelCheck.Experiment) -> [PipeTensor] {
      (try? Self.book.results(of: model, with: mistake, experiment)) ?? []
    }
    return pair.parts.contains { part in
      experiments.allSatisfy { experiment in
        let alone = results(KnownMistake([part]), experiment)
        let both = results(pair, experiment)
        return alone.count == both.count
          && zip(both, alone).allSatisfy { Comparison.agree($0, $1, scale: experiment.scale) }
      }
    }
  }

  /// Both mistakes of a pair are named wherever both show. Other pairs may give the same: then less
  /// is said, but nothing that is wrong.
  func testPairsAreNamedAndNothingElseIs() throws {
    for model in Self.sizes.keys.sorted() {
      var (whole, hidden, part, none, wrong) = (0, 0, 0, 0, [String]())
      for seed in seeds {
        var numbers = SeededNumbers(seed: seed, name: "pairs")
        let pairs = Self.book.mistakes(of: model).filter {
          $0.parts.count == 2 && !$0.showsOnlyInGradients
        }
        for _ in 0..<(model == "ConvNet" ? 5 : 15) {
          let pair = pairs[numbers.integer(0...(pairs.count - 1))]
          let named = try names(model, seed) {
            try Self.book.results(of: model, with: pair, $0)
          }
          if Set(named) == Set(pair.ids) {
            whole += 1
          } else if named.isEmpty {
            none += 1
          } else if Set(named).isSubset(of: pair.ids) {
            if try isHidden(model, seed, pair) { hidden += 1 } else { part += 1 }
          } else {
            wrong.append("\(pair.ids) is called \(named)")
          }
        }
      }
      print(
        "\(model): pairs named \(whole), one of them where the other one does not show \(hidden) and "
          + "where it does \(part), none \(none), wrong \(wrong)")
      XCTAssertEqual(wrong, [], model)
      XCTAssertGreaterThanOrEqual(Double(whole), 0.95 * Double(whole + part + none), model)
      XCTAssertGreaterThan(whole, hidden, model)
    }
  }

  func testCorrectResultsAreCalledNothing() throws {
    let right = KnownMistake.none
    for model in Self.sizes.keys.sorted() {
      for seed in seeds {
        XCTAssertEqual(
          try names(model, seed) { try Self.book.results(of: model, with: right, $0) }, [], model)
      }
    }
  }

  func testUnknownMistakesAreCalledNothing() throws {
    for (index, mistake) in UnknownMistake.allCases.enumerated() {
      for seed in seeds {
        XCTAssertEqual(
          try names("LSTM", seed + UInt64(index)) { try mistake.results(Numbers($0)) }, [],
          mistake.rawValue)
      }
    }
    XCTAssertGreaterThanOrEqual(UnknownMistake.allCases.count, 10)
  }
}
