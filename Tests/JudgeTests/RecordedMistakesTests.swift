import Foundation
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
    return recorder.recording
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
        gradients?.map { SampledTensor.of($0, size: mistake.isSingle ? 16 : 4) })
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
    // eight of twenty: every second or third of 3, 6, … 60
    XCTAssertEqual(results.values, [3, 9, 18, 24, 33, 39, 48, 54])
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
      try SafeTensors.decode(recording(saying: sentences)).map { ($0.name, $0.tensor.array) }
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
}
