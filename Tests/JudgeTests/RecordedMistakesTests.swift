import Archives
import Foundation
import JudgedNumbers
import TensorCore
import TestSupport
import WorkerPipe
import XCTest

@testable import Judge

/// Known mistakes among recorded answers: found by their ids, read with their sentences.
final class RecordedMistakesTests: XCTestCase {
  /// A model that doubles its input, with two mistakes in the values and one in the gradients.
  private final class Doubling: Reference {
    let sentences: [String]

    init(saying sentences: [String]) { self.sentences = sentences }

    func answer(
      _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
      at place: QuestionPlace
    ) throws -> [PipeTensor] { [PipeTensor(name: "Y", shape: [1], values: [2])] }

    func mistakes(of model: String) -> [KnownMistake] {
      let tripled = NamedMistake("tripled", sentences[0])
      let detached = NamedMistake("detached", sentences[1])
      return [
        KnownMistake([tripled]), KnownMistake([detached], showsOnlyInGradients: true),
        KnownMistake([tripled, detached]),
      ]
    }

    /// What is multiplied with each of twenty numbers.
    private func factor(_ mistake: KnownMistake, _ right: Float) -> Float {
      mistake.ids.contains("tripled") ? 3 : right
    }

    private func numbers(_ name: String, times factor: Float) -> [PipeTensor] {
      [PipeTensor(name: name, shape: [4, 5], values: (1...20).map { factor * Float($0) })]
    }

