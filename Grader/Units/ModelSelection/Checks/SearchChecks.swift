import Foundation
import Judge
import WorkerPipe

/// A point that is asked for.
private func point(
  _ session: JudgeSession, _ subject: String, _ space: KnownSpace, seed: String,
  _ inputs: [PipeTensor] = []
) throws -> [Double] {
  let answer = try session.askStudent(
    .forward(.init(isFirst: true)),
    about: .init(subject, space.settings, seed: session.openSeed(seed)), inputs)
  guard let point = answer.first(where: { $0.name == "point" })?.values else {
    throw CheckFailure("the point is missing from the answer")
  }
  return point.map(Double.init)
}

/// Each number of a point is within its bounds.
private func requireBounds(_ point: [Double], _ space: KnownSpace) throws {
  guard point.count == space.parameters.count else {
    throw CheckFailure(
      "a point has \(point.count) numbers, expected one for each of the \(space.parameters.count) parameters"
    )
  }
  for (x, (name, kind)) in zip(point, space.parameters) where !KnownSpace.isWithin(kind, x) {
    let bounds =
      switch kind {
      case .uniform(let low, let high), .logarithmic(let low, let high):
        "a number from \(Comparison.number(Float(low))) to \(Comparison.number(Float(high)))"
      case .choice(let count): "an index from 0 to \(count - 1)"
      }
    throw CheckFailure("\(name) is \(Comparison.number(Float(x))), expected \(bounds)")
  }
}

/// Task 7.8a: random search.
final class RandomSearchChecks: ModelSelectionCase {
  func test2Bounds() throws {
    try check { session in
      let narrow = KnownSpace(parameters: [
        ("parameter 0", .uniform(2, 2)), ("parameter 1", .choice(1)),
        ("parameter 2", .logarithmic(0.5, 0.5)), ("parameter 3", .uniform(-3, -2)),
        ("parameter 4", .logarithmic(10, 1000)), ("parameter 5", .choice(2)),
      ])
      for space in [narrow, .course, KnownSpace(parameters: [("parameter 0", .choice(3))])] {
        for seed in 0..<20 {
          try requireBounds(point(session, "randomPoint", space, seed: "bounds \(seed)"), space)
        }
      }
    }
  }

  /// Random points of the course's space: 4000.
  static func distribution(
    _ session: JudgeSession, _ subject: String = "randomPoint", _ inputs: [PipeTensor] = [],
    calls: Int = 1000
  ) -> StatisticalCheck {
    let space = KnownSpace.course
    let quantities = space.quantities
    /// Without a statement about what is not concerned.
    func known(_ mistake: NamedMistake, _ laws: [Int: Distribution]) -> StatisticalCheck.KnownDraws
    {
      let all = quantities.indices.map { index in
        laws[index] ?? (index < 4 ? quantities[index].distribution : nil)
      }
      return .init(mistake, all)
    }
    func linear(_ low: Double, _ high: Double) -> Distribution {
      .numbers { min(max(($0 - low) / (high - low), 0), 1) }
    }
    /// log₁₀ drawn, e raised: from e^(log₁₀ low) to e^(log₁₀ high).
    func otherBase(_ low: Double, _ high: Double) -> Distribution {
      .numbers { x in
        x <= 0 ? 0 : min(max((log(x) - log10(low)) / (log10(high) - log10(low)), 0), 1)
      }
    }
    return StatisticalCheck(
      session, subject, space.settings, inputs: inputs, calls: calls, quantities: quantities,
      mistakes: [
        known(named[0], [0: linear(1e-5, 1e-1), 2: linear(1e-5, 1e-2)]),
        known(named[1], [0: otherBase(1e-5, 1e-1), 2: otherBase(1e-5, 1e-2)]),
        known(named[2], [3: .outcomes([1.0 / 3, 1.0 / 3, 1.0 / 3, 0])]),
      ])
  }

  /// Mistakes that the check of the distribution calls by their names.
  static let named: [NamedMistake] = [
    NamedMistake(
      "linear", "a log-uniform parameter is uniform in x; it should be uniform in ln x"),
    NamedMistake(
      "two-bases", "the logarithm is one to base 10 and is undone with e: `log` goes with `exp`"),
    NamedMistake("last-choice-never", "the last choice is never drawn"),
  ]

  func test3Distribution() throws { try check { try Self.distribution($0).require() } }
}

/// Task 7.8c: the Tree-structured Parzen Estimator.
final class TPEChecks: ModelSelectionCase {
  private static func scores(_ scores: [Float]) -> TrialSeries.Size {
    .given([PipeTensor("scores", scores)])
  }

