import Archives
import Assignment
import Foundation
import TensorCore
import WorkerPipe

/// Answers that were recorded from another reference for one seed: what a student's copy of the
/// course has in place of the Solutions.
///
/// The file is a safetensors file, compressed; its tensors are called `answer|CHECK|NUMBER|INDEX|NAME`, and
/// whole, so that a student reads what a grade would say; integers are `integers|…`, each as two halves. Of
/// large gradients of parameters some numbers are recorded, `sample|…` with `PackedTensors`. Of a state that a
/// call left as it was given only the shape: `given|…`. Of
/// parameters, which every model draws anew, only the shapes are recorded: `shape|CHECK|NUMBER|INDEX|NAME`,
/// the sizes as numbers; of a function, that there are `none|…`. What known mistakes give is called
/// `results|CHECK|NUMBER|MODEL|NAMES|ID` or `gradients|…`, with `PackedTensors`; what two at once give,
/// `pairs|results|CHECK|NUMBER|MODEL|ROW|NAMES` or `pairs|gradients|…`, with `RecordedPairs`, whose ids are
/// those of `ids|MODEL|ID,ID,…` by their indices. What is said of mistakes comes last: `mistake|MODEL|ID|SENTENCE`,
/// with 1 where only gradients show it and 0 elsewhere.
public final class RecordedReference: Reference {
  private struct Entry: Hashable {
    let kind: String
    let place: QuestionPlace
    let mistake: MistakeName
  }

  private let answers: [QuestionPlace: [PipeTensor]]
  /// The questions for parameters.
  private let shapes: Set<QuestionPlace>
  /// Of which answers the numbers are the question's own, by the answers' names.
  private let given: [QuestionPlace: Set<String>]
  private let known: [String: [KnownMistake]]
  private let mistakes: [Entry: [PipeTensor]]
  private let pairs: [PairsEntry: [RecordedPairs]]

  private struct PairsEntry: Hashable {
    let kind: String
    let place: QuestionPlace
    let model: String
  }

  /// Those of a mistake's gradients that are recorded.
  public var samples: Int? { PackedTensors.samples }

  /// Where a students' copy has those of a unit.
  public static func path(ofUnit unit: String) -> String { "Grader/Answers/\(unit).safetensors.xz" }

  /// More than any unit's answers need, and what any machine has.
  private static let maximumBytes = 256 << 20

