import Assignment
import Foundation
import TensorCore
import TestSupport
import WorkerPipe
import XCTest

@testable import Judge

/// What a call changes, keeps or takes out of the graph: it shows in the student's own answers, stands before
/// what is only inferred from numbers, and is read the same where the right answers are recorded.
final class CauseTests: XCTestCase {
  private static let subject = Subject(
    "trail", inputs: [Port("input", [.sample, .step, .feature])],
    results: [Port("outputs", [.sample, .step, .unit]), Port("final", [.sample, .unit])],
    traits: [
      .independentSamples, .causal(along: .step),
      .recurrent(
        along: .step,
        State(parameters: "U", letter: "h", startsElsewhere: "h is not zeros at first")),
    ])

  private enum Question: CaseIterable { case shapes, values, gradients }

  private let programs = MistakenPrograms()
  private var recordings: [Question: RecordedReference] = [:]

  private func session(
    _ mistake: String, reference: ((any Reference) throws -> any Reference) = { $0 }
  ) throws -> JudgeSession {
    try programs.session(mistake, subjects: [Self.subject], reference: reference)
  }

  private func ask(_ question: Question, _ session: JudgeSession) throws {
    func size(_ samples: Int, _ steps: Int, _ features: Int, _ units: Int) -> TrialSeries.Size {
      .init(["featureCount": features, "unitCount": units], input: [samples, steps, features])
    }
    var numbers = session.numbers("trail")
    let series = try TrialSeries(
      session, "trail",
      sizes: [
        size(3, 5, 4, 6), size(1, 1, 1, 1), size(2, 7, 1, 3),
        .init(
          ["featureCount": 3, "unitCount": 2], input: [4, 3, 3],
          draw: .afterCalls(3, "for an input [4, 3, 3]")),
      ], smallest: [size(1, 1, 1, 1), size(1, 2, 1, 1)], usual: size(10, 40, 17, 8),
      numbers: &numbers)
    switch question {
    case .shapes: try series.requireShapes()
    case .values: try series.requireValues()
    case .gradients: try series.requireGradients(&numbers)
    }
  }

  /// What a check says, line by line; nothing where it passes.
  private func feedback(_ question: Question, _ session: JudgeSession) throws -> [String] {
    do {
      try ask(question, session)
      return []
    } catch let failure as CheckFailure {
      return [failure.message, failure.diagnosis ?? ""] + failure.findings
    } catch let waits as CheckWaits {
      return ["waits: " + waits.message]
    }
  }

  /// The same from the reference and from recorded answers.
  private func feedback(_ question: Question, _ mistake: String) throws -> [String] {
    if recordings[question] == nil {
      var recorder: RecordingReference?
      let recorded = try session("none") { live in
        let made = RecordingReference(live)
        recorder = made
        return made
      }
      try ask(question, recorded)
      let path = programs.folder.appendingPathComponent("\(question).safetensors").path
      try Data(XCTUnwrap(recorder).recording).write(to: URL(fileURLWithPath: path))
      recordings[question] = try RecordedReference(contentsOf: path)
    }
    let recorded = try XCTUnwrap(recordings[question])
    let here = try feedback(question, session(mistake))
    XCTAssertEqual(try feedback(question, session(mistake) { _ in recorded }), here, mistake)
    return here
  }

  private func expect(
    _ question: Question, of mistake: String, _ parts: [String], line: UInt = #line
  ) throws {
    let text = try feedback(question, mistake)
    XCTAssertEqual(text.count >= parts.count, true, "\(mistake): \(text)", line: line)
    for (own, part) in zip(text, parts) {
      XCTAssertTrue(own == part || own.contains(part), "\(mistake): \(text)", line: line)
    }
    if parts.isEmpty { XCTAssertEqual(text, [], mistake, line: line) }
  }

  func testTheLayerIsRight() throws {
    for question in Question.allCases { try expect(question, of: "none", []) }
  }

  // MARK: - Parameters

