import Judge
import WorkerPipe

/// Task 7.3a: wavelet features.
final class WaveletChecks: ModelSelectionCase {
  typealias Size = TrialSeries.Size

  private static func beats(_ rows: [[Float]]) -> Size {
    .given([
      PipeTensor(name: "beats", shape: [rows.count, rows[0].count], values: rows.flatMap { $0 })
    ])
  }

  private static func random(
    _ count: Int, _ length: Int, _ numbers: inout SeededNumbers
  ) -> Size { beats((0..<count).map { _ in numbers.numbers(length, 0...1) }) }

  private static func impulse(at place: Int, of length: Int) -> [Float] {
    (0..<length).map { $0 == place ? 1 : 0 }
  }

  static func values(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "waveletFeatures",
      sizes: { numbers in
        [
          random(3, 187, &numbers), beats([impulse(at: numbers.integer(70...110), of: 187)]),
          random(2, 187, &numbers),
        ]
      }, usual: beats([impulse(at: 93, of: 187)]))
  }

  /// The ends of a beat, and beats of other lengths, some shorter than the taps.
  static func edges(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "waveletFeatures", title: "edges",
      sizes: { numbers in
        [
          beats([
            Array(repeating: 1, count: 187), impulse(at: 0, of: 187), impulse(at: 186, of: 187),
          ]),
          beats([[1]]), random(1, 2, &numbers), random(2, 64, &numbers), random(1, 300, &numbers),
        ]
      }, usual: beats([impulse(at: 93, of: 187)]))
  }

  func test2Shapes() throws {
    try check {
      try Self.values($0).requireShapes()
      try Self.edges($0).requireShapes()
    }
  }
  func test3Values() throws { try check { try Self.values($0).requireValues() } }
  func test3Edges() throws { try check { try Self.edges($0).requireValues() } }
}

/// Task 7.4a, its two functions of their arguments.
final class GraftChecks: ModelSelectionCase {
  static func grafts(_ session: JudgeSession) -> SizedSeries {
    func size(_ length: Int, _ s: Int, _ numbers: inout SeededNumbers) -> TrialSeries.Size {
      .given(
        [
          PipeTensor("a", numbers.numbers(length, 0...1)),
          PipeTensor("b", numbers.numbers(length, 2...3)),
        ], ["at": s])
    }
    return SizedSeries(
      session: session, subject: "graft",
      sizes: { numbers in
        [
          size(8, 3, &numbers), size(187, numbers.integer(20...160), &numbers),
          size(187, 0, &numbers), size(9, 8, &numbers), size(1, 0, &numbers), size(4, 4, &numbers),
        ]
      },
      usual: .given([PipeTensor("a", [0, 1]), PipeTensor("b", [10, 11])], ["at": 1]))
  }

  static func shifts(_ session: JudgeSession) -> SizedSeries {
    func size(_ length: Int, _ d: Int, _ numbers: inout SeededNumbers) -> TrialSeries.Size {
      .given([PipeTensor("x", numbers.numbers(length, 1...2))], ["by": d])
    }
    return SizedSeries(
      session: session, subject: "shifted",
      sizes: { numbers in
        [
          size(8, 2, &numbers), size(8, -2, &numbers), size(187, numbers.integer(1...10), &numbers),
          size(187, -numbers.integer(1...10), &numbers), size(20, 0, &numbers),
          size(3, 7, &numbers), size(3, -7, &numbers), size(1, 1, &numbers),
        ]
      }, usual: .given([PipeTensor("x", [0, 1, 2])], ["by": 1]))
  }

  func test3Graft() throws { try check { try Self.grafts($0).requireValues() } }
  func test3Shift() throws { try check { try Self.shifts($0).requireValues() } }
}
