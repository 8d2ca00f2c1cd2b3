import Foundation
import TensorCore
import WorkerPipe
import XCTest

@testable import HeartbeatTransformerChecks
@testable import Judge

/// How well the known mistakes of the unit on attention show in the experiments that its checks draw, and how well they
/// are named, with fresh seeds.
///
/// With RHYTHMLAB_SEEDS more seeds than a test has time for.
final class MistakesOfAttentionTests: XCTestCase {
  private func unit() throws -> MistakeMargins { try MistakeMargins(HeartbeatTransformerUnit.self) }

  /// The experiments in which known mistakes are looked for.
  private func series(
    _ subject: String, _ quantity: Quantity, seed: UInt64
  ) throws -> TrialSeries {
    let session = try unit().session(seed: seed)
    var numbers = session.numbers("\(subject) \(quantity)")
    let series = try ModelSeries(session: session, subject: subject).series(quantity, &numbers)
    return quantity == .gradients ? try series.withUpstream(&numbers) : series
  }

  /// GELU's formula by tanh shows in the trial that is made for it.
  func testEveryMistakeShows() throws {
    for subject in FalseAlarms.subjects {
      for (quantity, inGradients) in [(Quantity.values, false), (.gradients, true)] {
        try MistakeMargins.require("\(subject) \(quantity)", seeds: MistakeMargins.seeds()) {
          try unit().margins(
            series(subject, quantity, seed: $0), inGradients: inGradients
          ) { $0.place == nil }
        }
      }
    }
  }

  private func names(
    _ trials: [TrialSeries.Trial], _ subject: String, _ reference: BookOnly,
    _ results: (ModelCheck.Experiment) throws -> [PipeTensor]
  ) throws -> [String] {
    let observations = trials.enumerated().map { index, trial in
      Observation(
        experiment: trial.experiment, place: QuestionPlace(check: "test", number: index),
        results: try? results(trial.experiment))
    }
    let search = MistakeSearch(reference: reference, model: subject)
    return MistakeSearch.certain(try search.explanations(of: observations))?.ids ?? []
  }

  /// Each mistake alone has its own name, right results have none, and of two at once nothing is said that is wrong.
  func testMistakesAreNamed() throws {
    let book = try unit().book
    let reference = BookOnly(book)
    let usual: UInt64 = 2
    for subject in FalseAlarms.subjects {
      var (single, whole, part, none) = (0, 0, 0, 0)
      for seed in MistakeMargins.seeds(usual) {
        let trials = try series(subject, .values, seed: 100 + seed).trials.filter {
          $0.place == nil
        }
        func results(_ mistake: KnownMistake) throws -> [String] {
          try names(trials, subject, reference) {
            try book.results(of: subject, with: mistake, $0)
          }
        }
        XCTAssertEqual(try results(.none), [], subject)
        let known = book.mistakes(of: subject).filter { !$0.showsOnlyInGradients }
        for mistake in known where mistake.isSingle {
          XCTAssertEqual(try results(mistake), mistake.ids, "\(subject), seed \(seed)")
          single += 1
        }
        let pairs = known.filter { !$0.isSingle }
        var numbers = SeededNumbers(seed: seed, name: "pairs")
        for _ in 0..<10 {
          let pair = pairs[numbers.integer(0...(pairs.count - 1))]
          let named = try results(pair)
          // one other mistake may be the very same function
          XCTAssertTrue(
            Set(named).isSubset(of: pair.ids) || named.count == 1, "\(pair.ids) is called \(named)")
          if named.isEmpty {
            none += 1
          } else if named.count == 2 {
            whole += 1
          } else {
            part += 1
          }
        }
      }
      print(
        "\(subject): \(single) single mistakes named; pairs whole \(whole), one \(part), none \(none)"
      )
      XCTAssertGreaterThan(single, 15)
    }
  }

  /// Every mistake in the values has the gradients of its own function, by central differences at two steps
  /// (Richardson), which single precision leaves right to a hundredth.
  func testTheGradientsOfAMistakeAreThoseOfItsFunction() throws {
    let book = try unit().book
    var compared = 0
    for subject in FalseAlarms.subjects {
      let series = try series(subject, .gradients, seed: 3)
      let experiment = series.trials[0].experiment
      let right = try book.results(of: subject, with: .none, experiment)
      // at the kinks of these, differences say nothing
      for mistake in book.mistakes(of: subject)
      where mistake.isSingle && !mistake.showsOnlyInGradients
        && !["relu", "maximum"].contains(where: mistake.ids[0].contains)
      {
        let results = try? book.results(of: subject, with: mistake, experiment)
        guard results?.map(\.shape) == right.map(\.shape) else { continue }
        let gradients = try book.gradients(of: subject, with: mistake, experiment)
        let size = Comparison.gradientScale(gradients)
        func value(_ input: PipeTensor) throws -> Double {
          var other = experiment
          other.inputs[0] = input
          let results = try book.results(of: subject, with: mistake, other)
          return experiment.upstream.reduce(0) { sum, upstream in
            let values = results.first { "upstream:" + $0.name == upstream.name }?.values ?? []
            return sum + zip(values, upstream.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
          }
        }
        let input = experiment.inputs[0]
        let gradient = try XCTUnwrap(gradients.first { $0.name == input.name })
        func moved(_ step: Float) throws -> Double {
          try value(input.changing { $0 == 1 ? $1 + step : $1 })
        }
        let wide = (try moved(0.02) - moved(-0.02)) / 0.04
        let narrow = (try moved(0.01) - moved(-0.01)) / 0.02
        XCTAssertEqual(
          Double(gradient.values[1]), (4 * narrow - wide) / 3,
          accuracy: 0.02 * Double(max(size, abs(gradient.values[1]))), "\(subject): \(mistake.ids)")
        compared += 1
      }
    }
    XCTAssertGreaterThan(compared, 100)
  }

  /// What the keys' biases are changes nothing, so they are not named among what results do not depend on; what else is
  /// left out is.
  func testAParameterThatChangesNothingIsNoFinding() throws {
    let subject = try XCTUnwrap(
      HeartbeatTransformerUnit.facts.subjects.first { $0.name == "MultiHeadAttention" })
    XCTAssertEqual(subject.inert, ["b_k"])
    let series = try series("MultiHeadAttention", .values, seed: 5)
    let trial = try XCTUnwrap(series.trials.first)
    let results = try trial.check.studentResults(trial.experiment)
    let probe = BehaviourProbe(trial, results)
    XCTAssertEqual(try probe.unusedParameters(), [])
    XCTAssertNil(try probe.sentence())
    // without the exception it would be
    var numbers = series.numbers("inert")
    var other = trial.experiment
    other.parameters = other.parameters.map {
      $0.name == "b_k" ? numbers.normal($0.name, $0.shape, standardDeviation: 3) : $0
    }
    let same = try trial.check.studentResults(other)
    XCTAssertTrue(zip(same, results).allSatisfy { Comparison.agree($0, $1) })
  }
}
