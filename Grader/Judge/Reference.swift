import Foundation
import Sandbox
import TensorCore
import WorkerPipe

/// Where the expected answers of a unit come from: the truth that students are compared with.
public protocol Reference: AnyObject {
  /// The answer to a question.
  ///
  /// - Parameter place: the check that asks, and how many questions it has asked before: within a
  ///   run with one seed, this decides the question.
  func answer(_ request: Request, _ tensors: [PipeTensor], at place: QuestionPlace) throws
    -> [PipeTensor]

  /// The results of the model with each known mistake in it, and the sentences that name them.
  func mistakes(_ model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace)
    throws
    -> [KnownMistake]

  /// Is told of each experiment whose mistakes may be asked for.
  func prepareMistakes(
    _ model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace) throws
}

extension Reference {
  /// Does nothing: most compute or look up mistakes when they are asked for.
  public func prepareMistakes(
    _ model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace
  ) throws {}
}

/// Which question of which check.
public struct QuestionPlace: Hashable, Sendable {
  /// The check's name, such as `lstm.values`.
  public var check: String
  /// From 0, counted for each kind of question.
  public var number: Int
}

/// A mistake that submissions contain, and the result it gives.
public struct KnownMistake: Sendable {
  /// What is wrong, in a sentence.
  public let sentence: String
  /// The result that shows it.
  public let result: PipeTensor

  /// Makes a mistake.
  public init(_ sentence: String, _ result: PipeTensor) {
    self.sentence = sentence
    self.result = result
  }
}

/// The known mistakes of a unit, computed.
public protocol MistakeBook: Sendable {
  /// The results of a model with each known mistake in it; none for a model without such.
  func mistakes(_ model: String, _ experiment: ModelCheck.Experiment) throws -> [KnownMistake]
}

/// The Solutions' worker as the truth.
public final class ReferenceWorker: Reference {
  private let launcher: WorkerLauncher
  private let book: (any MistakeBook)?
  private var worker: WorkerClient?

  /// Prepares the reference; the worker starts with the first question and serves all of them.
  public init(_ launcher: WorkerLauncher, mistakes book: (any MistakeBook)? = nil) {
    // it is ours, so the limits of a student's worker are not for it
    self.launcher = WorkerLauncher(
      program: launcher.program, sandbox: launcher.sandbox,
      limits: Limits(cpuSeconds: 1e6, wallSeconds: 1e6, memoryBytes: 8 << 30), files: [])
    self.book = book
  }

  /// Asks the worker.
  public func answer(
    _ request: Request, _ tensors: [PipeTensor], at place: QuestionPlace
  ) throws -> [PipeTensor] {
    let client = try worker ?? WorkerClient(launcher)
    worker = client
    do {
      return try client.ask(request, tensors, within: 120).tensors
    } catch {
      worker = nil
      throw CheckFailure("the reference gave no answer, which is the grader's fault: \(error)")
    }
  }

  /// Computes the mistakes.
  public func mistakes(
    _ model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace
  ) throws -> [KnownMistake] {
    try book?.mistakes(model, experiment) ?? []
  }
}

/// Answers that were recorded from another reference for one seed: what a student's copy of the
/// course has in place of the Solutions.
///
/// The file is a safetensors file; its tensors are called `answer|CHECK|NUMBER|INDEX|NAME` and
/// `mistake|CHECK|NUMBER|INDEX|NAME|SENTENCE`. Of parameters, which every model draws anew, only the
/// shapes are recorded: `shape|CHECK|NUMBER|INDEX|NAME`, the sizes as numbers.
public final class RecordedReference: Reference {
  private let answers: [QuestionPlace: [PipeTensor]]
  private let mistakes: [QuestionPlace: [KnownMistake]]

  /// Reads recorded answers.
  ///
  /// - Throws: a sentence when the file cannot be read or is something else.
  public init(contentsOf path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ManifestError(
        description: "\(path) cannot be read; take it from the course's copy again")
    }
    var answers: [QuestionPlace: [PipeTensor]] = [:]
    var mistakes: [QuestionPlace: [KnownMistake]] = [:]
    // in the order of the file, which is that of the recording
    for (name, tensor) in try SafeTensors.decode([UInt8](data)) {
      let parts = name.components(separatedBy: "|")
      guard parts.count >= 5, let number = Int(parts[2]) else {
        throw ManifestError(description: "\(path) holds no recorded answers")
      }
      let place = QuestionPlace(check: parts[1], number: number)
      let value = PipeTensor(
        name: parts[4], shape: tensor.shape.dimensions, values: tensor.array)
      switch parts[0] {
      case "mistake" where parts.count == 6:
        mistakes[place, default: []].append(KnownMistake(parts[5], value))
      case "shape":
        let shape = Shape(value.values.map { Int($0) })
        answers[place, default: []].append(
          PipeTensor(name: value.name, shape: shape.dimensions, values: Tensor.zeros(shape).array))
      default:
        answers[place, default: []].append(value)
      }
    }
    self.answers = answers
    self.mistakes = mistakes
  }

  /// Looks the answer up.
  public func answer(
    _ request: Request, _ tensors: [PipeTensor], at place: QuestionPlace
  ) throws -> [PipeTensor] {
    guard let found = answers[place] else {
      throw CheckFailure(
        "there is no recorded answer to question \(place.number) of \(place.check); "
          + "take the course's files again, or ask whoever runs the course")
    }
    return found
  }

  /// Looks the mistakes up.
  public func mistakes(
    _ model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace
  ) throws -> [KnownMistake] { mistakes[place] ?? [] }
}

/// Passes questions on and keeps the answers.
public final class RecordingReference: Reference {
  private let source: any Reference
  private var entries: [SafeTensors.Entry] = []

  /// Records what another reference answers.
  public init(_ source: any Reference) { self.source = source }

  /// The bytes of a file for `RecordedReference`.
  public var recording: [UInt8] { SafeTensors.encode(entries) }

  /// Asks the other reference.
  public func answer(
    _ request: Request, _ tensors: [PipeTensor], at place: QuestionPlace
  ) throws -> [PipeTensor] {
    let answer = try source.answer(request, tensors, at: place)
    for (index, tensor) in answer.enumerated() {
      let name = "\(place.check)|\(place.number)|\(index)|\(tensor.name)"
      if request.kind == .parameters {
        entries.append(("shape|\(name)", Tensor(tensor.shape.map(Float.init))))
      } else {
        try keep("answer|\(name)", tensor)
      }
    }
    return answer
  }

  /// Asks the other reference.
  public func mistakes(
    _ model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace
  ) throws -> [KnownMistake] {
    try source.mistakes(model, experiment, at: place)
  }

  /// Keeps the mistakes: correct results, which are there while recording, never ask for them.
  public func prepareMistakes(
    _ model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace
  ) throws {
    for (index, mistake) in try source.mistakes(model, experiment, at: place).enumerated() {
      try keep(
        "mistake|\(place.check)|\(place.number)|\(index)|\(mistake.result.name)|\(mistake.sentence)",
        mistake.result)
    }
  }

  private func keep(_ name: String, _ tensor: PipeTensor) throws {
    entries.append((name, try Tensor(tensor.values, shape: Shape(tensor.shape))))
  }
}
