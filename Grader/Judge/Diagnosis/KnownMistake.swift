import Assignment
import JudgedNumbers
import WorkerPipe

/// One mistake of a model: known by its id, which is all that is compared; the sentence is what is said of
/// it.
public struct NamedMistake: Hashable, Sendable {
  /// Kebab case, unique within the model.
  public let id: String
  /// What is wrong, for the student.
  public let sentence: String

  /// Names a mistake.
  public init(_ id: String, _ sentence: String) {
    self.id = id
    self.sentence = sentence
  }

  /// Whether both are the same mistake, whatever is said of it.
  public static func == (one: Self, other: Self) -> Bool { one.id == other.id }

  /// The id's.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// A mistake that submissions contain, or several at once.
public struct KnownMistake: Hashable, Sendable {
  /// The mistakes, one or several; of right work none.
  public let parts: [NamedMistake]
  /// Whether the values are right, so that only gradients show it.
  public let showsOnlyInGradients: Bool

  /// Makes a mistake.
  public init(_ parts: [NamedMistake], showsOnlyInGradients: Bool = false) {
    self.parts = parts
    self.showsOnlyInGradients = showsOnlyInGradients
  }

  /// No mistake.
  public static let none = KnownMistake([])

  /// Whether it is one mistake alone.
  public var isSingle: Bool { parts.count == 1 }

  /// Each two of single mistakes, the first with all behind it, then the second.
  static func pairs(of single: [KnownMistake]) -> [KnownMistake] {
    single.indices.flatMap { first in
      single[(first + 1)...].map { second in
        KnownMistake(
          single[first].parts + second.parts,
          showsOnlyInGradients: single[first].showsOnlyInGradients && second.showsOnlyInGradients)
      }
    }
  }

  /// The ids of its mistakes.
  public var ids: [String] { parts.map(\.id) }

  /// The names of its mistakes in a model.
  func names(of model: String) -> [MistakeName] {
    ids.map { MistakeName(subject: model, id: $0) }
  }

  /// What is wrong, for the student.
  public var sentence: String { parts.map(\.sentence).joined(separator: "; and ") }

  /// What is said where its numbers are a student's: of one mistake that it is made, of two only that
  /// together they have these numbers, for which there may be one other cause.
  var explanation: String {
    (isSingle ? "" : "two mistakes at once give these numbers: ") + sentence
  }
}

/// The known mistakes of a unit, computed: what a model gives that has them in it.
public protocol MistakeBook: Sendable {
  /// Every mistake that a check may call by its name, alone, by model; also of such models whose
  /// mistakes a check computes by itself.
  var named: [String: [NamedMistake]] { get }

  /// The mistakes of a model, each alone and then in pairs; none for a model without a book.
  func mistakes(of model: String) -> [KnownMistake]

  /// The results of a model with a mistake in it.
  ///
  /// - Throws: where the mistake cannot be made in this experiment.
  func results(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment
  ) throws -> [PipeTensor]

  /// The gradients of the same for the experiment's upstream gradients, called as in a worker's
  /// answer. Of results that have another shape than in the task no gradient comes.
  ///
  /// - Throws: where the mistake cannot be made in this experiment.
  func gradients(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment
  ) throws -> [PipeTensor]
}

/// What a student's model gave in one experiment.
struct Observation {
  let experiment: ModelCheck.Experiment
  /// The experiment's place among those of the check.
  let place: QuestionPlace
  /// Nil where the student's code stopped with an error.
  let results: [PipeTensor]?

  var size: Int { experiment.input.values.count }

  func result(_ name: String) -> PipeTensor? { results?.first { $0.name == name } }
}

/// Finds the known mistakes that explain what a student's model gave.
public struct MistakeSearch {
  let reference: any Reference
  let model: String

  /// The known mistakes of a kind.
  func known(_ isIncluded: (KnownMistake) -> Bool) throws -> [KnownMistake] {
    try reference.mistakes(of: model).filter(isIncluded)
  }

  /// The mistakes whose results are those of all experiments.
  ///
  /// One mistake is believed sooner than two: pairs are looked at only when no single one fits.
  func explanations(of observations: [Observation]) throws -> [KnownMistake] {
    let known = try reference.mistakes(of: model).filter { !$0.showsOnlyInGradients }
    for isPair in [false, true] {
      let fitting = known.filter { mistake in
        mistake.isSingle != isPair && explains(mistake, observations)
      }
      if !fitting.isEmpty { return fitting }
    }
    return []
  }

  /// Whether a mistake gives the results of all experiments, and is known for one of them at least.
  func explains(_ mistake: KnownMistake, _ observations: [Observation]) -> Bool {
    var count = 0
    // the smallest first: it is the cheapest to compute
    for observation in observations.sorted(by: { $0.size < $1.size }) {
      let results = reference.results(
        of: model, with: mistake, observation.experiment, at: observation.place)
      guard let results else {
        // a mistake can make an experiment impossible, and some are not recorded
        if observation.results != nil, reference.samples == nil { return false }
        continue
      }
      count += 1
      for result in results {
        let own = observation.result(result.name)
        // what a mistake divides by zero, so does the student; it is the other experiments that tell more
        if !result.isFinite, let own, !own.isFinite, own.shape == result.shape { continue }
        guard Comparison.agree(own, result, scale: observation.experiment.scale) else {
          return false
        }
      }
    }
    return count > 0
  }

  /// What can be said for certain: the mistakes that every explanation has in it. Several that give
  /// the same numbers are not told apart, so none of them is named.
  public static func certain(_ explanations: [KnownMistake]) -> KnownMistake? {
    guard let first = explanations.first else { return nil }
    let common = first.parts.filter { part in
      explanations.allSatisfy { $0.parts.contains(part) }
    }
    return common.isEmpty
      ? nil : KnownMistake(common, showsOnlyInGradients: first.showsOnlyInGradients)
  }
}
