import Judge
import WorkerPipe

/// Logits and labels.
private func size(_ rows: [[Float]], _ labels: [Int]) -> TrialSeries.Size {
  .given([
    PipeTensor(name: "logits", shape: [rows.count, rows[0].count], values: rows.flatMap { $0 }),
    PipeTensor("labels", integers: labels),
  ])
}

/// Logits that know something of the labels, with a number of its own added to all of a beat.
///
/// - Parameters:
///   - frequent: how much more often class 0 comes than another.
///   - absent: a class that does not occur.
private func drawn(
  _ count: Int, _ classes: Int, frequent: Int = 0, absent: Int? = nil, rounded: Bool = false,
  _ numbers: inout SeededNumbers
) -> (rows: [[Float]], labels: [Int]) {
  var labels: [Int] = []
  while labels.count < count {
    let label = max(0, numbers.integer(-frequent...(classes - 1)))
    if label != absent { labels.append(label) }
  }
  let rows = labels.map { label -> [Float] in
    let noise = numbers.normal("row", [classes + 1]).values
    return (0..<classes).map { c in
      let logit = noise[c] + (c == label ? 1.2 : 0)
      let offset = 3 * noise[classes]
      return rounded ? logit.rounded() : logit + offset
    }
  }
  return (rows, labels)
}

/// Task 7.7a: macro AUROC.
final class AUROCChecks: ModelSelectionCase {
  private static let example: [[Float]] = [
    [0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.2, 0.6, 0.2], [0.5, 0.3, 0.2], [0.1, 0.3, 0.6],
    [0.3, 0.3, 0.4],
  ]

  static func values(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "macroAUROC",
      sizes: { numbers in
        [(30, 3, 0), (90, 5, 6), (60, 7, 2), (120, 4, 9)].map { count, classes, frequent in
          let (rows, labels) = drawn(count, classes, frequent: frequent, &numbers)
          return size(rows, labels)
        }
      }, usual: size([[1, 0], [0, 1]], [0, 1]))
  }

  /// Ties, classes that do not occur, all of one class, probabilities of 0.
  static func ties(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "macroAUROC", title: "ties",
      sizes: { numbers in
        // beats that are the same, so that they are ties however a softmax is computed
        let (pool, _) = drawn(9, 3, &numbers)
        let labels = numbers.integers(70, 0...2)
        let tied = labels.map { pool[min($0 + numbers.integer(0...6), 8)] }
        let (gap, others) = drawn(40, 5, absent: numbers.integer(1...4), &numbers)
        let (first, without) = drawn(30, 3, absent: 0, &numbers)
        var (far, some) = drawn(24, 3, &numbers)
        for i in stride(from: 0, to: 24, by: 5) { far[i][i % 3] = -.infinity }
        some[0] = 0
        return [
          size(tied, labels), size(gap, others), size(first, without), size(far, some),
          size(example.map { $0.map { $0 * 10 } }, [1, 1, 1, 1, 1, 1]),
          // as many of a class before as behind, all equal
          size(Array(repeating: [1, 1, 2], count: 6), [0, 1, 2, 0, 1, 1]),
        ]
      }, usual: size([[1, 0], [0, 1]], [0, 1]))
  }

  func test3Values() throws { try check { try Self.values($0).requireValues() } }
  func test3Ties() throws { try check { try Self.ties($0).requireValues() } }

  /// A number added to all logits of a beat changes nothing, nor does another order of beats or classes.
  func test3Invariances() throws {
    try check { session in
      var numbers = session.numbers("macroAUROC invariances")
      let (rows, labels) = drawn(40, 4, frequent: 2, &numbers)
      func score(_ rows: [[Float]], _ labels: [Int]) throws -> Float {
        let answer = try session.askStudent(
          .forward(.init(isFirst: true)), about: .init("macroAUROC"),
          [
            PipeTensor(
              name: "logits", shape: [rows.count, rows[0].count], values: rows.flatMap { $0 }),
            PipeTensor("labels", integers: labels),
          ])
        guard let score = answer.first(where: { $0.name == "score" })?.values.first else {
          throw CheckFailure("score is missing from the answer")
        }
        return score
      }
      let score1 = try score(rows, labels)
      guard score1 > 0, score1 < 1 else {
        throw CheckFailure(
          "of logits that know something of the labels, and not all, the score is \(Comparison.number(score1))"
        )
      }
      let moved = rows.map { row in
        let offset = Float(numbers.integer(-6...6))
        return row.map { $0 + offset }
      }
      let order = numbers.permutation(rows.count)
      let exchanged = rows.map { [$0[2], $0[1], $0[0], $0[3]] }
      let others: [(String, [[Float]], [Int])] = [
        ("with a number added to all logits of a beat", moved, labels),
        ("with the beats in another order", order.map { rows[$0] }, order.map { labels[$0] }),
        (
          "with the classes 0 and 2 exchanged", exchanged,
          labels.map { $0 == 0 ? 2 : $0 == 2 ? 0 : $0 }
        ),
      ]
      for (what, rows, labels) in others {
        let other = try score(rows, labels)
        guard abs(other - score1) < 1e-4 else {
          throw CheckFailure(
            "\(what) the score is \(Comparison.number(other)), before \(Comparison.number(score1)): it must be the same"
          )
        }
      }
    }
  }
}

/// Task 7.9a: the figures of the hold-out set.
final class EvaluationChecks: ModelSelectionCase {
  static func values(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "evaluation",
      sizes: { numbers in
        [(40, 5, 4), (25, 3, 2), (60, 4, 8)].map { count, classes, frequent in
          let (rows, labels) = drawn(count, classes, frequent: frequent, &numbers)
          return size(rows, Array(0..<classes) + labels.dropFirst(classes))
        }
      }, usual: size([[1, 0], [0, 1]], [0, 1]))
  }

  /// Classes without beats, equal logits, a logit that is none.
  static func special(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "evaluation", title: "special",
      sizes: { numbers in
        let (gap, labels) = drawn(20, 5, absent: numbers.integer(1...4), &numbers)
        let (tied, all) = drawn(30, 3, rounded: true, &numbers)
        var (holes, others) = drawn(18, 3, frequent: 2, &numbers)
        for i in stride(from: 0, to: 18, by: 4) { holes[i][i % 3] = .nan }
        others[0] = 0
        return [
          size(gap, labels), size(tied, all), size(holes, others),
          size([[1, 1, 1], [0, 2, 2]], [0, 2]), size([[2, 1]], [1]),
        ]
      }, usual: size([[1, 0], [0, 1]], [0, 1]))
  }

  func test3Values() throws { try check { try Self.values($0).requireValues() } }
  func test3Special() throws { try check { try Self.special($0).requireValues() } }
}