    func results(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? {
      numbers("Y", times: factor(mistake, 2))
    }

    func gradients(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? {
      numbers("X", times: mistake.ids.contains("detached") ? 0 : factor(mistake, 2))
    }
  }

  private let place = QuestionPlace(check: "double.gradients", number: 0)

  private func experiment() throws -> ModelCheck.Experiment {
    var experiment = ModelCheck.Experiment(
      parameters: [], inputs: [PipeTensor(name: "X", shape: [1], values: [1])],
      match: try ParameterMatch(student: [], reference: []))
    experiment.upstream = [PipeTensor(name: "upstream:Y", shape: [1], values: [1])]
    return experiment
  }

  private func recording(saying sentences: [String]) throws -> [UInt8] {
    let recorder = RecordingReference(Doubling(saying: sentences))
    _ = try recorder.answer(.forward(), about: .init("double"), [], at: place)
    try recorder.prepareMistakes(of: "double", experiment(), at: place, shapes: nil)
    return try recorder.recording
  }

  private func reference(_ recording: [UInt8]) throws -> RecordedReference {
    let path = NSTemporaryDirectory() + "/mistakes-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(recording).write(to: URL(fileURLWithPath: path))
    return try RecordedReference(contentsOf: path)
  }

  func testARecordingGivesBackMistakesWithTheirSentences() throws {
    let sentences = ["it is tripled | so to speak", "no gradient flows: X is detached"]
    let reference = try reference(recording(saying: sentences))
    let live = Doubling(saying: sentences)
    XCTAssertEqual(reference.mistakes(of: "double"), live.mistakes(of: "double"))
    XCTAssertEqual(reference.mistakes(of: "double").prefix(2).map(\.sentence), sentences)
    XCTAssertEqual(reference.mistakes(of: "halve"), [])
    for mistake in live.mistakes(of: "double") {
      let gradients = live.gradients(of: "double", with: mistake, try experiment(), at: place)
      XCTAssertEqual(
        reference.gradients(of: "double", with: mistake, try experiment(), at: place),
        gradients?.map { SampledTensor.of($0, size: mistake.isSingle ? 16 : 2) })
    }
    // what is said of it does not matter, what it is does
    let tripled = KnownMistake([NamedMistake("tripled", "other words")])
    XCTAssertEqual(
      reference.results(of: "double", with: tripled, try experiment(), at: place)?.first?.values[4],
      15)
    let other = KnownMistake([NamedMistake("quadrupled", sentences[0])])
    XCTAssertNil(reference.results(of: "double", with: other, try experiment(), at: place))
  }

  /// Of two at once some numbers are kept, and no other pair is taken for them.
  func testARecordingGivesBackPairs() throws {
    let reference = try reference(recording(saying: ["a", "b"]))
    let pair = reference.mistakes(of: "double")[2]
    XCTAssertEqual(pair.ids, ["tripled", "detached"])
    XCTAssertFalse(pair.showsOnlyInGradients)
    let results = try XCTUnwrap(
      reference.results(of: "double", with: pair, try experiment(), at: place)?.first)
    XCTAssertEqual(results.shape, [4, 5])
    // four of twenty: every fifth of 3, 6, … 60
    XCTAssertEqual(results.values, [3, 18, 33, 48])
    var whole = PipeTensor(name: "Y", shape: [4, 5], values: (1...20).map { 3 * Float($0) })
    XCTAssertTrue(Comparison.agree(whole, results))
    whole = PipeTensor(name: "Y", shape: [4, 5], values: whole.values.map { $0 + 1 })
    XCTAssertFalse(Comparison.agree(whole, results))
    let other = KnownMistake(pair.parts.reversed())
    XCTAssertNil(reference.results(of: "double", with: other, try experiment(), at: place))
    let elsewhere = QuestionPlace(check: "double.gradients", number: 1)
    XCTAssertNil(reference.results(of: "double", with: pair, try experiment(), at: elsewhere))
  }

  /// Integers, and pairs that give tensors of other shapes, each have their own.
  func testPairsOfOtherShapesHaveARowOfTheirOwn() throws {
    var recorder = RecordedPairs.Recorder(ids: ["a", "b", "c"], samples: 8)
    func pair(_ one: String, _ other: String) -> KnownMistake {
      KnownMistake([NamedMistake(one, ""), NamedMistake(other, "")])
    }
    let mask = PipeTensor(name: "mask", shape: [2], integers: [1 << 24 + 1, -5])
    let short = PipeTensor(name: "mask", shape: [1], integers: [7])
    let again = PipeTensor(name: "mask", shape: [2], integers: [3, 4])
    recorder.add(pair("a", "b"), [mask])
    recorder.add(pair("a", "c"), [short])
    recorder.add(pair("b", "c"), [again])
    XCTAssertEqual(recorder.rows.map(\.names), ["mask", "mask"])
    let rows = recorder.rows.map {
      RecordedPairs($0.numbers, names: ["mask"], ids: ["a", "b", "c"])
    }
    XCTAssertEqual(rows[0][["a", "b"]], [mask])
    XCTAssertEqual(rows[0][["b", "c"]], [again])
    XCTAssertNil(rows[0][["a", "c"]])
    XCTAssertEqual(rows[1][["a", "c"]], [short])
  }

  func testAChangedSentenceChangesNoRecordedAnswer() throws {
    func entries(_ sentences: [String]) throws -> [(name: String, values: [Float])] {
      try SafeTensors.decode(
        CompressedBytes.decompressed(
          recording(saying: sentences), from: "answers", atMost: 1 << 20)
      ).map { ($0.name, $0.tensor.array) }
    }
    let (one, other) = try (entries(["a", "b"]), entries(["three times", "cut off"]))
    func isText(_ entry: (name: String, values: [Float])) -> Bool {
      entry.name.hasPrefix("mistake|")
    }
    XCTAssertEqual(one.filter { !isText($0) }.map(\.name), other.filter { !isText($0) }.map(\.name))
    XCTAssertEqual(one.map(\.values), other.map(\.values))
    XCTAssertEqual(
      one.filter(isText).map(\.name), ["mistake|double|tripled|a", "mistake|double|detached|b"])
    XCTAssertEqual(one.count(where: { !isText($0) }), 7)
  }

  /// A model whose answer is always the same.
  private final class Fixed: Reference {
    let tensors: [PipeTensor]

    init(_ tensors: [PipeTensor]) { self.tensors = tensors }

    func answer(
      _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
      at place: QuestionPlace
    ) -> [PipeTensor] { self.tensors }

    func mistakes(of model: String) -> [KnownMistake] { [] }

    func results(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? { nil }

    func gradients(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? { nil }
  }

  /// Of a large parameter's gradient some numbers are recorded, of every row and every column: whatever is
  /// wrong in one of them is seen. Everything else is whole.
  func testOfLargeGradientsEveryRowAndColumnIsRecorded() throws {
    let large = Fixed([
      PipeTensor(name: "parameter:W", shape: [128, 128], values: (0..<16384).map { Float($0) }),
      PipeTensor(name: "parameter:b", shape: [128], values: (0..<128).map { Float($0) }),
      PipeTensor(name: "input", shape: [64, 64], values: (0..<4096).map { Float($0) }),
    ])
    func answers(_ question: Request.Question) throws -> [PipeTensor] {
      let recorder = RecordingReference(large)
      _ = try recorder.answer(question, about: .init("large"), [], at: place)
      return try reference(recorder.recording)
        .answer(question, about: .init("large"), [], at: place)
    }
    XCTAssertEqual(try answers(.forward()), large.tensors)
    let gradients = try answers(.backward())
    XCTAssertEqual(Array(gradients.dropFirst()), Array(large.tensors.dropFirst()))
    let (sample, whole) = (gradients[0], large.tensors[0])
    XCTAssertEqual(sample.shape, [128, 128])
    XCTAssertEqual(sample.values.count, 2039)
    XCTAssertEqual(Set(sample.values.map { Int($0) / 128 }).count, 128, "a row is missing")
    XCTAssertEqual(Set(sample.values.map { Int($0) % 128 }).count, 128, "a column is missing")
    XCTAssertTrue(Comparison.agree(whole, sample))
    for wrong in [{ $0 / 128 == 77 }, { $0 % 128 == 77 }] as [(Int) -> Bool] {
      let values = whole.values.enumerated().map { wrong($0.offset) ? 0 : $0.element }
      XCTAssertFalse(
        Comparison.agree(PipeTensor(name: "", shape: [128, 128], values: values), sample))
    }
  }

  /// Of a state that a call leaves alone the numbers are the question's, and only what it has moved is recorded.
  func testAStateThatStaysIsTheQuestions() throws {
    let weights = (0..<4096).map { Float($0) }
    let question = [
      PipeTensor(name: "parameter:W", shape: [64, 64], values: weights),
      PipeTensor(name: "parameter:mean", shape: [2], values: [0, 0]),
      PipeTensor(name: "parameter:variance", shape: [2], values: [1, 1]),
    ]
    let answer = [
      PipeTensor(name: "y", shape: [1], values: [3]),
      PipeTensor(name: "state:W", shape: [64, 64], values: weights),
      PipeTensor(name: "state:mean", shape: [2], values: [0.25, 0]),
      PipeTensor(name: "state:variance", shape: [2], values: [1, 1]),
    ]
    let recorder = RecordingReference(Fixed(answer))
    _ = try recorder.answer(.forward(), about: .init("norm"), question, at: place)
    let recording = try recorder.recording
    XCTAssertLessThan(recording.count, 1000)
    let reference = try reference(recording)
    XCTAssertEqual(
      try reference.answer(.forward(), about: .init("norm"), question, at: place), answer)
    // a question that does not have it, or another shape of it
    let narrow = PipeTensor(name: "parameter:W", shape: [64], values: Array(weights.prefix(64)))
    for other in [Array(question.dropFirst()), [narrow] + question.dropFirst()] {
      XCTAssertThrowsError(
        try reference.answer(.forward(), about: .init("norm"), other, at: place)
      ) { XCTAssertTrue("\($0)".contains("there is no recorded answer to question"), "\($0)") }
    }
  }

  /// Shortened numbers of pairs are far nearer than what tells a mistake.
  func testNumbersOfPairsAreShortenedByLittle() {
    for number: Float in [
      0, -0.0, 1, -1.2345678, 3.1415927e-20, 65535, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, .infinity,
    ] {
      let short = RecordedPairs.Recorder.shortened(number)
      if abs(number) > 1e-30, number.isFinite {
        XCTAssertEqual(short / number, 1, accuracy: 0x1p-16, "\(number)")
      } else {
        XCTAssertEqual(short, number == .leastNonzeroMagnitude ? 0 : number)
      }
    }
    XCTAssertTrue(RecordedPairs.Recorder.shortened(.nan).isNaN)
    // 2⁻¹⁷ of a number just above a power of two is rounded away, 2⁻¹⁵ is not
    XCTAssertEqual(RecordedPairs.Recorder.shortened(1 + 0x1p-17), 1)
    XCTAssertEqual(RecordedPairs.Recorder.shortened(1 + 0x1p-15), 1 + 0x1p-15)
  }
}
