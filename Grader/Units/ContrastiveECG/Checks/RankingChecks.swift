import Foundation
import Judge
import WorkerPipe

/// Task 6.7b: figures of a ranking.
final class RankingChecks: ContrastiveCase {
  /// Scores and labels of an experiment.
  private struct Ranking {
    var scores: [Float]
    var labels: [Bool]

    var tensors: [PipeTensor] {
      [PipeTensor("scores", scores), PipeTensor("labels", integers: labels.map { $0 ? 1 : 0 })]
    }

    /// - Parameter levels: how many different scores there are.
    init(_ count: Int, levels: Int, _ numbers: inout SeededNumbers) {
      scores = (0..<count).map { _ in Float(numbers.integer(0...(levels - 1))) / 8 - 0.5 }
      labels = (0..<count).map { _ in numbers.integer(0...2) == 0 }
      // both classes are there
      (labels[0], labels[1]) = (true, false)
    }

    init(_ scores: [Float], _ labels: [Bool]) { (self.scores, self.labels) = (scores, labels) }
  }

  private static func rankings(_ numbers: inout SeededNumbers) -> [Ranking] {
    func without(_ kind: Bool) -> Ranking {
      var ranking = Ranking(7, levels: 5, &numbers)
      ranking.labels = ranking.labels.map { _ in !kind }
      return ranking
    }
    var hole = Ranking(9, levels: 9, &numbers)
    hole.scores[numbers.integer(2...8)] = .nan
    let labels = (0..<12).map { $0 % 3 == 0 }
    let separate = labels.enumerated().map { Float($0) / 16 + ($1 ? 2 : 0) }
    return [
      // few levels: ties across the classes
      Ranking(40, levels: 5, &numbers), Ranking(25, levels: 40, &numbers),
      Ranking(12, levels: 3, &numbers), Ranking(30, levels: 8, &numbers),
      Ranking(numbers.integer(15...40), levels: 6, &numbers),
      Ranking([0.25, 0.25, 0.25, 0.25, 0.25], [true, false, false, true, false]),
      Ranking(separate, labels), Ranking(separate.map { -$0 }, labels),
      Ranking([0.5, 0.25, 0.75, 0.125], [true, false, false, false]),
      Ranking([0.5, 0.25], [false, true]),
      without(true), without(false), hole, Ranking([], []),
      Ranking([.infinity, 0.5, -.infinity, 0.5], [true, false, false, true]),
    ]
  }

  private static func series(_ session: JudgeSession, _ subject: String) -> SizedSeries {
    SizedSeries(
      session: session, subject: subject,
      sizes: { numbers in
        rankings(&numbers).filter { !$0.scores.isEmpty }.map { .given($0.tensors) }
      }, usual: .given(Ranking([0.5, 0.25], [true, false]).tensors))
  }

  static func area(_ session: JudgeSession) -> SizedSeries {
    series(session, "areaUnderROC")
  }

  static func precision(_ session: JudgeSession) -> SizedSeries {
    series(session, "averagePrecision")
  }

  /// By all pairs of a positive and a negative.
  private static func area(_ ranking: Ranking) -> Double? {
    let places = ranking.labels.indices
    let (own, others) = (
      places.filter { ranking.labels[$0] }, places.filter { !ranking.labels[$0] }
    )
    guard !own.isEmpty, !others.isEmpty, !ranking.scores.contains(where: \.isNaN) else {
      return nil
    }
    var halves = 0
    for i in own {
      for j in others {
        let (a, b) = (ranking.scores[i], ranking.scores[j])
        halves += a > b ? 2 : a == b ? 1 : 0
      }
    }
    return Double(halves) / Double(2 * own.count * others.count)
  }

  /// The mean over the positives of the precision of all that are not below them.
  private static func precision(_ ranking: Ranking) -> Double? {
    let own = ranking.labels.indices.filter { ranking.labels[$0] }
    guard !own.isEmpty, !ranking.scores.contains(where: \.isNaN) else { return nil }
    let precisions = own.map { i -> Double in
      let above = ranking.scores.indices.filter { ranking.scores[$0] >= ranking.scores[i] }
      return Double(above.count { ranking.labels[$0] }) / Double(above.count)
    }
    return precisions.reduce(0, +) / Double(own.count)
  }

  /// To nine places, by counting here.
  private static func requireExact(
    _ session: JudgeSession, _ subject: String, _ figure: (Ranking) -> Double?
  ) throws {
    var numbers = session.numbers("\(subject) exactly")
    for ranking in rankings(&numbers) {
      let answer = try session.askStudent(
        .forward(.init(isFirst: true)), about: .init(subject), ranking.tensors)
      func part(_ name: String) -> Double {
        Double(answer.first { $0.name == name }?.values.first ?? .nan)
      }
      let isDefined = answer.first { $0.name == "isDefined" }?.integers == [1]
      let own = isDefined ? part("figure") + part("rest") : nil
      let right = figure(ranking)
      func text(_ figure: Double?) -> String { figure.map { String(format: "%.10f", $0) } ?? "nil" }
      if own == nil, right == nil { continue }
      if let own, let right, abs(own - right) <= 1e-9 { continue }
      let isNear = (own ?? 2) - (right ?? 0)
      throw CheckFailure(
        "of \(ranking.scores.count) records, \(ranking.labels.count { $0 }) with the diagnosis, it is \(text(own)), "
          + "expected \(text(right))",
        diagnosis: own != nil && abs(isNear) < 1e-5
          ? "it is computed in single precision: make `Double`s of the counts" : nil)
    }
  }

  func test3Area() throws {
    try check { session in
      try Self.area(session).requireValues()
      try Self.requireExact(session, "areaUnderROC", Self.area)
    }
  }

  func test3Precision() throws {
    try check { session in
      try Self.precision(session).requireValues()
      try Self.requireExact(session, "averagePrecision", Self.precision)
    }
  }
}
