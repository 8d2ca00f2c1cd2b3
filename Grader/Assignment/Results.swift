import Foundation
import Metrics

/// How a check ended.
public enum Outcome: String, Codable, Sendable {
  case passed, failed, crashed, timedOut, notImplemented, notRun, notBuilt
}

/// Two numbers that should agree and do not.
public struct NumberDifference: Codable, Sendable, Equatable {
  /// What is compared and where, such as `H at [1, 3]`.
  public var quantity: String
  /// The student's number and the right one, as text.
  public var yours, expected: String
  /// The difference that would have been allowed.
  public var tolerance: String
  /// How many of the tensor's numbers differ, and how many it has.
  public var wrong, count: Int

  /// Creates a difference.
  public init(
    quantity: String, yours: String, expected: String, tolerance: String, wrong: Int, count: Int
  ) {
    self.quantity = quantity
    self.yours = yours
    self.expected = expected
    self.tolerance = tolerance
    self.wrong = wrong
    self.count = count
  }
}

/// How a check's trainings went: what a learning curve is drawn from.
public struct TrainingCurve: Codable, Sendable, Equatable {
  /// The end of an epoch.
  public struct Point: Codable, Sendable, Equatable {
    /// The training it belongs to, from 1, and the batches that it had done.
    public var attempt, steps: Int
    /// Loss and accuracy on the training examples as the student's program reports them; nil where
    /// they are not finite.
    public var trainLoss, trainAccuracy: Double?
    /// The goal's metric on the validation examples, computed by the judge.
    public var validationAccuracy: Double

    /// Creates a point.
    public init(
      attempt: Int, steps: Int, trainLoss: Double?, trainAccuracy: Double?,
      validationAccuracy: Double
    ) {
      self.attempt = attempt
      self.steps = steps
      self.trainLoss = trainLoss
      self.trainAccuracy = trainAccuracy
      self.validationAccuracy = validationAccuracy
    }
  }

  /// The network.
  public var network: String
  /// What of the validation examples is to reach the goal; nil in what was recorded when all goals were
  /// accuracies.
  public var metric: Metric?
  /// The figure to reach.
  public var goal: Double
  /// All epochs of all attempts.
  public var points: [Point]
  /// What there is to say of the last attempt, a line each; nil where nobody looked.
  public var remarks: [String]?
  /// How the parameters fare at the end of the last attempt, as the student's program reports it.
  public var parameters: [ParameterHealth]?

  /// Creates a curve.
  public init(
    network: String, metric: Metric = .accuracy, goal: Double, points: [Point] = []
  ) {
    self.network = network
    self.metric = metric
    self.goal = goal
    self.points = points
  }
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
  /// What explains the numbers, one sentence.
  public var diagnosis: String?
  /// The known mistakes that it names; nil where it names none.
  public var mistakes: [MistakeName]?
  /// What was found out about the place of the mistake, a sentence each; nil where nothing was.
  public var findings: [String]?
  /// More for the instructor: what the program printed, and what went wrong on the grader's side. No
  /// student is shown it.
  public var details: String?
  /// The numbers that clash, where the check compares numbers.
  public var difference: NumberDifference?
  /// How the trainings went, where the check trains.
  public var curve: TrainingCurve?
  /// The line of the student's that it ended at; nil where none is known.
  public var place: SourcePlace?
  /// The limit on time that stopped it, if one did.
  public var timeLimit: TimeLimit?
  /// The hash of what was asked; nil where nothing was, and in what was kept before that was.
  public var checkHash: String?
  /// Whose word the points are where they are not the judge's.
  public var byHand: PointsByHand?
  /// Time it took.
  public var seconds: Double

  /// Creates a result.
  public init(
    id: String, task: String, points: Double, maxPoints: Double, outcome: Outcome,
    message: String, diagnosis: String? = nil, findings: [String]? = nil, details: String? = nil,
    difference: NumberDifference? = nil, curve: TrainingCurve? = nil, seconds: Double = 0
  ) {
    self.id = id
    self.task = task
    self.points = points
    self.maxPoints = maxPoints
    self.outcome = outcome
    self.message = message
    self.diagnosis = diagnosis
    self.findings = findings
    self.details = details
    self.difference = difference
    self.curve = curve
    self.seconds = seconds
  }
}

/// One submission's result, as `results/<submission>.json` holds it: the instructor's. What a student may
/// see of it is `Reports.StudentView`.
public struct SubmissionResult: Codable, Sendable {
  /// What happened to the submission as a whole.
  public enum Status: String, Codable, Sendable {
    case graded, notBuilt, judgeFailed, notReadable, noCode
  }

  /// Seconds on the clock.
  public struct Seconds: Codable, Sendable {
    /// Building and judging.
    public var build, judge: Double
    /// Processor seconds of the compiler in the sandbox; nil when there was no build.
    public var compilerCPU: Double?

    /// Creates a set.
    public init(build: Double = 0, judge: Double = 0, compilerCPU: Double? = nil) {
      self.build = build
      self.judge = judge
      self.compilerCPU = compilerCPU
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
  /// Those of the remarks that the compiler made on a line; nil where it made none.
  public var compilerMessages: [CompilerMessage]?
  /// What went wrong on the grader's side, for the instructor; nil when nothing did.
  public var details: String?
  /// That it came late, and what that costs; `score` is what was earned before that.
  public var late: LateMark?
  /// The hash of its files, empty where it cannot be read; nil in what was kept before that was.
  public var files: String?

  /// What kind of recordings accuracy checks used, in words; nil without such checks.
  public var recordings: String?

  /// The score after what lateness costs.
  public var finalScore: Double { score * (1 - (late?.share ?? 0)) }

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