  /// By the numbers alone, half of U is as good as anything.
  func testChangedParametersAreTheFirstCause() throws {
    try expect(
      .values, of: "halves-weights", ["outputs at [", "the call changes the parameter U:"])
    try expect(
      .values, of: "halves-weights-in-place",
      ["outputs at [", "the call changes the parameters W and U:"])
    try expect(.values, of: "shifts-bias", ["outputs at [", "the call changes the parameter b:"])
  }

  /// What the code computes in a first call has right gradients, or is another function. The values have
  /// lost for it already.
  func testChangedParametersCostNoGradients() throws {
    try expect(.gradients, of: "shifts-bias", [])
    // and this only as long as it was called three times
    for mistake in ["halves-weights", "halves-weights-in-place", "shifts-bias-and-tires"] {
      try expect(
        .gradients, of: mistake, ["waits: it waits for the values: the call changes the parameter"])
    }
  }

  func testAParameterThatAnotherTensorReplacesIsNamed() throws {
    try expect(.values, of: "replaces-weights", [])
    try expect(
      .gradients, of: "replaces-weights",
      [
        "no gradient reaches U, one of 3 parameters",
        "the call puts a new tensor in the place of the parameter U:",
      ])
  }

  func testParametersThatChangeOnlyWhileTrainingAreNamed() throws {
    try expect(
      .values, of: "shifts-while-training",
      ["while training ", "while training, the call changes the parameter b:"])
  }

  func testCopiedParametersAreFound() throws {
    try expect(
      .values, of: "copied-weights", ["outputs at [", "the results do not depend on any parameter"])
  }

  // MARK: - What is kept

  func testAListThatIsKeptGrows() throws {
    try expect(
      .shapes, of: "keeps-list",
      [
        "outputs has shape [3, 15, 6], expected [3, 5, 6]",
        "the results grow from call to call (outputs has 5 steps in the first, 15 in the third): something is "
          + "kept in a property",
      ])
  }

  /// Since then it holds what was made at other sizes.
  func testAStaticListIsToldFromAProperty() throws {
    try expect(
      .shapes, of: "keeps-static-list",
      [
        "outputs has shape [3, 15, 6], expected [3, 5, 6]",
        "your code runs in a program's first call and stops in a later one: something is kept from one call "
          + "to the next, in a global or static variable",
      ])
  }

  func testWhatIsKeptIsToldFromChance() throws {
    try expect(
      .values, of: "keeps-state",
      ["outputs at [", "the results are right in the first call of a new model"])
    try expect(
      .values, of: "counts-calls",
      ["final at [", "the results are not the same twice, but the same in every new program"])
    XCTAssertEqual(
      try feedback(.values, "drops-units")[1],
      "the results are not the same twice: something random is left in at evaluation")
    try expect(
      .values, of: "drops-the-same-units",
      [
        "final at [",
        "the final of a sample depend on its place in the batch, and not on the other samples: something random "
          + "is left in at evaluation that is the same at each call, such as the mask of a dropout",
      ])
    try expect(
      .values, of: "mixes-samples",
      ["final at [", "the final of a sample depend on the other samples of the batch"])
    let text = try feedback(.values, session("draws"))
    XCTAssertEqual(
      text[1], "the results are not the same twice: something is drawn at random in every call")
  }

  /// Finite differences of results that depend on earlier calls say nothing of gradients.
  func testOfAFunctionAloneItIsSaidWhetherGradientsFit() throws {
    for mistake in ["keeps-state", "counts-calls"] {
      XCTAssertEqual(
        try feedback(.gradients, mistake),
        ["waits: it waits for the values, since another function has other gradients"])
    }
    let leaks = try feedback(.gradients, "leaks")
    XCTAssertEqual(
      leaks,
      [
        "waits: it waits for the values, since another function has other gradients. Yours do fit your function "
          + "(finite differences)"
      ])
  }

  // MARK: - Gradients

  func testNumbersThatWereTakenOutAreSaidOnce() throws {
    try expect(
      .gradients, of: "all-as-numbers",
      [
        "no gradient reaches any of the 3 parameters, nor the input",
        "taken out of the graph, as `.array`",
      ])
    try expect(
      .gradients, of: "weights-as-numbers",
      ["no gradient reaches 2 of the 3 parameters: U and b", "taken out of the graph, as `.array`"])
  }

