import Sandbox

/// What the batch asks of one judge process.
public struct JudgeRequest: Codable, Sendable {
  /// The unit's module name.
  public var unit: String
  /// The student's worker and the reference.
  public var workerPath, referenceWorkerPath: String
  /// The assignment file.
  public var manifestPath: String
  /// The run's secret seed.
  public var seed: UInt64
  /// How workers are confined.
  public var sandbox: SandboxTier
  /// The chunks of the run's accuracy checks, as `GradingData` writes them.
  public var gradingDataPath: String
  /// Where the judge writes a `SubmissionResult`.
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
  /// How many times the limits on the clock may pass. More than 1 when nothing else runs beside,
  /// so that only a program that waits for something reaches them.
  public var patience: Double

  /// Creates a request.
  public init(
    unit: String, workerPath: String, referenceWorkerPath: String, manifestPath: String,
    seed: UInt64, sandbox: SandboxTier, gradingDataPath: String, resultPath: String,
    submission: String, members: [String], withoutAccuracy: Bool = false,
    kept: [CheckResult] = [], patience: Double = 1
  ) {
    self.unit = unit
    self.workerPath = workerPath
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
    self.patience = patience
  }
}
