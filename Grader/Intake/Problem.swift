import Foundation

/// Something about a delivery that an instructor must look at.
public struct Problem: Equatable, Sendable {
  /// What it is about, in the order of weight: what changes most of a grade comes first.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// One person may have several submissions, or two people one.
    case severalSubmissions
    /// It is not known for sure whose a submission is.
    case owner
    /// Something was not taken that may be somebody's work.
    case notTaken
    /// Somebody handed in, and no code.
    case noCode
    /// The delivery may not be what it was taken for.
    case form
    /// ANSWERS.md says of people what nothing else does.
    case claim
    /// The gradebook and the delivery do not agree on somebody.
    case gradebook
    /// A file of the assignment is missing, and another may be meant for it.
    case file
    /// The written answers may lie in another file.
    case answers
    /// It is not known for sure when something was handed in.
    case time
    /// The class list is odd.
    case roster
    /// What an earlier version of the grader found.
    case other

    /// What all of a kind have in common, as a heading.
    public var heading: String {
      switch self {
      case .severalSubmissions: "several submissions of one person, or one of two"
      case .owner: "whose a submission is"
      case .notTaken: "not taken, and may be somebody's"
      case .noCode: "handed in no code"
      case .form: "what the delivery was taken for"
      case .claim: "what only ANSWERS.md says of people"
      case .gradebook: "not as the gradebook has it"
      case .file: "files that may be meant for a missing one"
      case .answers: "files that may be the written answers"
      case .time: "when it was handed in"
      case .roster: "the class list"
      case .other: "to look at"
      }
    }
  }

  /// One way to decide it.
  public struct Answer: Codable, Equatable, Sendable {
    /// What it says, as in `Ann (1) counts`.
    public var meaning: String
    /// The command that says it.
    public var command: String
    /// The same as a decision; nil in what an earlier version of the grader kept.
    var decision: Decision?
  }

  /// What it is about.
  public var kind: Kind
  /// The submissions that it is about.
  public var submissions: [String]
  /// What is to be looked at.
  public var sentence: String
  /// The ways to decide it; none where there is nothing to decide here.
  public var answers: [Answer]

  /// What stands for the folder of results where it is not known.
  static let someResults = "RESULTS"

  /// Describes something to look at.
  ///
  /// - Parameters:
  ///   - answers: what can be decided, each with what it means.
  ///   - results: the folder that decisions are kept in.
  public init(
    _ kind: Kind, _ submissions: [String], _ sentence: String,
    answers: [(meaning: String, decision: Decision)] = [], results: String? = nil
  ) {
    self.kind = kind
    self.submissions = submissions
    self.sentence = sentence
    self.answers = answers.map { meaning, decision in
      Answer(
        meaning: meaning, command: decision.command(results: results ?? Self.someResults),
        decision: decision)
    }
  }

  /// Whether decisions have answered it; what has no answers is nothing to decide.
  public func isDecided(by decisions: Decisions) -> Bool {
    let known = answers.compactMap(\.decision)
    guard !known.isEmpty else { return false }
    let left = submissions.filter { !decisions.leaveOut($0) }
    if left.count < min(2, submissions.count) { return true }
    func isSaid(_ answer: Decision, by made: Decision) -> Bool {
      answer == made || made.replaces(answer)
    }
    // one of several files that is left out leaves the others to ask for
    return known.allSatisfy { answer in decisions.all.contains { isSaid(answer, by: $0) } }
      || decisions.all.contains { made in
        if case .leaveOutFile = made { return false }
        return known.contains { isSaid($0, by: made) }
      }
  }

  /// By weight; those of a kind stay as they are.
  public static func inOrder(_ problems: [Problem]) -> [Problem] {
    Kind.allCases.flatMap { kind in problems.filter { $0.kind == kind } }
  }

  /// Those of each kind, by weight.
  public static func byKind(_ problems: [Problem]) -> [(kind: Kind, problems: [Problem])] {
    Kind.allCases.compactMap { kind in
      let own = problems.filter { $0.kind == kind }
      return own.isEmpty ? nil : (kind, own)
    }
  }
}

extension Problem: Codable {
  private enum CodingKeys: CodingKey { case kind, submissions, sentence, answers }

  /// Reads one; an earlier version of the grader kept its sentence alone.
  public init(from decoder: any Decoder) throws {
    if let sentence = try? decoder.singleValueContainer().decode(String.self) {
      (kind, submissions, answers) = (.other, [], [])
      self.sentence = sentence
      return
    }
    let values = try decoder.container(keyedBy: CodingKeys.self)
    kind = Kind(rawValue: try values.decode(String.self, forKey: .kind)) ?? .other
    submissions = try values.decode([String].self, forKey: .submissions)
    sentence = try values.decode(String.self, forKey: .sentence)
    answers = try values.decode([Answer].self, forKey: .answers)
  }
}
