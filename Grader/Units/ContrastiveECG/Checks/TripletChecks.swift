import Judge
import WorkerPipe

/// Task 6.4a, its first function.
final class DistanceChecks: ContrastiveCase {
  private static func size(
    _ N: Int, _ M: Int, _ D: Int, calls: Int? = nil
  ) -> TrialSeries.Size {
    let draw: Draw.Numbers = { _, _, numbers in
      var (A, B) = (
        numbers.normal("A", [N, D]).values, numbers.normal("B", [M, D]).values
      )
      if N * M == 1 {
        // far enough apart that ‖a‖² + ‖b‖² − 2 a·b keeps its places
        B = A.map { $0 + numbers.number(1...2) }
      } else {
        // one distance of 0, whose gradient is a number
        B.replaceSubrange(0..<D, with: A[((N - 1) * D)...])
      }
      A = A.map { 1.5 * $0 }
      B = B.map { 1.5 * $0 }
      return (
        [],
        [
          PipeTensor(name: "A", shape: [N, D], values: A),
          PipeTensor(name: "B", shape: [M, D], values: B),
        ]
      )
    }
    let inputs = [InputShape("A", [N, D]), InputShape("B", [M, D])]
    return .init(
      [:], inputs: inputs,
      draw: calls.map {
        .afterCalls($0, "for A [\(N), \(D)] and B [\(M), \(D)]", draw)
      } ?? .ordinary(draw))
  }

  static func series(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "squaredDistances",
      sizes: { numbers in
        let (N, M, D) = (numbers.integer(2...7), numbers.integer(2...7), numbers.integer(2...9))
        return [
          size(4, 3, 5), size(1, 1, 1), size(2, 5, 1), size(3, 3, 3),
          size(N, M, D, calls: numbers.integer(2...5)),
        ]
      }, smallest: [size(1, 1, 1), size(1, 2, 1), size(2, 1, 2)], usual: size(64, 64, 384))
  }

  func test3Values() throws { try check { try Self.series($0).requireValues() } }
  func test4Gradients() throws { try check { try Self.series($0).requireGradients() } }
}

/// Task 6.4a, its second function.
final class TripletChecks: ContrastiveCase {
  /// How many of an experiment's triplets add to the loss.
  private enum Kind { case some, none, all }

  private static func size(
    _ N: Int, _ D: Int, _ kind: Kind, eighths: Int = 4, calls: Int? = nil
  ) -> TrialSeries.Size {
    let margin = Float(eighths) / 8
    let draw: Draw.Numbers = { _, _, numbers in
      var (anchors, positives, negatives) = ([[Float]](), [[Float]](), [[Float]]())
      for i in 0..<N {
        let anchor = ContrastiveDraws.rows(1, D, lengths: 0.5...3, &numbers)[0]
        func at(_ square: Float) -> [Float] {
          let direction = ContrastiveDraws.direction(D, &numbers)
          return zip(anchor, direction).map { $0 + square.squareRoot() * $1 }
        }
        let near = numbers.number(0.3...4)
        // what the triplet has within its maximum
        let excess: Float =
          switch kind {
          case .none: -numbers.number(0.5...2)
          case .all: numbers.number(0.3...(near + margin) * 0.9)
          // one of them by a hundredth
          case .some:
            i == 0
              ? 0.01
              : i < N / 2 ? -numbers.number(0.5...2) : numbers.number(0.2...(near + margin) * 0.8)
          }
        anchors.append(anchor)
        positives.append(at(near))
        negatives.append(at(near + margin - excess))
      }
      return (
        [],
        [
          PipeTensor("anchor", rows: anchors), PipeTensor("positive", rows: positives),
          PipeTensor("negative", rows: negatives),
        ]
      )
    }
    return .init(
      ["marginInEighths": eighths],
      inputs: ["anchor", "positive", "negative"].map { InputShape($0, [N, D]) },
      draw: calls.map {
        .afterCalls($0, "for \(N) triplets of \(D) numbers and a margin of \(margin)", draw)
      } ?? .ordinary(draw))
  }

  static func series(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "tripletLoss",
      sizes: { numbers in
        let (N, D) = (numbers.integer(3...9), numbers.integer(2...9))
        return [
          size(6, 5, .some), size(1, 3, .all, eighths: 2), size(5, 4, .none, eighths: 8),
          size(8, 3, .some, eighths: 8), size(3, 1, .all),
          size(N, D, .some, eighths: numbers.integer(1...9), calls: numbers.integer(2...5)),
        ]
      }, smallest: [size(1, 1, .all), size(1, 2, .all), size(2, 1, .some)],
      usual: size(64, 384, .some))
  }

  func test3Values() throws { try check { try Self.series($0).requireValues() } }
  func test4Gradients() throws { try check { try Self.series($0).requireGradients() } }
}
