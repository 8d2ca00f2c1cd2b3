import Foundation
import TensorCore
import TestSupport
import WorkerPipe
import XCTest

@testable import Judge

/// Known mistakes among recorded answers: found by their ids, read with their sentences.
final class RecordedMistakesTests: XCTestCase {
  /// A model that doubles its input, with a mistake in the values and one in the gradients.
  private final class Doubling: Reference {
    let sentences: [String]

    init(saying sentences: [String]) { self.sentences = sentences }

    func answer(
      _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
      at place: QuestionPlace
    ) throws -> [PipeTensor] { [PipeTensor(name: "Y", shape: [1], values: [2])] }

    func mistakes(of model: String) -> [KnownMistake] {
      [
        KnownMistake([NamedMistake("tripled", sentences[0])]),
        KnownMistake([NamedMistake("detached", sentences[1])], showsOnlyInGradients: true),
      ]
    }

    func results(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? {
      [PipeTensor(name: "Y", shape: [1], values: [mistake.ids == ["tripled"] ? 3 : 2])]
    }

    func gradients(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? {
      [PipeTensor(name: "X", shape: [1], values: [mistake.ids == ["tripled"] ? 3 : 0])]
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
    XCTAssertEqual(reference.mistakes(of: "double").map(\.sentence), sentences)
    XCTAssertEqual(reference.mistakes(of: "halve"), [])
    for mistake in live.mistakes(of: "double") {
      XCTAssertEqual(
        reference.gradients(of: "double", with: mistake, try experiment(), at: place),
        live.gradients(of: "double", with: mistake, try experiment(), at: place))
    }
    // what is said of it does not matter, what it is does
    let tripled = KnownMistake([NamedMistake("tripled", "other words")])
    XCTAssertEqual(
      reference.results(of: "double", with: tripled, try experiment(), at: place)?.first?.values,
      [3])
    let other = KnownMistake([NamedMistake("quadrupled", sentences[0])])
    XCTAssertNil(reference.results(of: "double", with: other, try experiment(), at: place))
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
    XCTAssertEqual(one.count(where: { !isText($0) }), 4)
  }
}