  /// Reads recorded answers.
  ///
  /// - Throws: a sentence when the file cannot be read or is something else.
  public init(contentsOf path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ManifestError(
        description: "\(path) cannot be read; take it from the course's copy again")
    }
    var answers: [QuestionPlace: [PipeTensor]] = [:]
    var shapes: Set<QuestionPlace> = []
    var given: [QuestionPlace: Set<String>] = [:]
    var known: [String: [KnownMistake]] = [:]
    var mistakes: [Entry: [PipeTensor]] = [:]
    var pairs: [PairsEntry: [RecordedPairs]] = [:]
    var ids: [String: [String]] = [:]
    // in the order of the file, which is that of the recording
    let file = try CompressedBytes.decompressed(
      [UInt8](data), from: path, atMost: Self.maximumBytes)
    for (name, tensor) in try SafeTensors.decode(file) {
      let parts = name.components(separatedBy: "|")
      if parts[0] == "mistake", parts.count > 3 {
        let named = NamedMistake(parts[2], parts[3...].joined(separator: "|"))
        known[parts[1], default: []].append(
          KnownMistake([named], showsOnlyInGradients: tensor.array == [1]))
        continue
      }
      if parts[0] == "ids", parts.count == 3 {
        ids[parts[1]] = parts[2].components(separatedBy: ",")
        continue
      }
      if parts[0] == "pairs", parts.count == 7, let number = Int(parts[3]) {
        let place = QuestionPlace(check: parts[2], number: number)
        let row = RecordedPairs(
          tensor.array, names: parts[6].components(separatedBy: ","), ids: ids[parts[4]] ?? [])
        pairs[PairsEntry(kind: parts[1], place: place, model: parts[4]), default: []].append(row)
        continue
      }
      guard parts.count >= 5, let number = Int(parts[2]) else {
        throw ManifestError(description: "\(path) holds no recorded answers")
      }
      let place = QuestionPlace(check: parts[1], number: number)
      let (kind, label) = (parts[0], parts[4])
      switch kind {
      case "results" where parts.count == 6, "gradients" where parts.count == 6:
        let mistake = MistakeName(subject: parts[3], id: parts[5])
        mistakes[Entry(kind: kind, place: place, mistake: mistake)] = PackedTensors.unpacked(
          tensor.array, names: label.components(separatedBy: ","))
      case "shape":
        let shape = Shape(tensor.array.map { Int($0) })
        shapes.insert(place)
        answers[place, default: []].append(
          PipeTensor(name: label, shape: shape.dimensions, values: Tensor.zeros(shape).array))
      case "given":
        given[place, default: []].insert(label)
        answers[place, default: []].append(
          PipeTensor(name: label, shape: tensor.array.map { Int($0) }, values: []))
      case "sample":
        answers[place, default: []] += PackedTensors.unpacked(tensor.array, names: [label])
      case "none":
        shapes.insert(place)
        answers[place] = []
      case "integers":
        answers[place, default: []].append(
          PipeTensor(
            name: label, shape: Array(tensor.shape.dimensions.dropLast()),
            integers: PackedTensors.integers(tensor.array)))
      default:
        answers[place, default: []].append(
          PipeTensor(name: label, shape: tensor.shape.dimensions, values: tensor.array))
      }
    }
    self.answers = answers
    self.shapes = shapes
    self.given = given
    for (model, single) in known {
      let recorded = Set(pairs.filter { $0.key.model == model }.flatMap(\.value).flatMap(\.all))
      known[model] = single + KnownMistake.pairs(of: single).filter { recorded.contains($0.ids) }
    }
    self.known = known
    self.mistakes = mistakes
    self.pairs = pairs
  }

  /// Looks the answer up.
  public func answer(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
    at place: QuestionPlace
  ) throws -> [PipeTensor] {
    // another kind of answer would be taken for numbers that it is not
    guard let found = answers[place], shapes.contains(place) == (question.kind == .parameters)
    else { throw missing(place) }
    guard let given = given[place] else { return found }
    return try found.map { answer in
      guard given.contains(answer.name) else { return answer }
      guard let own = answer.given(in: tensors), own.shape == answer.shape else {
        throw missing(place)
      }
      return own.renamed(answer.name)
    }
  }

  private func missing(_ place: QuestionPlace) -> CheckFailure {
    CheckFailure(
      "there is no recorded answer to question \(place.number) of \(place.check); "
        + "take the course's files again, or ask whoever runs the course")
  }

  /// The mistakes that are recorded.
  public func mistakes(of model: String) -> [KnownMistake] { known[model] ?? [] }

  /// Looks the results up.
  public func results(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { recorded("results", of: model, mistake, at: place) }

  /// Looks the gradients up.
  public func gradients(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { recorded("gradients", of: model, mistake, at: place) }

  private func recorded(
    _ kind: String, of model: String, _ mistake: KnownMistake, at place: QuestionPlace
  ) -> [PipeTensor]? {
    guard mistake.isSingle, let id = mistake.ids.first else {
      let rows = pairs[PairsEntry(kind: kind, place: place, model: model)] ?? []
      return rows.lazy.compactMap { $0[mistake.ids] }.first
    }
    return mistakes[
      Entry(kind: kind, place: place, mistake: MistakeName(subject: model, id: id))]
  }
}

extension PipeTensor {
  /// What a question gives a state that an answer has after a call; nil for what is no state.
  package func given(in question: [PipeTensor]) -> PipeTensor? {
    guard name.hasPrefix("state:") else { return nil }
    let own = "parameter:" + name.dropFirst("state:".count)
    return question.first { $0.name == own }
  }
}
