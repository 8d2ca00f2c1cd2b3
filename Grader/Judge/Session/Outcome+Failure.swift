import Assignment
import WorkerPipe
import Workers

/// Why a check did not pass, as a check's code throws it.
public struct CheckFailure: Error, Sendable {
  /// One sentence for the student.
  public let message: String
  /// What explains the numbers, one sentence.
  public let diagnosis: String?
  /// The known mistakes that it names.
  public let mistakes: [MistakeName]
  /// The numbers that clash.
  public let difference: NumberDifference?
  /// What was found out about the place, a sentence each.
  public let findings: [String]

  /// Makes a failure.
  public init(
    _ message: String, diagnosis: String? = nil, mistakes: [MistakeName] = [],
    difference: NumberDifference? = nil, findings: [String] = []
  ) {
    self.message = message
    self.diagnosis = diagnosis
    self.mistakes = mistakes
    self.difference = difference
    self.findings = findings
  }
}

extension CheckFailure {
  /// The same failure with what explains it.
  public func explained(by sentence: String) -> CheckFailure {
    CheckFailure(message, diagnosis: sentence, difference: difference, findings: findings)
  }

  /// The same failure with what explains it for sure, beside two known mistakes of a model that have the
  /// same numbers together: it may be the one cause of both.
  public func explained(
    by sentence: String, beside pair: KnownMistake?, of model: String
  ) -> CheckFailure {
    guard let pair else { return explained(by: sentence) }
    return CheckFailure(
      message, diagnosis: sentence, mistakes: pair.names(of: model), difference: difference,
      findings: findings + ["Known mistakes that have these numbers too: \(pair.sentence)"])
  }

  /// The same failure with the known mistake of a model that explains it.
  public func explained(by mistake: KnownMistake, of model: String) -> CheckFailure {
    CheckFailure(
      message, diagnosis: mistake.explanation,
      mistakes: mistake.names(of: model), difference: difference,
      findings: findings)
  }

  /// The same failure with more about where it shows.
  public func adding(_ sentences: [String]) -> CheckFailure {
    CheckFailure(
      message, diagnosis: diagnosis, mistakes: mistakes, difference: difference,
      findings: findings + sentences)
  }
}

/// Why a check cannot be judged before something else is right, as a check's code throws it.
public struct CheckWaits: Error, Sendable {
  /// One sentence for the student.
  public let message: String

  /// Makes the error.
  public init(_ message: String) { self.message = message }
}

/// What an error means for a check. Anything but the silent end of the check's code is a failure.
struct Verdict {
  let outcome: Outcome
  let message: String
  let diagnosis: String?
  var mistakes: [MistakeName] = []
  var difference: NumberDifference?
  var findings: [String] = []
  /// The line of the student's that it ended at.
  var place: SourcePlace?
  var timeLimit: TimeLimit?
  /// More for the instructor.
  var details: String?

  static let passed = Verdict(outcome: .passed, message: "correct", diagnosis: nil)

  init(
    outcome: Outcome, message: String, diagnosis: String?, difference: NumberDifference? = nil
  ) {
    self.outcome = outcome
    self.message = message
    self.diagnosis = diagnosis
    self.difference = difference
  }

  init(_ error: any Error, tasks: [AssignmentManifest.Task]) {
    switch error {
    case let failure as CheckFailure:
      self.init(
        outcome: .failed, message: failure.message, diagnosis: failure.diagnosis,
        difference: failure.difference)
      findings = failure.findings
      mistakes = failure.mistakes
    case let waits as CheckWaits:
      self.init(outcome: .notRun, message: "not run: " + waits.message, diagnosis: nil)
    case let failure as WorkerFailure:
      switch failure {
      case .notImplemented(let stub):
        let (message, place) = Self.notStarted(stub.task, stub.file, stub.line, tasks)
        self.init(outcome: .notImplemented, message: message, diagnosis: nil)
        self.place = place
      case .threw(let message):
        self.init(
          outcome: .failed, message: "your code stopped with \(PlainText.quoted(message))",
          diagnosis: nil)
      case .crashed(let message, let place):
        self.init(outcome: .crashed, message: message, diagnosis: nil)
        self.place = place
      case .timedOut(let message, let limit, let place):
        self.init(outcome: .timedOut, message: message, diagnosis: nil)
        self.place = place
        timeLimit = limit
      case .malformed(let message):
        self.init(outcome: .failed, message: PlainText.quoted(message), diagnosis: nil)
      }
    default:
      self.init(
        outcome: .failed, message: "the check could not be done, which is the grader's fault",
        diagnosis: nil)
      details = "\(error)"
    }
  }

  /// What is said of a stub. The worker's words count as far as the assignment has them.
  private static func notStarted(
    _ task: String, _ file: String, _ line: Int, _ tasks: [AssignmentManifest.Task]
  ) -> (message: String, place: SourcePlace?) {
    guard let known = tasks.first(where: { $0.id == task }) else {
      return ("a task is not started", nil)
    }
    let sentence = "task \(known.id) (\(known.name)) is not started"
    let parts = file.split(separator: "/", omittingEmptySubsequences: false)
    // as `#fileID` has it
    let isKnown =
      parts.count == 2 && parts[1] == known.file
      && parts[0].utf8.count <= 64
      && parts[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    return isKnown
      ? ("\(sentence): Assignments/\(file):\(line)", SourcePlace(file: known.file, line: line))
      : (sentence, nil)
  }
}
