import Assignment
import Foundation
import Sandbox
import TensorCore
import TestSupport
import WorkerPipe
import Workers
import XCTest

@testable import Judge

/// What draws, what gives integers and what is known by its properties alone, judged by the means of every
/// unit: a balanced sampler, a dropout mask, a proposal of a random search, a mask of integers, differences.
final class StatisticalTests: XCTestCase {
  private static let subjects = [
    Subject(
      "balancedSampler", inputs: [Port("labels", [.sample])],
      results: [Port("indices", [.unnamed])],
      traits: [.draws]),
    Subject(
      "paddingMask", inputs: [Port("lengths", [.sample])], results: [Port("mask", [.unnamed])]),
    Subject(
      "differences", inputs: [Port("signal", [.step])], results: [Port("changes", [.step])],
      traits: [.causal(along: .step), .equivariant(along: .step, edge: 1)]),
  ]

  /// The sampler by its own lines, exact by the generator.
  private struct Sampler: Variant {
    var isLate = false
    var takesTheFirst = false

    static let integers: Set<String> = ["indices"]
    static let mistakes: [Mistake<Self>] = [
      .init("number-too-many", "a number is drawn that is not used") { $0.isLate = true },
      .init("first-of-class", "the first example of a class is taken") { $0.takesTheFirst = true },
    ]

