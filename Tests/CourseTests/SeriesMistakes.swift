import WorkerPipe
import XCTest

@testable import Assignment
@testable import Judge

/// How well the known mistakes of a unit show in the experiments that its checks draw, and how well they are named, with
/// fresh seeds.
///
/// With RHYTHMLAB_SEEDS more seeds than a test has time for.
struct SeriesMistakes {
  /// A check's series, and whether its gradients are asked for.
  typealias Asked = (series: any SubjectSeries, hasGradients: Bool)

  let unit: MistakeMargins
  /// All that the checks compare with the reference.
  let all: (JudgeSession) -> [Asked]

  init(_ unit: any CourseUnit.Type, all: @escaping (JudgeSession) -> [Asked]) throws {
    self.unit = try MistakeMargins(unit)
    self.all = all
  }

  private func trials(_ asked: any SubjectSeries, _ quantity: Quantity) throws -> TrialSeries {
    var numbers = asked.session.numbers("\(asked.subject) \(asked.title) \(quantity)")
    let series = try asked.series(quantity, &numbers)
    return quantity == .gradients ? try series.withUpstream(&numbers) : series
  }

  /// By subject, the largest margin that a mistake has in any of its checks.
  private func margins(seed: UInt64, inGradients: Bool) throws -> [String: [String: Float]] {
    var found: [String: [String: Float]] = [:]
    for (asked, hasGradients) in all(try unit.session(seed: seed))
    where hasGradients || !inGradients {
      let series = try trials(asked, inGradients ? .gradients : .values)
      let own = try unit.margins(series, inGradients: inGradients) { $0.place == nil }
      found[asked.subject, default: [:]].merge(own) { max($0, $1) }
    }
    return found
  }

  /// Each shows in every seed.
  ///
  /// - Parameters:
  ///   - near: those that are less far from right work than others, with the tolerances that they must exceed.
  ///   - inGradients: whether those are meant that show in gradients alone.
  ///   - count: what their number exceeds; nil where there may be none.
  func requireShown(
    near: [String: Float] = [:], inGradients: Bool, moreThan count: Int? = nil
  ) throws {
    var lowest: [String: [String: Float]] = [:]
    for seed in MistakeMargins.seeds() {
      for (subject, own) in try margins(seed: seed, inGradients: inGradients) {
        lowest[subject, default: [:]].merge(own) { min($0, $1) }
      }
    }
    for (subject, all) in lowest.sorted(by: { $0.key < $1.key }) where !all.isEmpty {
      for (id, bound) in near {
        if let margin = all[id] { XCTAssertGreaterThan(margin, bound, id) }
      }
      try MistakeMargins.require("\(subject)\(inGradients ? " gradients" : "")", seeds: [0]) { _ in
        all.filter { near[$0.key] == nil }
      }
    }
    if let count { XCTAssertGreaterThan(lowest.values.reduce(0) { $0 + $1.count }, count) }
  }

  /// Each mistake has its own name, or none, in every check of its subject that it shows in; at most one of twenty has
  /// none.
  func requireNames() throws {
    let reference = BookOnly(unit.book)
    var (single, unnamed) = (0, 0)
    for seed in MistakeMargins.seeds(3) {
      for (asked, _) in all(try unit.session(seed: 100 + seed)) {
        let trials = try trials(asked, .values).trials.filter { $0.place == nil }
        func observations(_ mistake: KnownMistake) -> [Observation] {
          trials.enumerated().map { index, trial in
            Observation(
              experiment: trial.experiment, place: QuestionPlace(check: "test", number: index),
              results: try? unit.book.results(of: asked.subject, with: mistake, trial.experiment))
          }
        }
        let search = MistakeSearch(reference: reference, model: asked.subject)
        let rights = observations(.none)
        for mistake in unit.book.mistakes(of: asked.subject)
        where mistake.isSingle && !mistake.showsOnlyInGradients {
          let own = observations(mistake)
          let isSeen = zip(own, rights).contains { own, right in
            MistakeMargins.margin(own.results, right.results ?? []) > 1
          }
          guard isSeen else { continue }
          let named = MistakeSearch.certain(try search.explanations(of: own))?.ids ?? []
          let place = "\(asked.subject) \(asked.title), seed \(seed): \(mistake.ids)"
          single += 1
          if named.isEmpty {
            unnamed += 1
            print("\(place) has no name")
          }
          XCTAssertTrue(named == mistake.ids || named.isEmpty, "\(place) is called \(named)")
        }
      }
    }
    print("\(single) mistakes, \(unnamed) without a name")
    XCTAssertLessThan(Double(unnamed), 0.05 * Double(single))
  }

  /// The book without a mistake is the reference: values, buffers and gradients.
  func requireRightResults() throws {
    for seed in MistakeMargins.seeds(3) {
      for (asked, hasGradients) in all(try unit.session(seed: seed)) {
        let name = "\(asked.subject) \(asked.title)"
        for trial in try trials(asked, hasGradients ? .gradients : .values).trials {
          let expected = try trial.expected ?? trial.check.referenceResults(trial.experiment)
          let own = try unit.book.results(of: asked.subject, with: .none, trial.experiment)
          for result in expected {
            XCTAssertTrue(
              Comparison.agree(own.first { $0.name == result.name }, result),
              "\(name): \(result.name)")
          }
          guard hasGradients else { continue }
          let gradients = try trial.check.referenceGradients(trial.experiment)
          let computed = try unit.book.gradients(
            of: asked.subject, with: .none, trial.experiment)
          XCTAssertEqual(computed.map(\.name).sorted(), gradients.map(\.name).sorted())
          for gradient in gradients {
            XCTAssertTrue(
              Comparison.agree(
                computed.first { $0.name == gradient.name }, gradient,
                scale: Comparison.gradientScale(gradients)),
              "\(name): \(gradient.name)")
          }
        }
      }
    }
  }

  /// The checks find nothing wrong with the Solutions, whatever is drawn.
  func requireNoAlarm(_ count: some FalseAlarmCount) throws {
    var alarms = count
    for seed in MistakeMargins.seeds(3) { try alarms.run(unit.session(seed: 200 + seed)) }
    XCTAssertEqual(alarms.alarms, [])
    XCTAssertEqual([alarms.values, alarms.gradients], [0, 0], "the Solutions beside themselves")
  }

  /// A right network learns its batch, wherever it starts.
  func requireNoAlarmOfLearning(_ count: some FalseAlarmCount) throws {
    var alarms = count
    let seeds = MistakeMargins.seeds(3)
    for seed in seeds { try alarms.learn(unit.session(seed: 300 + seed)) }
    XCTAssertEqual(alarms.alarms, [], "of \(seeds.count)")
  }
}