  func testWhereGradientsSetOutFromIsSaid() throws {
    try expect(
      .gradients, of: "outputs-as-numbers",
      ["the gradient of ", "", "No gradient comes back from outputs; from final it does"])
    try expect(
      .gradients, of: "last-output",
      ["the gradient of ", "", "Of outputs, a gradient comes back from step 4, the last, only"])
    try expect(
      .gradients, of: "state-as-numbers",
      [
        "the gradient of ", "",
        "The input's gradient is right at step 4, the last, and wrong at step 3",
      ])
  }

  // MARK: - Steps and samples

  func testAStateThatPassesFromSampleToSampleIsFound() throws {
    try expect(
      .values, of: "goes-over-samples",
      [
        "outputs at [",
        "the outputs of a sample depend on the other samples of the batch, and not on its own steps before: the "
          + "state passes from sample to sample. The steps are axis 1 of the input",
      ])
  }

  func testARightFirstStepIsAHint() throws {
    try expect(.values, of: "halves-state", ["outputs at [", "", "At step 0 all is right"])
    XCTAssertEqual(try feedback(.values, "leaks").filter { $0.contains("At step 0") }, [])
  }

  // MARK: - What is sure and what is inferred

  /// A layer with two mistakes, neither of which is made, that together forget the state.
  private struct TrailVariant: Variant {
    var isA = false
    var isB = false

    static let mistakes: [Mistake<Self>] = [
      .init("a", "the first is made") { $0.isA = true },
      .init("b", "the second is made") { $0.isB = true },
    ]

    func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
      var h = try Tensor.zeros([numbers.input.shape[0], numbers("b").shape[0]])
      var outputs: [Tensor] = []
      for x in try numbers.input.unstacked(axis: 1) {
        let handedOn = isA && isB ? h * 0 : h
        let sum = try x.matmul(numbers("W")) + handedOn.matmul(numbers("U")) + numbers("b")
        h = tanh(isA == isB ? sum : isA ? 2 * sum : 3 * sum)
        outputs.append(h)
      }
      return [("outputs", try .stack(outputs, axis: 1)), ("final", h)]
    }
  }

  /// What the student's own code shows stands before two mistakes whose numbers these are as well.
  func testOneSureCauseStandsBeforeTwoInferredOnes() throws {
    let session = try programs.session(
      "forgets-state", subjects: [Self.subject], mistakes: VariantBook(["trail": TrailVariant.self])
    )
    XCTAssertThrowsError(try ask(.values, session)) { error in
      let failure = error as? CheckFailure
      XCTAssertEqual(
        failure?.diagnosis,
        "what is given in the end depends on the last step alone: nothing of the others is carried on to it"
      )
      XCTAssertEqual(
        failure?.findings.first,
        "Known mistakes that have these numbers too: the first is made; and the second is made")
      XCTAssertEqual(failure?.mistakes.map(\.id), ["a", "b"])
    }
    XCTAssertEqual(
      KnownMistake([NamedMistake("a", "one"), NamedMistake("b", "another")]).explanation,
      "two mistakes at once give these numbers: one; and another")
    XCTAssertEqual(KnownMistake([NamedMistake("a", "one")]).explanation, "one")
  }

  // MARK: - What is not said

  func testALargestNumberOfAllSamplesIsNoLimit() throws {
    try expect(.values, of: "clips", ["outputs at [", "outputs never leaves ±0.5000"])
    // beside what is no number there is no largest one
    try expect(
      .values, of: "clips-and-overflows",
      ["outputs at [", "some of the results are infinite or not a number"])
    try expect(
      .values, of: "mixes-samples",
      ["final at [", "the final of a sample depend on the other samples of the batch"])
  }

  func testCodeThatStopsWhereASizeIsOneHasNoHardCodedSize() throws {
    try expect(
      .shapes, of: "squeezes",
      ["your code stopped with ", "your code runs at other sizes and stops where one is 1"])
  }
}
