import Foundation
import Sandbox
import TestSupport
import WorkerPipe
import XCTest

@testable import Assignment
@testable import Judge
@testable import Workers

/// How far known mistakes of a unit are from right work, in tolerances, in the experiments that its checks draw.
struct MistakeMargins {
  /// The factor by which a mistake must exceed the tolerance somewhere in a check's experiments.
  static let goal: Float = 50

  let unit: any CourseUnit.Type
  let book: any MistakeBook

  init(_ unit: any CourseUnit.Type) throws {
    self.unit = unit
    book = try XCTUnwrap(unit.facts.mistakes)
  }

  /// The one of students' own checks, and others; with RHYTHMLAB_SEEDS more than a test has time for.
  static func seeds(_ usual: UInt64 = 15) -> [UInt64] {
    let count = ProcessInfo.processInfo.environment["RHYTHMLAB_SEEDS"].flatMap(UInt64.init) ?? usual
    return [SelfCheck.publicSeed] + Array(1..<max(count, 2))
  }

  /// The Solutions, judged by themselves.
  func session(seed: UInt64) throws -> JudgeSession {
    let folder = Repository.folder.appendingPathComponent("Assignments/\(unit.name)")
    let manifest = try AssignmentManifest.read(
      folder.appendingPathComponent("assignment.yml").path)
    let solutions = WorkerLauncher(
      program: Program.products.appendingPathComponent("\(unit.name)Reference").path,
      sandbox: try Sandbox.select(SandboxTier.none), limits: manifest.limits.check,
      files: manifest.files)
    return JudgeSession(
      manifest: manifest, subjects: unit.facts.subjects, student: StudentPrograms(solutions),
      reference: ReferenceWorker(solutions), seed: seed, trainingThreads: 0
    ) { throw CheckFailure("nothing trains") }
  }

  /// The largest difference, in tolerances.
  static func margin(
    _ wrong: [PipeTensor]?, _ right: [PipeTensor], scale: Float = 0
  ) -> Float {
    guard let wrong else { return .infinity }
    return right.reduce(0) { largest, right in
      guard let wrong = wrong.first(where: { $0.name == right.name }), wrong.shape == right.shape
      else { return .infinity }
      let allowed = Comparison.allowed(right, scale)
      return zip(wrong.values, right.values).reduce(largest) {
        let difference = abs($1.0 - $1.1)
        return difference.isNaN ? .infinity : max($0, difference / allowed)
      }
    }
  }

  /// The margins of all mistakes of a kind in the experiments of one check, the best of each.
  ///
  /// - Parameter inGradients: whether gradients are compared, and the mistakes looked at that show in nothing else.
  func margins(
    _ series: TrialSeries, inGradients: Bool,
    isIncluded: (TrialSeries.Trial) -> Bool = { _ in true }
  ) throws -> [String: Float] {
    func ask(_ mistake: KnownMistake, _ trial: TrialSeries.Trial) throws -> [PipeTensor] {
      inGradients
        ? try book.gradients(of: series.model, with: mistake, trial.experiment)
        : try book.results(of: series.model, with: mistake, trial.experiment)
    }
    let trials = series.trials.filter(isIncluded)
    let rights = try trials.map { try ask(.none, $0) }
    let mistakes = book.mistakes(of: series.model).filter {
      $0.isSingle && $0.showsOnlyInGradients == inGradients
    }
    return Dictionary(
      uniqueKeysWithValues: mistakes.map { mistake in
        let margins = zip(trials, rights).map { trial, right in
          Self.margin(
            try? ask(mistake, trial), right,
            scale: inGradients ? Comparison.gradientScale(right) : trial.experiment.scale)
        }
        return (mistake.ids[0], margins.max() ?? 0)
      })
  }

  /// That the mildest mistake shows in every seed.
  static func require(
    _ name: String, seeds: [UInt64], _ margins: (UInt64) throws -> [String: Float]
  ) throws {
    var lowest: [String: Float] = [:]
    for seed in seeds { lowest.merge(try margins(seed)) { min($0, $1) } }
    XCTAssertFalse(lowest.isEmpty, name)
    guard let mildest = lowest.min(by: { $0.value < $1.value }) else { return }
    print(
      "\(name), \(seeds.count) seeds: \(lowest.count) mistakes, the mildest at its worst "
        + "\(Comparison.number(mildest.value)) tolerances: \(mildest.key)")
    for (mistake, margin) in lowest where margin < goal {
      XCTFail("\(name): \(mistake): \(margin) tolerances")
    }
  }
}

/// A book as a reference.
final class BookOnly: Reference {
  private let book: any MistakeBook

  init(_ book: any MistakeBook) { self.book = book }

  func answer(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
    at place: QuestionPlace
  ) throws -> [PipeTensor] { [] }

  func mistakes(of model: String) -> [KnownMistake] { book.mistakes(of: model) }

  func results(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { try? book.results(of: model, with: mistake, experiment) }

  func gradients(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { try? book.gradients(of: model, with: mistake, experiment) }
}
