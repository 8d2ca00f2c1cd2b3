import Foundation
import Judge
import WorkerPipe

/// Task 6.6b: the contrastive loss.
final class LossChecks: ContrastiveCase {
  /// A scale, and how long the rows are: not 1, so that a second normalisation shows.
  private static func numbers(
    _ N: Int, _ D: Int, k: Float, _ lengths: ClosedRange<Float>
  ) -> Draw.Numbers {
    { _, _, numbers in
      (
        [],
        [
          PipeTensor("Z", rows: ContrastiveDraws.rows(N, D, lengths: lengths, &numbers)),
          PipeTensor("T", rows: ContrastiveDraws.rows(N, D, lengths: lengths, &numbers)),
          PipeTensor(name: "k", shape: [], values: [k]),
        ]
      )
    }
  }

  private static func size(
    _ N: Int, _ D: Int, k: Float, lengths: ClosedRange<Float> = 0.5...2, calls: Int? = nil
  ) -> TrialSeries.Size {
    let draw = numbers(N, D, k: k, lengths)
    return .init(
      [:], inputs: [InputShape("Z", [N, D]), InputShape("T", [N, D]), InputShape("k", [])],
      draw: calls.map {
        .afterCalls($0, "for \(N) pairs of \(D) numbers with k = \(Comparison.number(k))", draw)
      } ?? .ordinary(draw))
  }

  /// Above ln 100, where k is clamped.
  private static let above = Float(log(100.0)) + 0.5

  static func series(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "contrastiveLoss",
      sizes: { numbers in
        let (N, D, k) = (numbers.integer(3...8), numbers.integer(2...9), numbers.number(-0.5...2))
        return [
          size(5, 3, k: 0), size(7, 8, k: 1), size(2, 3, k: 0.5), size(5, 8, k: 2.6593),
          size(1, 3, k: 1), size(6, 4, k: above, lengths: 0.2...0.6),
          // beyond what an exponential holds
          size(5, 3, k: above, lengths: 1...2), size(N, D, k: k, calls: numbers.integer(2...5)),
        ]
      }, smallest: [size(2, 1, k: 0), size(2, 2, k: 1), size(3, 2, k: 1)],
      usual: size(64, 384, k: 2.6593))
  }

  func test3Values() throws { try check { try Self.series($0).requireValues() } }
  func test4Gradients() throws { try check { try Self.series($0).requireGradients() } }
}