    func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
      var generator = numbers.generator
      let labels = numbers.integers["labels"] ?? []
      let indices = (0..<(numbers.sizes["count"] ?? 0)).map { _ -> Float in
        func below(_ bound: Int) -> Int { Int(generator.nextUniform() * Float(bound)) }
        let label = below(numbers.sizes["classes"] ?? 1)
        let examples = labels.indices.filter { labels[$0] == label }
        if isLate { _ = generator.nextUniform() }
        return Float(takesTheFirst ? examples[0] : examples[below(examples.count)])
      }
      return [("indices", Tensor(indices))]
    }
  }

  private struct Padding: Variant {
    enum Border { case right, oneLate, longest }
    var border = Border.right
    var isInverted = false

    static let integers: Set<String> = ["mask"]
    static let mistakes: [Mistake<Self>] = [
      .init("one-late", "the mask ends one step late") { $0.border = .oneLate },
      .init("longest", "all sequences end with the longest") { $0.border = .longest },
      .init("inverted", "ones and zeros are exchanged") { $0.isInverted = true },
    ]

    func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
      let lengths = (numbers.integers["lengths"] ?? []).map { Int($0) }
      let mask = lengths.flatMap { length in
        (0..<(numbers.sizes["steps"] ?? 0)).map { step -> Float in
          let end =
            switch border {
            case .right: length
            case .oneLate: length + 1
            case .longest: lengths.max() ?? 0
            }
          return (step < end) != isInverted ? 1 : 0
        }
      }
      return [("mask", Tensor(mask))]
    }
  }

  private static let book = VariantBook([
    "balancedSampler": Sampler.self, "paddingMask": Padding.self,
  ])

  private let programs = MistakenPrograms()

  private func session(
    _ mistake: String = "none", seed: UInt64 = 5,
    reference: ((any Reference) throws -> any Reference) = { $0 }
  ) throws -> JudgeSession {
    try programs.session(
      mistake, subjects: Self.subjects, mistakes: Self.book, seed: seed, reference: reference)
  }

  private func failure(_ check: () throws -> Void) throws -> CheckFailure {
    do {
      try check()
    } catch let failure as CheckFailure {
      return failure
    }
    throw CheckFailure("nothing failed")
  }

  // MARK: - The checks

  /// Three classes of 30, 12 and 3 examples.
  private static let labels: [Int32] = (0..<45).map { $0 % 15 == 0 ? 2 : $0 % 15 < 5 ? 1 : 0 }

  private func sampler(_ session: JudgeSession) -> StatisticalCheck {
    let labels = Self.labels
    let sizes = (0..<3).map { label in labels.count { Int($0) == label } }
    @Sendable func indices(_ results: [PipeTensor]) -> [Int] {
      results[0].integers?.map { Int($0) } ?? []
    }
    func ofExample(_ chance: (_ label: Int) -> Double) -> [Double] {
      labels.map { chance(Int($0)) }
    }
    let balanced = ofExample { 1 / Double(3 * sizes[$0]) }
    let shares = sizes.map { Double($0) / Double(labels.count) }
    let first = labels.indices.map { labels[..<$0].contains(labels[$0]) ? 0 : 1.0 / 3 }
    return StatisticalCheck(
      session, "balancedSampler", ["classes": 3, "count": 100],
      inputs: [PipeTensor(name: "labels", shape: [labels.count], integers: labels)], calls: 10,
      quantities: [
        DrawnQuantity(
          "the class of an index", outcomes: (0..<3).map { ("class \($0)", 1.0 / 3) }
        ) { results in
          indices(results).map { labels.indices.contains($0) ? Int(labels[$0]) : -1 }
        },
        DrawnQuantity(
          "an index", outcomes: balanced.enumerated().map { ("\($0.offset)", $0.element) },
          draws: indices),
      ],
      mistakes: [
        .init(
          NamedMistake("unbalanced", "every example is drawn as often, whatever its class"),
          [.outcomes(shares), .outcomes(ofExample { _ in 1.0 / 45 })]),
        .init(
          NamedMistake("first-of-class", "the first example of a class is always taken"),
          [.outcomes([1.0 / 3, 1.0 / 3, 1.0 / 3]), .outcomes(first)]),
      ])
  }

  private func dropout(_ session: JudgeSession) -> StatisticalCheck {
    /// The chances of an entry and of two neighbours.
    func laws(kept: Double, scaled: Bool = true, together: Bool = false) -> [Distribution] {
      let (p, q) = (kept, 1 - kept)
      return [
        .outcomes(scaled ? [q, p, 0] : [q, 0, p]),
        .outcomes(together ? [q, 0, 0, p] : [q * q, p * q, p * q, p * p]),
      ]
    }
    let right = laws(kept: 0.75)
    func probabilities(_ law: Distribution) -> [Double] {
      if case .outcomes(let all) = law { all } else { [] }
    }
    func outcomes(_ names: [String], _ law: Distribution) -> [(name: String, probability: Double)] {
      zip(names, probabilities(law)).map { ($0, $1) }
    }
    return StatisticalCheck(
      session, "dropoutMask", ["rate": 0.25],
      inputs: [PipeTensor(name: "X", shape: [16, 6], values: Array(repeating: 1, count: 96))],
      calls: 20,
      quantities: [
        DrawnQuantity(
          "a number of the mask", outcomes: outcomes(["0", "1 / (1 − rate)", "1"], right[0])
        ) { results in
          results[0].values.map { abs($0 - 4.0 / 3) < 1e-5 ? 1 : $0 == 0 ? 0 : $0 == 1 ? 2 : -1 }
        },
        DrawnQuantity(
          "the begin of a row",
          outcomes: outcomes(
            ["dropped", "dropped and kept", "kept and dropped", "kept"], right[1])
        ) { results in
          let values = results[0].values
          return stride(from: 0, to: values.count, by: 6).map {
            (values[$0] == 0 ? 0 : 2) + (values[$0 + 1] == 0 ? 0 : 1)
          }
        },
      ],
      mistakes: [
        .init(
          NamedMistake("inverted-rate", "numbers are kept with the rate, not dropped"),
          laws(kept: 0.25)),
        .init(
          NamedMistake("unscaled", "what is kept is not divided by 1 − rate"),
          laws(kept: 0.75, scaled: false)),
        .init(
          NamedMistake("whole-rows", "a row is kept or dropped as a whole"),
          // of the numbers of a row there is one draw
          [nil, laws(kept: 0.75, together: true)[1]]),
      ])
  }

  private func proposals(_ session: JudgeSession) -> StatisticalCheck {
    @Sendable func logarithmic(_ x: Double) -> Double { min(max((log10(x) + 4) / 3, 0), 1) }
    @Sendable func linear(_ x: Double) -> Double { min(max((x - 1e-4) / (1e-1 - 1e-4), 0), 1) }
    return StatisticalCheck(
      session, "proposal", inputs: [], calls: 500,
      quantities: [
        DrawnQuantity("the step size", below: logarithmic) { $0[0].values.map(Double.init) }
      ],
      mistakes: [
        .init(
          NamedMistake("linear", "the step size is uniform, not its logarithm"), [.numbers(linear)])
      ])
  }

  private func exactSampler(_ session: JudgeSession) throws -> TrialSeries {
    func size(_ count: Int) -> TrialSeries.Size {
      .init(
        ["classes": 3, "count": count],
        inputs: [InputShape("labels", [40], .integers(0...2))])
    }
    var numbers = session.numbers("sampler")
    return try TrialSeries(
      session, "balancedSampler", sizes: [size(20), size(3)], smallest: [size(1), size(2)],
      usual: size(100), numbers: &numbers)
  }

  private func padding(_ session: JudgeSession) throws -> TrialSeries {
    func size(_ samples: Int, _ steps: Int) -> TrialSeries.Size {
      .init(["steps": steps], inputs: [InputShape("lengths", [samples], .integers(0...steps))])
    }
    var numbers = session.numbers("padding")
    return try TrialSeries(
      session, "paddingMask", sizes: [size(6, 9), size(4, 5)], smallest: [size(1, 1), size(1, 2)],
      usual: size(32, 40), numbers: &numbers)
  }

  private func differences(_ session: JudgeSession) throws -> TrialSeries {
    func size(_ steps: Int) -> TrialSeries.Size {
      .init([:], inputs: [InputShape("signal", [steps])])
    }
    var numbers = session.numbers("differences")
    return try TrialSeries(
      session, "differences", sizes: [size(12), size(7)], smallest: [size(1)], usual: size(40),
      numbers: &numbers)
  }

  // MARK: - Right and wrong submissions

  func testRightWorkPassesForManySeeds() throws {
    for seed in UInt64(1)...40 {
      let session = try session(seed: seed)
      try sampler(session).require()
      try dropout(session).require()
      try proposals(session).require()
      guard seed <= 10 else { continue }
      try exactSampler(session).requireShapes()
      try exactSampler(session).requireValues()
      try padding(session).requireValues()
      try differences(session).requireProperties()
    }
  }

  func testWrongDrawsAreFoundAndNamed() throws {
    let cases: [(String, (JudgeSession) -> StatisticalCheck, id: String?, says: String)] = [
      ("unbalanced", sampler, "balancedSampler/unbalanced", "the class of an index is class "),
      ("first", sampler, "balancedSampler/first-of-class", "an index is "),
      ("fixed", sampler, nil, "the draws are the same whatever the seed"),
      ("copied", sampler, nil, "a second call with the same generator draws the same again"),
      ("kept", sampler, nil, "by the same seed the draws are not the same twice"),
      ("inverted", dropout, "dropoutMask/inverted-rate", "a number of the mask is "),
      ("unscaled", dropout, "dropoutMask/unscaled", "a number of the mask is 1"),
      ("rows", dropout, "dropoutMask/whole-rows", "the begin of a row is "),
      ("linear", proposals, "proposal/linear", "the step size is at most "),
      ("nan", proposals, nil, "the step size is infinite or not a number"),
    ]
    for seed in UInt64(1)...5 {
      for (mistake, check, id, says) in cases {
        let failure = try failure { try check(session(mistake, seed: seed)).require() }
        // rows may show in the numbers of the mask first
        if mistake != "rows" {
          XCTAssertTrue(failure.message.hasPrefix(says), "\(mistake): \(failure.message)")
        }
        XCTAssertEqual(failure.mistakes.map(\.description), id.map { [$0] } ?? [], mistake)
        if mistake == "kept" { XCTAssertNotNil(failure.diagnosis) }
      }
    }
  }

  /// Student and reference draw from the same seed: the draws are compared one by one.
  func testDrawsAreComparedByTheGenerator() throws {
    for (mistake, id) in [
      ("late", "number-too-many"), ("first", "first-of-class"), ("unbalanced", nil),
    ] {
      let failure = try failure { try exactSampler(session(mistake)).requireValues() }
      XCTAssertTrue(failure.message.hasPrefix("indices at ["), failure.message)
      XCTAssertEqual(
        failure.mistakes, id.map { [MistakeName(subject: "balancedSampler", id: $0)] } ?? [],
        failure.diagnosis ?? "")
    }
  }

  func testAMaskOfIntegersIsRightOrNamed() throws {
    for (mistake, id) in [
      ("one-late", "one-late"), ("longest", "longest"), ("inverted-mask", "inverted"),
    ] {
      let failure = try failure { try padding(session(mistake)).requireValues() }
      XCTAssertEqual(failure.difference?.tolerance, "0", failure.message)
      XCTAssertEqual(failure.mistakes, [MistakeName(subject: "paddingMask", id: id)])
    }
  }

  func testPropertiesAreCheckedWithoutKnowingTheRightResults() throws {
    for (mistake, says) in [
      ("trend", "the steps are not treated alike: for inputs that are shifted by one step"),
      ("counting", "the results are not the same twice"),
      ("in-place", "the call changes its input signal"),
    ] {
      let failure = try failure { try differences(session(mistake)).requireProperties() }
      XCTAssertTrue(failure.message.hasPrefix(says), "\(mistake): \(failure.message)")
    }
  }

  /// Differences between neighbours are shifted with their steps, and not brought into another order with them.
  func testPlacesThatAreToldApartAreFound() throws {
    let exchangeable = Subject(
      "differences", inputs: [Port("signal", [.step])], results: [Port("changes", [.step])],
      traits: [.exchangeable(along: .step)])
    let session = try programs.session(
      "none", subjects: [exchangeable], mistakes: Self.book, seed: 5
    ) { $0 }
    let failure = try failure { try differences(session).requireProperties() }
    XCTAssertTrue(
      failure.message.hasPrefix("the steps are not treated alike: for inputs in another order"),
      failure.message)
  }

  /// Integers and what their mistakes give are recorded as they are.
  func testIntegersAreJudgedByRecordedAnswers() throws {
    var recorder: RecordingReference?
    let recorded = try session { live in
      let made = RecordingReference(live)
      recorder = made
      return made
    }
    try padding(recorded).requireValues()
    let path = programs.folder.appendingPathComponent("answers.safetensors")
    try Data(XCTUnwrap(recorder).recording).write(to: path)
    let reference = try RecordedReference(contentsOf: path.path)
    try padding(session { _ in reference }).requireValues()
    let failure = try failure {
      try padding(session("one-late") { _ in try RecordedReference(contentsOf: path.path) })
        .requireValues()
    }
    XCTAssertEqual(failure.mistakes, [MistakeName(subject: "paddingMask", id: "one-late")])
    XCTAssertEqual(failure.diagnosis, "the mask ends one step late")
    let tensor = PipeTensor(
      name: "i", shape: [2, 2], integers: [0, -1, .max, .min])
    XCTAssertEqual(
      PackedTensors.unpacked(PackedTensors.packed([tensor]), names: ["i"]), [tensor])
  }

  // MARK: - The tests of draws

  func testTailsAreThoseOfTheBinomialDistribution() {
    // by fractions: P(X ≥ 7) and P(X ≤ 1) of 10 draws of 3/10, P(X ≥ 601) of 1000 of 1/2
    XCTAssertEqual(OutcomeCounts.tail(7, of: 10, 0.3), 0.010592078, accuracy: 1e-8)
    XCTAssertEqual(OutcomeCounts.tail(1, of: 10, 0.3), 0.1493083459, accuracy: 1e-8)
    XCTAssertEqual(OutcomeCounts.tail(601, of: 1000, 0.5) / 9.008412706e-11, 1, accuracy: 1e-8)
    XCTAssertEqual(OutcomeCounts.tail(0, of: 10, 0), 1)
    XCTAssertEqual(OutcomeCounts.tail(1, of: 10, 0), 0)
    // all of a kind, exactly
    XCTAssertEqual(OutcomeCounts.tail(20, of: 20, 0.5), pow(0.5, 20), accuracy: 1e-16)
    XCTAssertEqual(OutcomeCounts(counts: [3, 0, 1], probabilities: [0.5, 0.5, 0]).chance, 0)
    XCTAssertEqual(OutcomeCounts(counts: [2, 2], probabilities: [0.5, 0.5]).chance, 1)
  }

  private func outcomes(
    _ count: Int, _ probabilities: [Double], _ generator: inout RandomGenerator
  ) -> [Double] {
    (0..<count).map { _ in
      var rest = Double(generator.nextUniform())
      for (outcome, probability) in probabilities.enumerated().dropLast() {
        if rest < probability { return Double(outcome) }
        rest -= probability
      }
      return Double(probabilities.count - 1)
    }
  }

  /// Of right draws no more than a share c have a chance of at most c, for small counts and rare outcomes too.
  func testRightDrawsRarelyFail() {
    let seed: UInt64 = 2026
    print("false alarms by seed \(seed)")
    var generator = RandomGenerator(seed: seed)
    let runs = 4000
    let cases: [(draws: Int, Distribution, ([Double]))] =
      [
        (20, [0.5, 0.5]), (400, [0.99, 0.01]), (300, [0.7, 0.2, 0.05, 0.05]),
        (60, Array(repeating: 0.05, count: 20)),
      ].map { ($0.0, .outcomes($0.1), $0.1) }
    func requireRare(_ name: String, _ chances: [Double]) {
      XCTAssertEqual(chances.count { $0 < StatisticalCheck.level }, 0, name)
      for level in [0.05, 0.01, 0.001] {
        let found = Double(chances.count { $0 <= level })
        // a Poisson count's own tail of about 1e-6
        let expected = level * Double(runs)
        XCTAssertLessThanOrEqual(
          found, expected + 5 * expected.squareRoot() + 5, "\(name), \(level)")
      }
    }
    for (draws, distribution, probabilities) in cases {
      requireRare(
        "\(probabilities)",
        (0..<runs).map { _ in
          distribution.chance(of: outcomes(draws, probabilities, &generator))
        })
    }
    let uniform = Distribution.numbers { min(max($0, 0), 1) }
    requireRare(
      "uniform",
      (0..<runs).map { _ in
        uniform.chance(of: (0..<50).map { _ in Double(generator.nextUniform()) })
      })
  }

  /// The table at `StatisticalCheck`: such deviations are found in 99 of 100 submissions, of outcomes by the
  /// exact distribution of the one count.
  func testDeviationsOfTheTableAreFound() {
    for (draws, half, tenth) in [
      (1000, 0.13, 0.085), (10_000, 0.04, 0.025), (100_000, 0.013, 0.008),
    ] {
      for (probability, outcomes, deviation) in [(0.5, 2, half), (0.1, 10, tenth)] {
        var least = Int(Double(draws) * probability)
        let (others, rest) = (outcomes - 1, (1 - probability) / Double(outcomes - 1))
        func chance(_ count: Int) -> Double {
          OutcomeCounts(
            counts: [count] + Array(repeating: (draws - count) / others, count: others),
            probabilities: [probability] + Array(repeating: rest, count: others)
          ).chance
        }
        while chance(least) >= StatisticalCheck.level { least += 1 }
        let power = OutcomeCounts.tail(least, of: draws, probability + deviation)
        // the tail on the other side, where so many are fewer than expected
        let isRare = Double(least) > Double(draws) * (probability + deviation)
        XCTAssertGreaterThan(
          isRare ? power : 1 - OutcomeCounts.tail(least - 1, of: draws, probability + deviation),
          0.99, "\(draws) draws, \(probability)")
      }
    }
    var generator = RandomGenerator(seed: 11)
    for (draws, deviation, runs) in [(1000, 0.13, 300), (10_000, 0.04, 100)] {
      let found = (0..<runs).count { _ in
        let numbers = (0..<draws).map { _ -> Double in
          let u = Double(generator.nextUniform())
          // so much more below a half
          let below = 0.5 + deviation
          return u < below ? u * 0.5 / below : 0.5 + (u - below) * 0.5 / (1 - below)
        }
        let uniform = Distribution.numbers { min(max($0, 0), 1) }
        return uniform.chance(of: numbers) < StatisticalCheck.level
      }
      XCTAssertGreaterThanOrEqual(Double(found), 0.98 * Double(runs), "\(draws) numbers")
    }
    // many outcomes that are a little off are found together, where no count alone is
    let even = Array(repeating: 0.01, count: 100)
    let counts = (0..<100).map { $0.isMultiple(of: 2) ? 130 : 70 }
    let together = OutcomeCounts(counts: counts, probabilities: even)
    XCTAssertLessThan(together.chance, StatisticalCheck.level)
    XCTAssertGreaterThan(OutcomeCounts.tail(130, of: 10_000, 0.01), StatisticalCheck.level)
  }
}
