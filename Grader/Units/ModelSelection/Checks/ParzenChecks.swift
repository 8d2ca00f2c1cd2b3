import Judge
import WorkerPipe

/// Task 7.8b: the Parzen estimator.
final class ParzenChecks: ModelSelectionCase {
  /// Values on [−9, −2] in which mistakes show that many others hide: bounds as neighbours, the clip, the order.
  static let sets: [[Float]] = [
    [-3, -8.5, -4.2, -4.1, -7.9], [-5, -5, -5.001], [-8.9], [-2.2, -6], [],
  ]

  private static func size(
    _ values: [Float], _ bounds: [Float] = [-9, -2], places: [Float]? = nil
  ) -> TrialSeries.Size {
    .given(
      [PipeTensor("values", values), PipeTensor("bounds", bounds)]
        + (places.map { [PipeTensor("places", $0)] } ?? []))
  }

  /// - Parameter wantsPlaces: whether densities are asked for, at 60 places with the bounds among them.
  private static func sizes(
    _ numbers: inout SeededNumbers, wantsPlaces: Bool
  ) -> [TrialSeries.Size] {
    let places = wantsPlaces ? (0..<60).map { -9 + 7 * Float($0) / 59 } : nil
    let many = numbers.numbers(30, -9 ... -2)
    return sets.map { size($0, places: places) }
      + [
        size(many, places: places), size(numbers.numbers(6, -9 ... -2), places: places),
        size([0.25], [0, 1], places: wantsPlaces ? [0, 0.1, 0.25, 0.5, 0.9, 1] : nil),
        // more than a hundred, of which the clip is no longer N + 2
        size(numbers.numbers(400, 0...1), [0, 1], places: wantsPlaces ? [0, 0.3, 1] : nil),
      ]
  }

  static func widths(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "parzenWidths",
      sizes: { sizes(&$0, wantsPlaces: false) }, usual: size([-3]))
  }

  static func density(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "parzenDensity",
      sizes: { sizes(&$0, wantsPlaces: true) }, usual: size([-3], places: [-4]))
  }

  static func choices(_ session: JudgeSession) -> SizedSeries {
    func size(_ seen: [Int], _ count: Int) -> TrialSeries.Size {
      .given([PipeTensor("seen", integers: seen)], ["choices": count])
    }
    return SizedSeries(
      session: session, subject: "choiceProbabilities",
      sizes: { numbers in
        [
          size([2, 2, 0], 4), size([], 3), size([0], 1), size([1, 1, 1, 1], 2),
          size(numbers.integers(numbers.integer(9...20), 0...4), 6),
        ]
      }, usual: size([0], 2))
  }

  func test3Widths() throws { try check { try Self.widths($0).requireValues() } }
  func test3Density() throws { try check { try Self.density($0).requireValues() } }
  func test3Choices() throws { try check { try Self.choices($0).requireValues() } }

  // MARK: - Draws

  /// Draws beside the mixture of right centres and widths.
  static func draws(
    _ session: JudgeSession, _ values: [Float], count: Int = 4000
  ) throws -> StatisticalCheck {
    let (a, b) = (-9.0, -2.0)
    let right = try session.askReference(
      .forward(.init(isFirst: true)), about: .init("parzenWidths"),
      [PipeTensor("values", values), PipeTensor("bounds", [Float(a), Float(b)])]
    ).map { $0.values.map(Double.init) }
    let (centres, widths) = (right[0], right[1])
    let mixture = Mixture(centres, widths, a, b)
    /// How likely a number of the whole normal distributions lies below a and above b.
    let (below, above) = centres.indices.reduce((0.0, 0.0)) { sum, k in
      let share = 1 / Double(centres.count)
      return (sum.0 + mixture.share(a, k) * share, sum.1 + (1 - mixture.share(b, k)) * share)
    }
    @Sendable func withoutPrior(_ z: Double) -> Double {
      Mixture(Array(centres.dropLast()), Array(widths.dropLast()), a, b).cumulative(z)
    }
    var known = [
      StatisticalCheck.KnownDraws(
        named[0], [nil, .outcomes([below, above, 1 - below - above])]),
      StatisticalCheck.KnownDraws(
        named[2], [.numbers { min(max(($0 - a) / (b - a), 0), 1) }, nil]),
    ]
    if !values.isEmpty {
      known.append(.init(named[1], [.numbers { withoutPrior($0) }, nil]))
    }
    return StatisticalCheck(
      session, "parzenDraws", ["count": .integer(count)],
      inputs: [
        PipeTensor("values", values), PipeTensor("bounds", [Float(a), Float(b)]),
      ], calls: 2,
      quantities: [
        DrawnQuantity("a draw", below: { mixture.cumulative($0) }) { results in
          let draws = results[0].values.map(Double.init)
          if let outside = draws.first(where: { $0 < a - 1e-5 || $0 > b + 1e-5 }) {
            throw CheckFailure(
              "a draw is \(Comparison.number(Float(outside))), expected a number from \(Comparison.number(Float(a))) to "
                + "\(Comparison.number(Float(b)))",
              diagnosis:
                "a draw never leaves the bounds: the normal distributions are cut off there"
            )
          }
          return draws
        },
        // single precision rounds a draw onto a bound once in a million times
        DrawnQuantity(
          "a draw",
          outcomes: [("the lower bound", 1e-5), ("the upper bound", 1e-5), ("between", 1 - 2e-5)]
        ) { results in
          results[0].values.map { $0 <= Float(a) ? 0 : $0 >= Float(b) ? 1 : 2 }
        },
      ], mistakes: known)
  }

  /// Mistakes that the check of draws calls by their names.
  static let named: [NamedMistake] = [
    NamedMistake(
      "moved-onto-the-bounds",
      "draws outside of the bounds are moved onto them, so that these come too often: draw between the bounds"
    ),
    NamedMistake("prior-never-drawn", "the prior is never drawn from"),
    NamedMistake("from-everywhere", "draws are uniform between the bounds, whatever the values"),
  ]

  func test3Draws() throws {
    try check { session in
      for values in [Self.sets[0], Self.sets[2], []] { try Self.draws(session, values).require() }
    }
  }
}
