import Foundation
import Sandbox
import WorkerPipe
import Workers

/// Where the expected answers of a unit come from: the truth that students are compared with.
public protocol Reference: AnyObject {
  /// The answer to a question.
  ///
  /// - Parameter place: the check that asks, and how many questions it has asked before: within a
  ///   run with one seed, this decides the question.
  func answer(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
    at place: QuestionPlace
  ) throws -> [PipeTensor]

  /// The known mistakes of a model, each alone and then in pairs.
  func mistakes(of model: String) throws -> [KnownMistake]

  /// The results of a model with a mistake in it; nil where they are not known for this experiment.
  ///
  /// - Parameter place: the check, and which of its experiments.
  func results(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]?

  /// The gradients of a model with a mistake in it; nil where they are not known.
  func gradients(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]?

  /// Whether everything is to be asked that a wrong answer of a student's might need, though the
  /// answers are right: that is so while they are recorded.
  var isRecording: Bool { get }

  /// Whether it answers questions that depend on what a student's program answered before.
  var answersAnything: Bool { get }

  /// Is told of each experiment whose mistakes may be asked for.
  ///
  /// - Parameter shapes: where only shapes are compared, the right ones of the results: a mistake
  ///   that has them is not asked for.
  func prepareMistakes(
    of model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace,
    shapes: [[Int]]?) throws

  /// How many numbers of a large tensor are compared with those of a mistake; nil for all.
  var samples: Int? { get }
}

extension Reference {
  /// Most answer what is asked.
  public var isRecording: Bool { false }

  /// All.
  public var samples: Int? { nil }

  /// What is recorded is not.
  public var answersAnything: Bool { false }

  /// Does nothing: most compute or look up mistakes when they are asked for.
  public func prepareMistakes(
    of model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace,
    shapes: [[Int]]?
  ) throws {}
}

/// Which question of which check.
public struct QuestionPlace: Hashable, Sendable {
  /// The check's name, such as `lstm.values`.
  public var check: String
  /// From 0, counted for each kind of question.
  public var number: Int
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

  /// It does.
  public var answersAnything: Bool { true }

  /// Asks the worker.
  public func answer(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
    at place: QuestionPlace
  ) throws -> [PipeTensor] {
    let client = try worker ?? WorkerClient(launcher)
    worker = client
    do {
      return try client.ask(question, about: subject, tensors, within: 120).tensors
    } catch {
      worker = nil
      throw CheckFailure("the reference gave no answer, which is the grader's fault: \(error)")
    }
  }

  /// Those of the book.
  public func mistakes(of model: String) -> [KnownMistake] { book?.mistakes(of: model) ?? [] }

  /// Computes the results.
  public func results(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { try? book?.results(of: model, with: mistake, experiment) }

  /// Computes the gradients.
  public func gradients(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { try? book?.gradients(of: model, with: mistake, experiment) }
}
