import Foundation

/// How a check ended.
public enum Outcome: String, Codable, Sendable {
  case passed, failed, crashed, timedOut, notImplemented, notRun, notBuilt
}

/// One check of one submission.
public struct CheckResult: Codable, Sendable {
  /// Check and task, as named in the assignment file.
  public var id, task: String
  /// Points earned and points possible.
  public var points, maxPoints: Double
  /// How it ended.
  public var outcome: Outcome
  /// One sentence for the student.
  public var message: String
  /// The known mistake that explains the numbers.
  public var diagnosis: String?
  /// More for the instructor.
  public var details: String?
  /// Time it took.
  public var seconds: Double

  /// Creates a result.
  public init(
    id: String, task: String, points: Double, maxPoints: Double, outcome: Outcome,
    message: String, diagnosis: String? = nil, details: String? = nil, seconds: Double = 0
  ) {
    self.id = id
    self.task = task
    self.points = points
    self.maxPoints = maxPoints
    self.outcome = outcome
    self.message = message
    self.diagnosis = diagnosis
    self.details = details
    self.seconds = seconds
  }
}

/// One submission's result, as `results/<submission>.json` holds it.
public struct SubmissionResult: Codable, Sendable {
  /// What happened to the submission as a whole.
  public enum Status: String, Codable, Sendable {
    case graded, notBuilt, judgeFailed, notReadable
  }

  /// Seconds on the clock.
  public struct Seconds: Codable, Sendable {
    /// Building and judging.
    public var build, judge: Double

    /// Creates a pair.
    public init(build: Double = 0, judge: Double = 0) {
      self.build = build
      self.judge = judge
    }
  }

  /// The submission's name.
  public var submission: String
  /// Who handed it in.
  public var members: [String]
  /// What happened to it as a whole.
  public var status: Status
  /// Points.
  public var score, maxScore: Double
  /// The run's seed.
  public var seed: UInt64
  /// The sandbox's tier, and what was proven of it at the start of the run.
  public var sandbox: String
  /// Where the time went.
  public var seconds: Seconds
  /// Every check of the assignment, in its order.
  public var checks: [CheckResult]
  /// Remarks about the submission: files taken from elsewhere, stubs used instead.
  public var notes: [String]

  /// Creates a result.
  public init(
    submission: String, members: [String], status: Status, score: Double, maxScore: Double,
    seed: UInt64, sandbox: String, seconds: Seconds, checks: [CheckResult], notes: [String]
  ) {
    self.submission = submission
    self.members = members
    self.status = status
    self.score = score
    self.maxScore = maxScore
    self.seed = seed
    self.sandbox = sandbox
    self.seconds = seconds
    self.checks = checks
    self.notes = notes
  }
}
