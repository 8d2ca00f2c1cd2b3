import Assignment
import Foundation
import TensorCore
import WorkerPipe

/// Answers that were recorded from another reference for one seed: what a student's copy of the
/// course has in place of the Solutions.
///
/// The file is a safetensors file; its tensors are called `answer|CHECK|NUMBER|INDEX|NAME`, and whole, so
/// that a student reads what a grade would say; integers are `integers|…`, each as two halves. Of parameters, which every model draws anew, only the shapes are
/// recorded: `shape|CHECK|NUMBER|INDEX|NAME`, the sizes as numbers; of a function, that there are `none|…`. What known mistakes give is called
/// `results|CHECK|NUMBER|MODEL|NAMES|ID` or `gradients|…`, with `PackedTensors`. What is said of them comes
/// last: `mistake|MODEL|ID|SENTENCE`, with 1 where only gradients show it and 0 elsewhere.
public final class RecordedReference: Reference {
  private struct Entry: Hashable {
    let kind: String
    let place: QuestionPlace
    let mistake: MistakeName
  }

  private let answers: [QuestionPlace: [PipeTensor]]
  /// The questions for parameters.
  private let shapes: Set<QuestionPlace>
  private let known: [String: [KnownMistake]]
  private let mistakes: [Entry: [PipeTensor]]

