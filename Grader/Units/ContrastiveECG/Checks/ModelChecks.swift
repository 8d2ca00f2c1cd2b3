import Assignment
import Foundation
import Judge
import WorkerPipe
import Workers

/// Task 6.6a, its function.
final class NormalisationChecks: ContrastiveCase {
  private static func size(
    _ N: Int, _ D: Int, lengths: ClosedRange<Float> = 0.2...5, calls: Int? = nil
  ) -> TrialSeries.Size {
    let draw: Draw.Numbers = { _, _, numbers in
      ([], [PipeTensor("x", rows: ContrastiveDraws.rows(N, D, lengths: lengths, &numbers))])
    }
    return .init(
      [:], inputs: [InputShape("x", [N, D])],
      draw: calls.map { .afterCalls($0, "for x [\(N), \(D)]", draw) } ?? .ordinary(draw))
  }

  /// Rows of lengths that no embedding has, in an experiment of their own: their gradients are of another size.
  private static func far(_ place: String, _ lengths: ClosedRange<Float>) -> TrialSeries.Size {
    .init(
      [:], inputs: [InputShape("x", [3, 4])],
      draw: Draw(to: place) { _, _, numbers in
        ([], [PipeTensor("x", rows: ContrastiveDraws.rows(3, 4, lengths: lengths, &numbers))])
      })
  }

  static func series(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "normalised",
      sizes: { numbers in
        let (N, D) = (numbers.integer(2...6), numbers.integer(2...9))
        return [
          size(4, 5), size(1, 3), size(6, 2), size(5, 8),
          far("for a row of zeros", 0...0), far("for rows of length 10⁻²⁰", 1e-20...2e-20),
          far("for rows of length 10¹⁵", 1e15...2e15),
          size(N, D, calls: numbers.integer(2...5)),
        ]
      }, smallest: [size(1, 2), size(2, 2)], usual: size(64, 384))
  }

  /// A gradient that is not a number where a row is zero, which is what a root makes that stands before the bound.
  private static func requireFinite(_ session: JudgeSession) throws {
    let rows: [[Float]] = [[0, 0, 0], [0.3, -0.4, 1.2]]
    let upstream = PipeTensor("upstream:rows", rows: [[0.5, 1, -1], [1, 0.5, 0.25]])
    let answer = try session.askStudent(
      .backward(.init(isFirst: true)), about: .init("normalised"),
      [PipeTensor("x", rows: rows), upstream])
    guard let gradient = answer.first(where: { $0.name == "x" }),
      gradient.values.contains(where: { !$0.isFinite })
    else { return }
    throw CheckFailure(
      "the gradient of a row of zeros is not a number",
      diagnosis:
        "the gradient of a root at 0 is infinite, and 0 times that is not a number: bound the square from below, and "
        + "take the root of what is bounded")
  }

  func test3Normalised() throws {
    try check { session in
      try Self.series(session).requireValues()
      try Self.requireFinite(session)
      try Self.series(session).requireGradients()
    }
  }
}

/// Task 6.6a, its model.
final class ModelChecks: ContrastiveCase {
  private static func configuration(
    _ leads: Int, _ samples: Int, _ text: Int
  ) -> [String: Int] { ["leadCount": leads, "sampleCount": samples, "textSize": text] }

  private static let course = configuration(12, 1000, 384)

  private static func size(
    _ records: Int, _ leads: Int, _ samples: Int, _ text: Int,
    _ draw: Draw = .ordinary(ContrastiveDraws.network)
  ) -> TrialSeries.Size {
    .init(configuration(leads, samples, text), input: [records, leads, samples], draw: draw)
  }

  static func series(
    _ session: JudgeSession, _ title: String, isTraining: Bool = false, isLarge: Bool = true
  ) -> SizedSeries {
    SizedSeries(
      session: session, subject: "ContrastiveModel", title: title,
      sizes: { numbers in
        let (leads, samples, text) = (
          numbers.integer(2...4), numbers.integer(64...150), numbers.integer(3...9)
        )
        var sizes = [size(4, 2, 64, 6), size(3, 3, 150, 7)]
        if isLarge {
          sizes.append(
            size(2, 12, 1000, 384, Draw(to: "at the course's sizes", ContrastiveDraws.network)))
        }
        return
          (sizes + [
            size(
              2, leads, samples, text,
              .afterCalls(
                2, "for an input [2, \(leads), \(samples)] and texts of \(text) numbers",
                ContrastiveDraws.network))
          ]).map { $0.called(.init(isTraining: isTraining)) }
      }, usual: size(4, 12, 1000, 384))
  }

  func test1Parameters() throws {
    try check {
      try Self.series($0, "parameters").requireParameters([
        Self.course, Self.configuration(2, 64, 5), Self.configuration(3, 333, 48),
      ])
    }
  }

  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("ContrastiveModel start")
      let small = Self.configuration(2, 64, 48)
      let check = ModelCheck(session, "ContrastiveModel", small)
      let name = try check.match().names["logScale"] ?? "logScale"
      let own = try check.studentParameters().first { $0.name == name }?.values.first ?? .nan
      let right = Float(log(1 / 0.07))
      // as often typed as computed
      guard abs(own - right) < 1e-4 else {
        throw CheckFailure(
          "logScale starts as \(Comparison.number(own)), expected ln(1/0.07) = \(Comparison.number(right))",
          diagnosis: abs(own + right) < 1e-3
            ? "it is ln 0.07: cosines are multiplied by e^k, and divided by 0.07" : nil)
      }
      try Self.series(session, "start").requireStart([
        small, Self.configuration(numbers.integer(2...5), 100, numbers.integer(20...60)),
      ]) { name, inputs in EncoderChecks.start(name, inputs) }
    }
  }

  func test3Values() throws {
    try check { session in
      try Self.series(session, "evaluation").requireValues()
      try EncoderChecks.requireNoChance(
        session, ModelCheck(session, "ContrastiveModel", Self.configuration(2, 64, 6)),
        input: [3, 2, 64])
      try Self.series(session, "training", isTraining: true, isLarge: false).requireValues()
    }
  }

  static func gradients(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "ContrastiveModel", title: "gradients",
      sizes: { _ in
        [
          size(3, 2, 64, 6), size(2, 3, 100, 5),
          size(
            2, 2, 90, 4,
            .afterCalls(
              2, "for an input [2, 2, 90] and texts of 4 numbers", ContrastiveDraws.network)),
        ]
      }, usual: size(4, 12, 1000, 384))
  }

  func test4Gradients() throws { try check { try Self.gradients($0).requireGradients() } }
}
