import Assignment
import WorkerPipe
import Workers

/// Whether what a function or model draws comes as often as it should: a sampler, a mask, a dropout, one
/// proposal of a random search.
///
/// Right work fails with a probability of at most `level`, by bounds that hold for any number of draws
/// (`OutcomeCounts`, `Kolmogorov`). What is found nearly always, in 99 of 100 submissions, with n draws:
///
/// | of | a deviation of | n = 1000 | 10,000 | 100,000 |
/// |---|---|---|---|---|
/// | two outcomes of 50 % each | at least | 13 % | 4.0 % | 1.3 % of the draws |
/// | an outcome of 10 % | at least | 8.5 % | 2.5 % | 0.8 % of the draws |
/// | a distribution function | at least, at one place | 13 % | 4.0 % | 1.3 % |
///
/// The reference is not asked: what is right is stated, and other draws may be as right as its own. An exact
/// comparison by the generator is an experiment of `TrialSeries` on a subject with the trait `draws`.
public struct StatisticalCheck {
  /// The probability with which right work fails.
  public static let level = 1e-6
  /// The probability with which a known mistake is not called by its name.
  static let namingLevel = 1e-4

  /// A mistake whose draws are known: of each quantity, in the check's order, what it is drawn from then;
  /// nil where its draws are not independent then, or nothing is known of them.
  public struct KnownDraws: Sendable {
    let mistake: NamedMistake
    let distributions: [Distribution?]

    /// Describes a mistake.
    public init(_ mistake: NamedMistake, _ distributions: [Distribution?]) {
      self.mistake = mistake
      self.distributions = distributions
    }
  }

  private let session: JudgeSession
  private let subject: Request.Subject
  private let inputs: [PipeTensor]
  private let how: Request.Calls
  private let questions: Int
  private let quantities: [DrawnQuantity]
  private let mistakes: [KnownDraws]

  /// Describes a check.
  ///
  /// - Parameters:
  ///   - name: the subject's name in the catalogue.
  ///   - settings: what it is made with.
  ///   - inputs: what it is called on.
  ///   - calls: how often it is called in each question. What it gives in one call should not be likely
  ///     to come twice.
  ///   - questions: how many questions there are, each with a seed of its own; at least two.
  ///   - isTraining: whether a model is in training mode.
  ///   - quantities: what is looked at in each draw.
  ///   - mistakes: what the quantities are drawn from where a known mistake is made.
  public init(
    _ session: JudgeSession, _ name: String, _ settings: Settings = [:], inputs: [PipeTensor],
    calls: Int, questions: Int = 4, isTraining: Bool = false, quantities: [DrawnQuantity],
    mistakes: [KnownDraws] = []
  ) {
    self.session = session
    subject = Request.Subject(name, settings)
    self.inputs = inputs
    how = Request.Calls(isFirst: true, isTraining: isTraining, draws: calls)
    self.questions = max(questions, 2)
    self.quantities = quantities
    self.mistakes = mistakes
  }

  /// Asks for the draws and compares how often each outcome comes.
  ///
  /// - Throws: `CheckFailure`.
  public func require() throws {
    let answers = try (0..<questions).map(ask)
    if let sentence = answers.lazy.compactMap({ SideEffectText.sentence($0.sideEffects) }).first {
      throw CheckFailure(sentence)
    }
    try requireSeeds(answers.map(\.tensors))
    let results = try answers.flatMap { try self.calls($0.tensors) }
    let draws = try quantities.map { quantity in try results.flatMap(quantity.draws) }
    let share = Self.level / Double(quantities.count)
    for (quantity, found) in zip(quantities, draws)
    where quantity.distribution.chance(of: found) < share {
      let failure = CheckFailure(quantity.sentence(found))
      throw explanation(draws).map { failure.explained(by: $0, of: subject.name) } ?? failure
    }
  }

  /// The one known mistake that the draws fit.
  private func explanation(_ draws: [[Double]]) -> KnownMistake? {
    let share = Self.namingLevel / Double(quantities.count)
    return MistakeSearch.certain(
      mistakes.filter { known in
        zip(known.distributions, draws).allSatisfy { ($0?.chance(of: $1) ?? 1) >= share }
      }.map { KnownMistake([$0.mistake]) })
  }

  private func ask(_ question: Int) throws -> WorkerClient.Answer {
    var subject = subject
    subject.seed = session.openSeed("\(subject.name) draws \(question)")
    return try session.askStudentInFull(.forward(how), about: subject, inputs)
  }

  /// By the same seed there must be the same draws, with other questions in between; by another seed, and
  /// in the next call, others.
  private func requireSeeds(_ answers: [[PipeTensor]]) throws {
    guard Self.isSame(try ask(0).tensors, answers[0]) else {
      throw CheckFailure(
        "by the same seed the draws are not the same twice",
        diagnosis: "something is drawn from another generator than the one that is given, or kept "
          + "from one call to the next")
    }
    if answers[1...].allSatisfy({ Self.isSame($0, answers[0]) }) {
      throw CheckFailure(
        "the draws are the same whatever the seed: they do not come from the generator that is given"
      )
    }
    let rows = try calls(answers[0])
    if rows.count > 1, rows.allSatisfy({ Self.isSame($0, rows[0]) }) {
      throw CheckFailure(
        "a second call with the same generator draws the same again: the generator is where it was "
          + "before, so a copy of it was drawn from")
    }
  }

  /// Whether two answers are the same bit for bit: what is not a number is the same as itself here, and
  /// is told by the quantity that has it.
  private static func isSame(_ a: [PipeTensor], _ b: [PipeTensor]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { a, b in
        guard a.name == b.name, a.shape == b.shape else { return false }
        return switch (a.elements, b.elements) {
        case (.floats(let a), .floats(let b)):
          a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
        case (.integers(let a), .integers(let b)): a == b
        default: false
        }
      }
  }

  /// The results of each call.
  private func calls(_ tensors: [PipeTensor]) throws -> [[PipeTensor]] {
    try (0..<how.draws).map { call in
      try tensors.map { tensor in
        guard tensor.shape.first == how.draws else {
          throw CheckFailure("\(tensor.name) does not have the results of every call")
        }
        let size = tensor.values.count / how.draws
        let range = (call * size)..<((call + 1) * size)
        return tensor.elements(at: Array(range), shape: Array(tensor.shape.dropFirst()))
      }
    }
  }
}
