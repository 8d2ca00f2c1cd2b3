import Assignment
import Foundation
import Publication

/// All that a student may see of a submission. Pages, texts and feedback for students are made from
/// this alone, so that nothing else can be on them.
///
/// Left out are what the program printed while it was judged (`CheckResult.details`), the run's seed,
/// the sandbox, and what went wrong on the grader's side: they are the instructor's, in `results/*.json`
/// and on the class page. `Documentation/pages.md` lists every item, where it comes from and who chooses
/// its bytes.
public struct StudentView: Sendable {
  /// One check.
  public struct Check: Sendable {
    /// Check and task, as named in the assignment file.
    public let id, task: String
    /// Points earned and points possible.
    public let points, maxPoints: Double
    /// How it ended.
    public let outcome: Outcome
    /// One sentence.
    public let message: String
    /// The known mistake that explains the numbers.
    public let diagnosis: String?
    /// What was found out about the place of the mistake, a sentence each.
    public let findings: [String]
    /// The numbers that clash, where the check compares numbers.
    public let difference: NumberDifference?
    /// How the trainings went, where the check trains.
    public let curve: TrainingCurve?
    /// The line of theirs that it ended at; nil where none is known.
    public let place: SourcePlace?
    /// Seconds on the clock.
    public let seconds: Double
    /// Why a person gave the points; nil where they are the judge's.
    public let reasonByHand: String?
  }

  /// The submission's name, and the names of those who handed it in.
  public let submission, names: String
  /// Which of their attempts it is, where the platform counts them.
  public let attempt: Int?
  /// When it came, where that is known.
  public let submitted: Date?
  /// Whether that is the time of the last commit, by their own clock.
  public let hasOwnClock: Bool
  /// What happened to it as a whole.
  public let status: SubmissionResult.Status
  /// What the intake and the compiler say of the files.
  public let notes: [String]
  /// The checks in the assignment's order.
  public let checks: [Check]
  /// Their files, as far as they are kept.
  public let code: [SourceListing]
  /// What the compiler said of their lines.
  public let compilerMessages: [CompilerMessage]
  /// That it came late, and what that costs.
  public let late: LateMark?
  /// What kind of recordings accuracy checks used, in words.
  public let recordings: String?
  /// Seconds on the clock that building and judging took.
  public let buildSeconds, judgeSeconds: Double
  /// A hash of each of their files by name.
  public let hashes: [String: String]
  /// The written answers with marks and comments, in the assignment's order.
  public let answers: [MarkedAnswer]
  /// What is to be said about ANSWERS.md; nil without one.
  public let sheet: AnswerSheet?
  /// The points: all, less what lateness costs, and the most there is.
  public let score, maxScore: Double
  /// The points of the code, and the most there is.
  public let codeScore, codeMaxScore: Double
  /// The points of the written answers so far, and what lateness costs.
  public let answerPoints, penalty: Double
  /// Whether an answer is still to be marked, so that the points of the answers are no result yet.
  public let isToBeMarked: Bool
  /// Why the score may still change, in one sentence; nil when it is final.
  public let provisional: String?

  /// Takes what a student may see of all that is known of a submission.
  public init(_ student: StudentRecord) {
    let (result, record) = (student.result, student.record)
    submission = result.submission
    names = student.names
    attempt = record.attempt
    submitted = record.submitted
    hasOwnClock = record.hasOwnClock ?? false
    status = result.status
    // what went wrong on the grader's side is none of theirs
    notes = result.status == .judgeFailed ? [] : result.notes.map(Self.text)
    checks = result.checks.map(Self.check)
    code = student.files.sorted { $0.key < $1.key }.map { SourceListing($0.key, $0.value) }
    compilerMessages = (result.compilerMessages ?? []).map { message in
      var message = message
      message.text = Self.text(message.text)
      return message
    }
    late = result.late
    recordings = result.recordings
    (buildSeconds, judgeSeconds) = (result.seconds.build, result.seconds.judge)
    hashes = record.hashes
    answers = student.answers
    sheet = student.sheet
    (score, maxScore) = (student.score, student.maxScore)
    (codeScore, codeMaxScore) = (result.score, result.maxScore)
    (answerPoints, penalty) = (student.answerPoints, student.penalty)
    provisional = student.provisional
    isToBeMarked = student.isToBeMarked
  }

  private static func check(_ check: CheckResult) -> Check {
    var (difference, curve) = (check.difference, check.curve)
    if let quantity = difference?.quantity { difference?.quantity = text(quantity) }
    if let remarks = curve?.remarks { curve?.remarks = remarks.map(text) }
    return Check(
      id: check.id, task: check.task, points: check.points, maxPoints: check.maxPoints,
      outcome: check.outcome, message: text(check.message),
      diagnosis: check.diagnosis.map(text), findings: (check.findings ?? []).map(text),
      difference: difference, curve: curve, place: check.place, seconds: check.seconds,
      reasonByHand: check.byHand?.reason)
  }

  /// A text without steering characters and without the machine's paths.
  private static func text(_ text: String) -> String {
    PlainText.withoutPaths(PlainText.cleaned(text))
  }

  /// How it was graded: names and values.
  var facts: [(name: String, value: String)] {
    var facts = [
      ("build, judging", String(format: "%.1f s, %.1f s", buildSeconds, judgeSeconds))
    ]
    if let recordings { facts.append(("trained on", recordings)) }
    if let submitted {
      facts.append((hasOwnClock ? "last commit" : "handed in", submitted.formatted(.iso8601)))
    }
    return facts + hashes.sorted { $0.key < $1.key }.map { ("hash of " + $0.key, $0.value) }
  }
}

extension StudentView {
  /// The points: all together, or, while answers are to be marked, those of the code and of the
  /// answers apart.
  var points: [(name: String, earned: Double, possible: Double)] {
    guard isToBeMarked else { return [("", score, maxScore)] }
    return [
      ("code", codeScore, codeMaxScore),
      ("answers marked so far", answerPoints, answers.reduce(0) { $0 + $1.maxPoints }),
    ]
  }
}

extension StudentView.Check {
  /// What follows the message, a line each: what was found out, the likely cause, and whose word the
  /// points are.
  public var explanation: String {
    (findings + [diagnosis.map { "Likely cause: \($0)" }, byHand].compactMap(\.self))
      .map { "\n" + $0 }.joined()
  }

  /// That a person gave the points, and why.
  var byHand: String? { reasonByHand.map { "Points given by hand: \($0)" } }
}
