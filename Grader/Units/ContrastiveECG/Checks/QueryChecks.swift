import Judge
import WorkerPipe

/// Task 6.7a: classes by their texts.
final class QueryChecks: ContrastiveCase {
  private static func classes(
    _ counts: [Int], _ D: Int, _ numbers: inout SeededNumbers
  ) -> TrialSeries.Size {
    // of very different lengths
    let rows = (0..<counts.reduce(0, +)).map { place in
      ContrastiveDraws.rows(1, D, lengths: place % 2 == 0 ? 0.1...0.3 : 3...8, &numbers)[0]
    }
    return .given([PipeTensor("prompts", rows: rows), PipeTensor("counts", integers: counts)])
  }

  static func classVectors(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "classVectors",
      sizes: { numbers in
        [
          classes([1, 3, 5, 3], 6, &numbers), classes([1], 4, &numbers),
          classes([2, 1, 2], 5, &numbers),
          classes((0..<4).map { _ in numbers.integer(1...5) }, numbers.integer(3...9), &numbers),
        ]
      },
      usual: .given([PipeTensor("prompts", rows: [[1, 0]]), PipeTensor("counts", integers: [1])]))
  }

  static func scores(_ session: JudgeSession) -> SizedSeries {
    func size(_ N: Int, _ K: Int, _ D: Int, _ numbers: inout SeededNumbers) -> TrialSeries.Size {
      .given([
        PipeTensor("Z", rows: ContrastiveDraws.rows(N, D, lengths: 1...1, &numbers)),
        PipeTensor("C", rows: ContrastiveDraws.rows(K, D, lengths: 1...1, &numbers)),
      ])
    }
    return SizedSeries(
      session: session, subject: "scores",
      sizes: { numbers in
        [
          size(5, 4, 6, &numbers), size(1, 3, 4, &numbers), size(3, 1, 2, &numbers),
          size(4, 4, 4, &numbers),
          size(numbers.integer(2...9), numbers.integer(2...9), numbers.integer(3...9), &numbers),
        ]
      },
      usual: .given([PipeTensor("Z", rows: [[1, 0]]), PipeTensor("C", rows: [[1, 0]])]))
  }

  static func predictions(_ session: JudgeSession) -> SizedSeries {
    /// Scores of few values, so that some are equal.
    func size(_ N: Int, _ K: Int, _ numbers: inout SeededNumbers) -> TrialSeries.Size {
      .given([
        PipeTensor(
          "scores",
          rows: (0..<N).map { _ in (0..<K).map { _ in Float(numbers.integer(-3...3)) / 4 } })
      ])
    }
    return SizedSeries(
      session: session, subject: "predictions",
      sizes: { numbers in
        [
          size(12, 4, &numbers), size(1, 3, &numbers), size(5, 1, &numbers), size(4, 4, &numbers),
          size(20, numbers.integer(2...9), &numbers),
          .given([PipeTensor("scores", rows: [[-0.5, -0.25, -0.25], [0.5, 0.5, 0.5]])]),
        ]
      }, usual: .given([PipeTensor("scores", rows: [[1, 0]])]))
  }

  func test3ClassVectors() throws { try check { try Self.classVectors($0).requireValues() } }
  func test3Scores() throws { try check { try Self.scores($0).requireValues() } }
  func test3Predictions() throws { try check { try Self.predictions($0).requireValues() } }
}
