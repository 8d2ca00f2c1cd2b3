import Assignment
import Sandbox

/// What the batch asks of one judge process.
public struct JudgeRequest: Codable, Sendable {
  /// The unit's module name.
  public var unit: String
  /// The student's workers, by the names of their programs; the tasks of a program that is missing
  /// have kept results.
  public var workerPaths: [String: String]
  /// The reference.
  public var referenceWorkerPath: String
  /// The assignment file.
  public var manifestPath: String
  /// The submission's secret seed.
  public var seed: UInt64
  /// How workers are confined.
  public var sandbox: SandboxTier
  /// The chunks of the run's accuracy checks, as `GradingData` writes them.
  public var gradingDataPath: String
  /// Where the judge writes a `JudgeAnswer`.
  public var resultPath: String
  /// The submission's name.
  public var submission: String
  /// Who handed it in.
  public var members: [String]
  /// Whether the checks that train are left out.
  public var withoutAccuracy: Bool
  /// Results that still hold: these checks are run only where they may not be kept, see
  /// `CheckRunner`.
  public var kept: [CheckResult]
  /// Processor seconds of a worker that checks ask; nil for the assignment's.
  public var checkSeconds: Double?
  /// How many times the limits on the clock may pass. More than 1 when nothing else runs beside,
  /// so that only a program that waits for something reaches them.
  public var patience: Double
  /// Seconds for which the submission's workers were waited for so far.
  public var answered: Double

  /// Creates a request.
  public init(
    unit: String, workerPaths: [String: String], referenceWorkerPath: String,
    manifestPath: String, seed: UInt64, sandbox: SandboxTier, gradingDataPath: String,
    resultPath: String, submission: String, members: [String], withoutAccuracy: Bool = false,
    kept: [CheckResult] = [], checkSeconds: Double? = nil, patience: Double = 1,
    answered: Double = 0
  ) {
    self.unit = unit
    self.workerPaths = workerPaths
    self.referenceWorkerPath = referenceWorkerPath
    self.manifestPath = manifestPath
    self.seed = seed
    self.sandbox = sandbox
    self.gradingDataPath = gradingDataPath
    self.resultPath = resultPath
    self.submission = submission
    self.members = members
    self.withoutAccuracy = withoutAccuracy
    self.kept = kept
    self.checkSeconds = checkSeconds
    self.patience = patience
    self.answered = answered
  }
}

/// What a judge process writes.
public struct JudgeAnswer: Codable, Sendable {
  /// The submission's name, as asked.
  public var submission: String
  /// Every check of the assignment.
  public var checks: [CheckResult]
  /// Seconds for which the submission's workers were waited for, those of the request included.
  public var answered: Double

  /// Creates an answer.
  public init(submission: String, checks: [CheckResult], answered: Double) {
    self.submission = submission
    self.checks = checks
    self.answered = answered
  }
}
