import TensorCore
import WorkerPipe
import XCTest

@testable import Assignment
@testable import Judge
@testable import ModelSelectionChecks

/// How well the known mistakes of the unit on features and searches show in the experiments that its checks draw, and
/// how well they are named, with fresh seeds.
///
/// With RHYTHMLAB_SEEDS more seeds than a test has time for.
final class MistakesOfSelectionTests: XCTestCase {
  private func unit() throws -> MistakeMargins { try MistakeMargins(ModelSelectionUnit.self) }

  private func trials(_ session: JudgeSession, _ asked: SelectionSeries, _ quantity: Quantity)
    throws
    -> TrialSeries
  {
    var numbers = session.numbers("\(asked.subject) \(asked.title) \(quantity)")
    let series = try asked.series(quantity, &numbers)
    return quantity == .gradients ? try series.withUpstream(&numbers) : series
  }

  /// By subject, the largest margin that a mistake has in any of its checks.
  private func margins(seed: UInt64, inGradients: Bool) throws -> [String: [String: Float]] {
    var found: [String: [String: Float]] = [:]
    let session = try unit().session(seed: seed)
    for (asked, hasGradients) in SelectionSeries.all(session) where hasGradients || !inGradients {
      let series = try trials(session, asked, inGradients ? .gradients : .values)
      let own = try unit().margins(series, inGradients: inGradients) { $0.place == nil }
      found[asked.subject, default: [:]].merge(own) { max($0, $1) }
    }
    return found
  }

  func testEveryMistakeShows() throws {
    for inGradients in [false, true] {
      var all: [String: [String: Float]] = [:]
      let seeds = MistakeMargins.seeds()
      for seed in seeds {
        for (subject, own) in try margins(seed: seed, inGradients: inGradients) {
          all[subject, default: [:]].merge(own) { min($0, $1) }
        }
      }
      for (subject, all) in all.sorted(by: { $0.key < $1.key }) where !all.isEmpty {
        // the taps are nearly odd, and a formula for them is near the table
        let near = ["taps-not-reversed-and-sign", "closed-form"]
        for id in near { if let margin = all[id] { XCTAssertGreaterThan(margin, 5, id) } }
        let own = all.filter { !near.contains($0.key) }
        try MistakeMargins.require("\(subject)\(inGradients ? " gradients" : "")", seeds: [0]) {
          _ in own
        }
      }
      if !inGradients { XCTAssertGreaterThan(all.values.reduce(0) { $0 + $1.count }, 110) }
    }
  }

  /// Each mistake has its own name in the first check of its subject that it shows in, and right results have none.
  func testMistakesAreNamed() throws {
    let book = try unit().book
    let reference = BookOnly(book)
    var (single, unnamed) = (0, 0)
    for seed in MistakeMargins.seeds(3) {
      let session = try unit().session(seed: 100 + seed)
      for (asked, _) in SelectionSeries.all(session) {
        let trials = try trials(session, asked, .values).trials.filter { $0.place == nil }
        func observations(_ mistake: KnownMistake) -> [Observation] {
          trials.enumerated().map { index, trial in
            Observation(
              experiment: trial.experiment, place: QuestionPlace(check: "test", number: index),
              results: try? book.results(of: asked.subject, with: mistake, trial.experiment))
          }
        }
        let search = MistakeSearch(reference: reference, model: asked.subject)
        let rights = observations(.none)
        for mistake in book.mistakes(of: asked.subject)
        where mistake.isSingle && !mistake.showsOnlyInGradients {
          let own = observations(mistake)
          let isSeen = zip(own, rights).contains { own, right in
            MistakeMargins.margin(own.results, right.results ?? []) > 1
          }
          guard isSeen else { continue }
          let named = MistakeSearch.certain(try search.explanations(of: own))?.ids ?? []
          single += 1
          if named.isEmpty { unnamed += 1 }
          XCTAssertTrue(
            named == mistake.ids || named.isEmpty,
            "\(asked.subject) \(asked.title), seed \(seed): \(mistake.ids) is called \(named)")
          if named.isEmpty {
            print("\(asked.subject) \(asked.title), seed \(seed): \(mistake.ids) has no name")
          }
        }
      }
    }
    print("\(single) mistakes, \(unnamed) without a name")
    XCTAssertLessThan(Double(unnamed), 0.05 * Double(single))
  }

  /// The book without a mistake is the reference: values, buffers and gradients.
  func testRightResultsAreTheReferences() throws {
    let book = try unit().book
    for seed in MistakeMargins.seeds(3) {
      let session = try unit().session(seed: seed)
      for (asked, hasGradients) in SelectionSeries.all(session) {
        for trial in try trials(session, asked, hasGradients ? .gradients : .values).trials {
          let expected = try trial.expected ?? trial.check.referenceResults(trial.experiment)
          let own = try book.results(of: asked.subject, with: .none, trial.experiment)
          for result in expected {
            XCTAssertTrue(
              Comparison.agree(own.first { $0.name == result.name }, result),
              "\(asked.subject) \(asked.title): \(result.name)")
          }
          guard hasGradients else { continue }
          let gradients = try trial.check.referenceGradients(trial.experiment)
          let computed = try book.gradients(of: asked.subject, with: .none, trial.experiment)
          XCTAssertEqual(computed.map(\.name).sorted(), gradients.map(\.name).sorted())
          for gradient in gradients {
            XCTAssertTrue(
              Comparison.agree(
                computed.first { $0.name == gradient.name }, gradient,
                scale: Comparison.gradientScale(gradients)),
              "\(asked.subject) \(asked.title): \(gradient.name)")
          }
        }
      }
    }
  }

  /// The checks find nothing wrong with the Solutions, whatever is drawn.
  func testRightWorkRaisesNoAlarm() throws {
    var alarms = FalseAlarms()
    for seed in MistakeMargins.seeds(3) { try alarms.run(unit().session(seed: 200 + seed)) }
    XCTAssertEqual(alarms.alarms, [])
    XCTAssertEqual([alarms.values, alarms.gradients], [0, 0], "the Solutions beside themselves")
  }

  /// How far below its goal a right search comes, and that its means are spread as little as the goal takes for granted. With
  /// RHYTHMLAB_SEEDS for so many seeds.
  func testARightSearchReachesItsGoal() throws {
    let means = try MistakeMargins.seeds(2).map { seed in
      let regrets = try TPEChecks.regrets(unit().session(seed: 400 + seed), attempt: 1)
      return regrets.reduce(0, +) / Double(regrets.count)
    }
    let mean = means.reduce(0, +) / Double(means.count)
    let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(max(means.count - 1, 1))).squareRoot()
    print(
      "\(means.count) right searches: mean \(mean), deviation \(deviation), largest \(means.max() ?? 0)"
    )
    XCTAssertLessThan(means.max() ?? 0, -2.8)
  }

  /// A right network learns its batch, wherever it starts.
  func testARightNetworkLearnsItsBatch() throws {
    var alarms = FalseAlarms()
    let seeds = MistakeMargins.seeds(3)
    for seed in seeds { try alarms.learn(unit().session(seed: 300 + seed)) }
    XCTAssertEqual(alarms.alarms, [], "of \(seeds.count)")
  }
}