  static func split(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "goodTrials",
      sizes: { numbers in
        func tied(_ count: Int) -> [Float] {
          (0..<count).map { _ in Float(numbers.integer(0...6)) / 8 }
        }
        var failed = numbers.numbers(21, 0...1)
        for place in [2, 3, 11] { failed[place] = .nan }
        let (few, more) = (numbers.numbers(10, 0...1), numbers.numbers(11, -1...0))
        return [
          scores(few), scores(more), scores(tied(25)), scores(tied(300)), scores(failed),
          scores(numbers.numbers(100, -3 ... -2)), scores(numbers.numbers(19, 0...1)),
          // the best two stand in the middle, and one of three equals is good
          scores([0, 0, 5, 0, 7, 5, 5, 0, 0, 0, 0, 0]),
          scores(
            Array(repeating: .nan, count: 9) + [-.infinity, 0.5, .nan, -.infinity, .nan, 0.25]),
        ]
      }, usual: scores([0, 1]))
  }

  /// Good and bad values and candidates on [−9, −2].
  private static func sets(
    _ good: [Float], _ bad: [Float], _ candidates: [Float]
  ) -> TrialSeries.Size {
    .given([
      PipeTensor("candidates", candidates), PipeTensor("good", good), PipeTensor("bad", bad),
      PipeTensor("bounds", [-9, -2]),
    ])
  }

  /// Sets whose best candidate is clearly in front of the second.
  static func choice(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "bestCandidate",
      sizes: { numbers in
        func logDensity(_ values: [Float], _ places: [Float]) throws -> [Float] {
          try session.askReference(
            .forward(.init(isFirst: true)), about: .init("parzenDensity"),
            [
              PipeTensor("values", values), PipeTensor("bounds", [-9, -2]),
              PipeTensor("places", places),
            ]
          ).first?.values ?? []
        }
        return try (0..<8).map { place in
          var (good, bad, candidates): ([Float], [Float], [Float]) = ([], [], [])
          for _ in 0..<20 {
            good = numbers.numbers(1 + place % 3, -9 ... -2)
            bad = numbers.numbers(5 + 3 * place, -9 ... -2)
            candidates = numbers.numbers(24, -9 ... -2)
            let gains = try zip(logDensity(good, candidates), logDensity(bad, candidates))
              .map { $0 - $1 }.sorted(by: >)
            if gains.count > 1, gains[0] - gains[1] > 1e-3 { break }
          }
          return sets(good, bad, candidates)
        }
      }, usual: sets([-5], [-8, -3], [-5, -8]))
  }

  func test3Split() throws { try check { try Self.split($0).requireValues() } }
  func test3Choice() throws { try check { try Self.choice($0).requireValues() } }

  /// Nine trials all of whose best points lie together, which a random point does not heed.
  static func start(_ session: JudgeSession, calls: Int = 500) -> StatisticalCheck {
    let points = (0..<9).flatMap { _ in [1e-4, 0.1, 1e-4, 3] as [Float] }
    return RandomSearchChecks.distribution(
      session, "proposal",
      [
        PipeTensor(name: "points", shape: [9, 4], values: points),
        PipeTensor("scores", (0..<9).map { Float($0) }),
      ], calls: calls)
  }

  func test3Start() throws {
    try check { session in
      let none = [
        PipeTensor(name: "points", shape: [0, 4], values: []), PipeTensor("scores", []),
      ]
      try requireBounds(point(session, "proposal", .course, seed: "none", none), .course)
      try Self.start(session).require()
    }
  }

  // MARK: - Search

  /// Best where the step size over one minus the momentum is 0.1, the weight decay 1e-4 and of three layers; 1 there.
  private static func valley(_ x: [Double]) -> Double {
    1 - 0.02 * pow(log10(x[0] / (1 - x[1])) + 1, 2) - 0.01 * pow(log10(x[2]) + 4, 2)
      - 0.01 * pow(x[3] - 2, 2)
  }

  /// Best at a step size of 10^-2.2, momentum 0.8, weight decay 1e-4 and three layers; 1 there.
  private static func bowl(_ x: [Double]) -> Double {
    let first = 0.02 * pow(log10(x[0]) + 2.2, 2) + 0.3 * pow(x[1] - 0.8, 2)
    return 1 - first - 0.01 * pow(log10(x[2]) + 4, 2) - 0.01 * pow(x[3] - 2, 2)
  }

  /// How many searches of each function, and how long each is.
  private static let (searches, trials) = (40, 60)
  /// The mean of log₁₀(1 − best) that a search has to come below.
  private static let goal = -2.8
  private static let attempts = 2

  /// Plays all searches side by side, a question for each trial of all of them.
  ///
  /// - Returns: of each search log₁₀(1 − best), first those of the valley.
  static func regrets(_ session: JudgeSession, attempt: Int) throws -> [Double] {
    let space = KnownSpace.course
    let count = 2 * searches
    var points = [[[Double]]](repeating: [], count: count)
    var scores = [[Double]](repeating: [], count: count)
    for trial in 0..<trials {
      let answer = try session.askStudent(
        .forward(.init(isFirst: true)),
        about: .init(
          "proposals", space.settings, seed: session.openSeed("search \(attempt) \(trial)")),
        [
          PipeTensor(
            name: "points", shape: [count, trial, 4],
            values: points.flatMap { $0.flatMap { $0.map { Float($0) } } }),
          PipeTensor(
            name: "scores", shape: [count, trial],
            values: scores.flatMap { $0.map { Float($0) } }),
        ])
      guard let next = answer.first(where: { $0.name == "points" }), next.shape == [count, 4] else {
        throw CheckFailure("the points are missing from the answer")
      }
      for search in 0..<count {
        let point = next.values[(4 * search)..<(4 * search + 4)].map(Double.init)
        try requireBounds(point, space)
        points[search].append(point)
        scores[search].append(search < searches ? valley(point) : bowl(point))
      }
    }
    return scores.map { log10(max(1 - ($0.max() ?? 0), 1e-9)) }
  }

  // MARK: - One proposal

  /// The best trials had 1 and the others 0, so that ln l − ln g grows from one bound to the other, and the best of 24
  /// draws is the largest: its distribution function is the 24th power of that of one.
  static func proposals(_ session: JudgeSession, calls: Int = 250) -> StatisticalCheck {
    let space = KnownSpace(parameters: [("the only parameter", .uniform(0, 1))])
    let (worse, best) = (54, 6)
    /// Of equal values at a bound one has the other bound for a neighbour, and the others have the clip; last the prior.
    func mixture(of value: Double, _ count: Int) -> Mixture {
      Mixture(
        Array(repeating: value, count: count) + [0.5],
        Array(repeating: 1 / Double(count + 2), count: count - 1) + [1, 1], 0, 1)
    }
    let (good, bad) = (mixture(of: 1, best), mixture(of: 0, worse))
    let points = (0..<(worse + best)).map { $0 < worse ? 0 : 1 as Float }
    func largest(_ density: Mixture, of candidates: Double) -> Distribution {
      .numbers { pow(density.cumulative($0), candidates) }
    }
    return StatisticalCheck(
      session, "proposal", space.settings,
      inputs: [
        PipeTensor(name: "points", shape: [points.count, 1], values: points),
        PipeTensor("scores", points.indices.map { Float($0) }),
      ], calls: calls,
      quantities: [
        DrawnQuantity(
          "what is proposed where the best trials had 1 and all others 0",
          below: { pow(good.cumulative($0), 24) }
        ) { results in
          guard let point = results.first(where: { $0.name == "point" })?.values, point.count == 1
          else { throw CheckFailure("the point of one number is missing from the answer") }
          return [Double(point[0])]
        }
      ],
      mistakes: [
        .init(named[0], [largest(bad, of: 24)]), .init(named[1], [.numbers { pow($0, 24) }]),
        .init(named[2], [largest(good, of: 1)]),
      ])
  }

  /// Mistakes that the check of a proposal calls by their names.
  static let named: [NamedMistake] = [
    NamedMistake(
      "candidates-from-bad", "the candidates are drawn from g: the 24 draws are from l"),
    NamedMistake(
      "candidates-from-everywhere",
      "the candidates are drawn from the whole space: the 24 draws are from l"),
    NamedMistake(
      "one-candidate", "one draw from l is the new value: it is the best of 24"),
  ]

  func test6Search() throws {
    try check { session in
      var best = Double.infinity
      for attempt in 1...Self.attempts {
        let regrets = try Self.regrets(session, attempt: attempt)
        best = min(best, regrets.reduce(0, +) / Double(regrets.count))
        if best < Self.goal { break }
      }
      let reached = Comparison.number(Float(best))
      guard best < Self.goal else {
        throw CheckFailure(
          "in \(2 * Self.searches) searches of \(Self.trials) trials, of functions whose best score is 1, the mean of "
            + "log₁₀(1 − best) is \(reached), expected below \(Self.goal); random points reach −2.45"
        )
      }
      // a search that draws its candidates elsewhere finds as much
      try Self.proposals(session).require()
      session.note("correct: log₁₀(1 − best) is \(reached) on average, expected below \(Self.goal)")
    }
  }
}
