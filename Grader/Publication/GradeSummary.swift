import Assignment
import Intake

/// What a run did, also the content of `--json`.
public struct GradeSummary: Codable, Sendable {
  /// The unit.
  public var unit: String
  /// The unit's heading.
  public var title: String
  /// The seed that the judge drew its cases from.
  public var seed: UInt64
  /// The sandbox's tier, and what was proven of it.
  public var sandbox: String
  /// Submissions found.
  public var total: Int
  /// Whether all of them have a result (an interrupted run's have not).
  public var complete: Bool
  /// Seconds on the clock.
  public var elapsedSeconds: Double
  /// Results in the order of names.
  public var submissions: [SubmissionResult]
  /// What lay in the folder and was no submission.
  public var unrecognised: [String]
  /// What was understood of the folder, and what not.
  public var intake: IntakeReport?

  /// Describes a run.
  public init(
    unit: String, title: String, seed: UInt64, sandbox: String, total: Int, complete: Bool,
    elapsedSeconds: Double, submissions: [SubmissionResult], unrecognised: [String]? = nil,
    intake: IntakeReport? = nil
  ) {
    self.unit = unit
    self.title = title
    self.seed = seed
    self.sandbox = sandbox
    self.total = total
    self.complete = complete
    self.elapsedSeconds = elapsedSeconds
    self.submissions = submissions
    self.unrecognised = unrecognised ?? intake?.unrecognised ?? []
    self.intake = intake
  }

  /// Submissions that were not graded by no fault of theirs.
  public var ourFailures: Int { submissions.count { $0.status == .judgeFailed } }
}

extension SubmissionResult {
  /// Why the first points were lost, in one line; nil with full marks.
  public var firstLoss: String? {
    if status == .judgeFailed { return details ?? notes.last }
    if [.notReadable, .noCode].contains(status) { return notes.last }
    let order: [Outcome] = [.crashed, .timedOut, .failed, .notBuilt, .notImplemented, .notRun]
    let lost = checks.filter {
      $0.byHand == nil ? $0.outcome != .passed : $0.points < $0.maxPoints - 1e-9
    }
    // What ran and failed says more than what was never started.
    guard
      let check = lost.first(where: { order.prefix(4).contains($0.outcome) }) ?? lost.first
    else { return nil }
    let reason =
      check.byHand.map { "points by hand: \($0.reason)" } ?? check.diagnosis ?? check.message
    return
      "\(check.task): \(reason.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")"
  }
}
