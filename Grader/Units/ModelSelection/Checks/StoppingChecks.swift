import Judge
import WorkerPipe

/// Task 7.6a: early stopping.
final class StoppingChecks: ModelSelectionCase {
  private static func decisions(_ scores: [Float], _ patience: Int) -> TrialSeries.Size {
    .given([PipeTensor("scores", scores)], ["patience": patience])
  }

  /// Scores in tenths, so that some are equal, with NaN here and there.
  private static func scores(
    _ count: Int, nan: Int, _ numbers: inout SeededNumbers
  ) -> [Float] {
    (0..<count).map { _ in
      numbers.integer(1...100) <= nan ? .nan : Float(numbers.integer(-3...9)) / 10
    }
  }

  /// Scores that rise, and that the patience therefore meets again and again.
  private static func rising(_ count: Int, _ numbers: inout SeededNumbers) -> [Float] {
    (0..<count).map { (Float($0) + Float(numbers.integer(-4...4))).rounded() / 10 - 0.5 }
  }

  static func decisions(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "earlyStopping",
      sizes: { numbers in
        let made = [
          decisions([0.5, 0.7, 0.7, 0.8, .nan, 0.75, 0.9], 2),
          decisions([.nan, 0.5, 0.6, .nan, 0.4, 0.7, 0.6, 0.6, 0.6, 0.6], 3),
          decisions([-.infinity, -0.5, .nan, -0.4, -.infinity, -0.6], 2),
          decisions([-0.5, -0.3, -0.4, -0.2, -0.2, -0.3, 0.1], 2), decisions([.nan, 0.5], 1),
          decisions([0.5, 0.4, 0.6], 1), decisions([0.3], 1),
        ]
        return made
          + [1, 2, 3, 5].flatMap { patience in
            (0..<3).map { place in
              decisions(
                place == 0
                  ? rising(25, &numbers) : scores(25, nan: place == 1 ? 10 : 0, &numbers), patience)
            }
          }
      }, usual: decisions([0.5, 0.6, 0.6, 0.6], 2))
  }

  private static func training(
    _ scores: [Float], _ patience: Int, _ numbers: inout SeededNumbers
  ) -> TrialSeries.Size {
    .given(
      [
        numbers.normal("parameters", [scores.count, 3]), PipeTensor("scores", scores),
      ], ["patience": patience])
  }

  /// A network whose parameters in each epoch are known, and its scores: the best epoch is neither the first nor the last.
  static func fit(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "fit",
      sizes: { numbers in
        [
          // the patience runs out, the epochs run out, the best is the last, nothing is a number
          training([0.5, 0.7, 0.8, 0.7, 0.6, 0.9], 2, &numbers),
          training([0.5, 0.8, 0.7, 0.6], 9, &numbers),
          training([0.1, 0.2, 0.3], 2, &numbers),
          training([.nan, .nan, .nan], 5, &numbers),
          training([.nan, 0.4, 0.3, 0.4, 0.2], 8, &numbers),
          training([-0.9, -0.5, -0.6], 3, &numbers),
          training(
            (0..<12).map { $0 == 6 ? 0.95 : Float($0) / 100 + numbers.number(0...0.5) },
            numbers.integer(7...9), &numbers),
        ]
      },
      usual: .given(
        [
          PipeTensor(name: "parameters", shape: [2, 1], values: [1, 2]),
          PipeTensor("scores", [0.5, 0.4]),
        ], ["patience": 1]))
  }

  func test3Decisions() throws { try check { try Self.decisions($0).requireValues() } }
  func test3Training() throws { try check { try Self.fit($0).requireValues() } }
}
