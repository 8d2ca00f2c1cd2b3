import Judge

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

  /// Submissions that were not graded by no fault of theirs.
  public var ourFailures: Int { submissions.count { $0.status == .judgeFailed } }
}

/// What happens during a run.
public enum GradeEvent: Sendable {
  /// The folder has been read.
  case found(total: Int)
  /// Work on a submission began.
  case started(String)
  /// A submission has its result, which is on disk.
  case finished(SubmissionResult)
}
