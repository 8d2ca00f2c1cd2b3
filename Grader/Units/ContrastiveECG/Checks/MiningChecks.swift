import Judge
import WorkerPipe

/// Task 6.4b. All distances are multiples of 1/8, which floats hold exactly.
final class MiningChecks: ContrastiveCase {
  /// A row of distances in eighths.
  private typealias Row = [Int]

  /// Which text an ECG's neighbours are: near its own, all nearer than it, or all far away.
  private enum Neighbours: CaseIterable { case about, nearer, farther }

  private static func row(
    _ i: Int, _ count: Int, _ kind: Neighbours, margin: Int, _ numbers: inout SeededNumbers
  ) -> Row {
    let own = numbers.integer(5...14)
    return (0..<count).map { j in
      guard j != i else { return own }
      return switch kind {
      // nearer, at the very distance, within the margin, at its end, beyond
      case .about: numbers.integer((own - 3)...(own + margin + 3))
      case .nearer: numbers.integer(1...own)
      case .farther: numbers.integer((own + margin)...(own + margin + 6))
      }
    }
  }

  private static func size(
    _ captions: [Int], margin: Int, _ numbers: inout SeededNumbers
  ) -> TrialSeries.Size {
    let kinds: [Neighbours] = [.about, .about, .nearer, .about, .farther]
    let rows = captions.indices.map { i in
      row(i, captions.count, kinds[i % kinds.count], margin: margin, &numbers)
    }
    return size(captions, rows, margin: margin)
  }

  private static func size(
    _ captions: [Int], _ rows: [Row], margin: Int
  ) -> TrialSeries.Size {
    .given(
      [
        PipeTensor("D", rows: rows.map { $0.map { Float($0) / 8 } }),
        PipeTensor("captions", integers: captions),
      ], ["marginInEighths": margin])
  }

  /// Captions with repeats, in which every record has a negative.
  private static func captions(_ count: Int, _ numbers: inout SeededNumbers) -> [Int] {
    [11, 12] + (2..<count).map { _ in numbers.integer(10...14) }
  }

  private static func sizes(_ numbers: inout SeededNumbers) -> [TrialSeries.Size] {
    let drawn = [2, 8, 2, 8, 4, 6].map { margin in
      size(captions(8, &numbers), margin: margin, &numbers)
    }
    // by design: the own caption elsewhere nearer than any negative and within the margin, ties, distances at both bounds
    let designed = size(
      [7, 3, 7, 5, 3, 7],
      [
        [8, 9, 9, 9, 12, 6], [16, 8, 10, 10, 9, 12], [2, 9, 8, 8, 10, 3], [9, 10, 12, 9, 10, 9],
        [6, 5, 4, 6, 8, 6], [20, 12, 20, 24, 24, 10],
      ], margin: 2)
    return drawn + [
      designed, size([4, 9], [[6, 7], [9, 5]], margin: 2),
      size([4, 9], [[6, 4], [3, 5]], margin: 2),
      size(captions(3, &numbers), margin: 8, &numbers),
      size([1, 2, 1], [[5, 9, 5], [7, 5, 7], [4, 30, 5]], margin: 8),
    ]
  }

  static func hardest(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "hardestNegatives", sizes: sizes,
      usual: size([1, 2], [[5, 9], [7, 5]], margin: 2))
  }

  static func semiHard(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "semiHardNegatives", sizes: sizes,
      usual: size([1, 2], [[5, 9], [7, 5]], margin: 2))
  }

  func test3Hardest() throws { try check { try Self.hardest($0).requireValues() } }
  func test3SemiHard() throws { try check { try Self.semiHard($0).requireValues() } }
}