  /// Those of a mistake's gradients that are recorded.
  public var samples: Int? { PackedTensors.samples }

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
    var known: [String: [KnownMistake]] = [:]
    var mistakes: [Entry: [PipeTensor]] = [:]
    // in the order of the file, which is that of the recording
    for (name, tensor) in try SafeTensors.decode([UInt8](data)) {
      let parts = name.components(separatedBy: "|")
      if parts[0] == "mistake", parts.count > 3 {
        let named = NamedMistake(parts[2], parts[3...].joined(separator: "|"))
        known[parts[1], default: []].append(
          KnownMistake([named], showsOnlyInGradients: tensor.array == [1]))
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
    self.known = known
    self.mistakes = mistakes
  }

  /// Looks the answer up.
  public func answer(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
    at place: QuestionPlace
  ) throws -> [PipeTensor] {
    // another kind of answer would be taken for numbers that it is not
    guard let found = answers[place], shapes.contains(place) == (question.kind == .parameters)
    else {
      throw CheckFailure(
        "there is no recorded answer to question \(place.number) of \(place.check); "
          + "take the course's files again, or ask whoever runs the course")
    }
    return found
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

  /// Several mistakes at once are not recorded.
  private func recorded(
    _ kind: String, of model: String, _ mistake: KnownMistake, at place: QuestionPlace
  ) -> [PipeTensor]? {
    guard mistake.isSingle, let id = mistake.ids.first else { return nil }
    return mistakes[
      Entry(kind: kind, place: place, mistake: MistakeName(subject: model, id: id))]
  }
}

/// Passes questions on and keeps the answers.
public final class RecordingReference: Reference {
  private let source: any Reference
  private var entries: [SafeTensors.Entry] = []
  /// The mistakes that something was kept of, in that order.
  private var kept: [(model: String, mistake: KnownMistake)] = []

  /// Records what another reference answers.
  public init(_ source: any Reference) { self.source = source }

  /// The bytes of a file for `RecordedReference`.
  public var recording: [UInt8] {
    SafeTensors.encode(
      entries
        + kept.map { model, mistake in
          (
            (["mistake", model] + mistake.ids + [mistake.sentence]).joined(separator: "|"),
            Tensor([mistake.showsOnlyInGradients ? 1 : 0])
          )
        })
  }

  /// It is.
  public var isRecording: Bool { true }

  /// Asks the other reference.
  public func answer(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
    at place: QuestionPlace
  ) throws -> [PipeTensor] {
    let answer = try source.answer(question, about: subject, tensors, at: place)
    if answer.isEmpty, question.kind == .parameters {
      entries.append(("none|\(place.check)|\(place.number)|0|", Tensor([0])))
    }
    for (index, tensor) in answer.enumerated() {
      let name = "\(place.check)|\(place.number)|\(index)|\(tensor.name)"
      if question.kind == .parameters {
        entries.append(("shape|\(name)", Tensor(tensor.shape.map(Float.init))))
      } else if let integers = tensor.integers {
        entries.append(
          (
            "integers|\(name)",
            try Tensor(PackedTensors.halves(integers), shape: Shape(tensor.shape + [2]))
          ))
      } else {
        entries.append(("answer|\(name)", try Tensor(tensor.values, shape: Shape(tensor.shape))))
      }
    }
    return answer
  }

  /// Those of the other reference.
  public func mistakes(of model: String) throws -> [KnownMistake] {
    try source.mistakes(of: model)
  }

  /// Those of the other reference.
  public func results(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { source.results(of: model, with: mistake, experiment, at: place) }

  /// Those of the other reference.
  public func gradients(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { source.gradients(of: model, with: mistake, experiment, at: place) }

  /// Keeps what single mistakes give: correct results, which are there while recording, never ask
  /// for them. Gradients are kept of a check's first experiment, for a small file.
  public func prepareMistakes(
    of model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace,
    shapes: [[Int]]?
  ) throws {
    let wantsGradients = !experiment.upstream.isEmpty
    guard !wantsGradients || place.number == 0 else { return }
    for mistake in try mistakes(of: model) where mistake.isSingle {
      let hidden = mistake.showsOnlyInGradients
      if !hidden, let found = results(of: model, with: mistake, experiment, at: place),
        shapes != found.map(\.shape)
      {
        keep("results", found, model, mistake, place)
      }
      if wantsGradients, let found = gradients(of: model, with: mistake, experiment, at: place) {
        keep(
          "gradients", found.map { SampledTensor.of($0, size: PackedTensors.samples) }, model,
          mistake, place)
      }
    }
  }

  private func keep(
    _ kind: String, _ tensors: [PipeTensor], _ model: String, _ mistake: KnownMistake,
    _ place: QuestionPlace
  ) {
    let names = tensors.map(\.name).joined(separator: ",")
    entries.append(
      (
        ([kind, place.check, "\(place.number)", model, names] + mistake.ids)
          .joined(separator: "|"),
        Tensor(PackedTensors.packed(tensors))
      ))
    if !kept.contains(where: { $0 == (model, mistake) }) { kept.append((model, mistake)) }
  }
}

/// Several tensors as one row of numbers: of each its rank, its sizes, the number of its elements
/// and these. One of integers has −1 − rank, and two halves for each, since a float holds 24 bits. A file of few large tensors is smaller than one of many small ones.
enum PackedTensors {
  /// How many numbers of a gradient are kept.
  static let samples = 16

  static func packed(_ tensors: [PipeTensor]) -> [Float] {
    var numbers: [Float] = []
    for tensor in tensors {
      let rank = tensor.shape.count
      numbers.append(Float(tensor.integers == nil ? rank : -1 - rank))
      numbers += tensor.shape.map(Float.init)
      numbers.append(Float(tensor.values.count))
      numbers += tensor.integers.map(halves) ?? tensor.values
    }
    return numbers
  }

  static func unpacked(_ numbers: [Float], names: [String]) -> [PipeTensor] {
    var rest = numbers[...]
    func take(_ count: Int) -> [Float] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    return names.map { name in
      let code = take(1).first.map { Int($0) } ?? 0
      let shape = take(code < 0 ? -1 - code : code).map { Int($0) }
      let count = take(1).first.map { Int($0) } ?? 0
      return PipeTensor(
        name: name, shape: shape,
        elements: code < 0 ? .integers(integers(take(2 * count))) : .floats(take(count)))
    }
  }

  /// Of each integer the upper and the lower 16 bits.
  static func halves(_ integers: [Int32]) -> [Float] {
    integers.flatMap { [Float($0 >> 16), Float($0 & 0xffff)] }
  }

  static func integers(_ halves: [Float]) -> [Int32] {
    stride(from: 0, to: halves.count - 1, by: 2).map {
      Int32(halves[$0]) << 16 | Int32(halves[$0 + 1])
    }
  }
}
