import Building
import Foundation
import Intake
import Sandbox

/// What a run needs to know.
public struct GradeOptions: Sendable {
  /// Where a run's submissions come from.
  public enum Submissions: Sendable, Equatable {
    /// A folder with one folder or archive per submission.
    case folder(String)
    /// The files that the gradebook kept.
    case gradebook

    /// The folder, if it is one.
    var folder: String? { if case .folder(let path) = self { path } else { nil } }
  }

  /// Who leaves the class by an instructor's word: nobody else does.
  public struct Removing: Sendable, Equatable {
    /// Submissions and members that are in the gradebook and not in the delivery, by name.
    public var names: Set<String>
    /// All that are in the gradebook and not in the delivery.
    public var missing: Bool

    /// Names them.
    public init(names: Set<String> = [], missing: Bool = false) {
      self.names = names
      self.missing = missing
    }
  }

  /// The name of the command, for the gradebook.
  public var command: String
  /// What is graded.
  public var submissions: Submissions
  /// Where results go.
  public var outputFolder: String
  /// `Assignments/<Unit>`, with `assignment.yml`.
  public var assignmentFolder: String
  /// `Grader/Units/<Unit>`: verdicts hold as long as the source of their check does.
  public var checksFolder: String
  /// The hash of the judge and of its reference.
  public var judgeHash: String
  /// The prebuilt core.
  public var core: CoreProducts
  /// Program and first arguments of the judge; `--request FILE` follows.
  public var judgeCommand: [String]
  /// The worker linked with the solutions.
  public var referenceWorkerPath: String
  /// The recordings of accuracy checks: as the instructor names them, and what tells others apart.
  public var dataSource, dataIdentity: String
  /// What kind of recordings accuracy checks use, in words; nil where there are no such checks.
  public var recordings: String?
  /// Writes the chunks of the run's accuracy checks to a file, as `GradingData` does; called when
  /// the first such check is to be run.
  public var prepareData: @Sendable (_ path: String) throws -> Void
  /// Whether the checks that train are left out.
  public var withoutAccuracy: Bool
  /// What the judge draws its cases from.
  public var seed: UInt64
  /// How workers and builds are confined.
  public var sandbox: Sandbox
  /// Submissions at the same time.
  public var jobs: Int
  /// Built workers, kept between runs.
  public var cacheFolder: String
  /// Whether a finished run's results are published.
  public var publishes: Bool
  /// What was taken in of a folder of submissions; it is read where this is nil.
  public var intake: Intake?
  /// Who of the gradebook is taken out of the class when a folder is taken in.
  public var removing = Removing()
  /// Processor seconds of a worker that checks ask, in place of the assignment's.
  public var checkSeconds: Double?
  /// Where what lives no longer than the run lies; `TMPDIR` as it is when the run is described.
  public var temporaryFolder = URL(fileURLWithPath: NSTemporaryDirectory()).path
  /// What stands in for a file that another task needs and that did not pass its checks.
  public var standInsFolder: String { checksFolder + "/StandIns" }
  /// Writes the table and the pages of the output folder, once its results are there.
  public var writeReports: @Sendable (_ outputFolder: String) throws -> Void = { _ in }

  /// Describes a run.
  public init(
    command: String, submissions: Submissions, outputFolder: String, assignmentFolder: String,
    checksFolder: String, judgeHash: String, core: CoreProducts, judgeCommand: [String],
    referenceWorkerPath: String, dataSource: String, dataIdentity: String,
    prepareData: @escaping @Sendable (_ path: String) throws -> Void, withoutAccuracy: Bool,
    seed: UInt64, sandbox: Sandbox, jobs: Int, cacheFolder: String, publishes: Bool
  ) {
    self.command = command
    self.submissions = submissions
    self.outputFolder = outputFolder
    self.assignmentFolder = assignmentFolder
    self.checksFolder = checksFolder
    self.judgeHash = judgeHash
    self.core = core
    self.judgeCommand = judgeCommand
    self.referenceWorkerPath = referenceWorkerPath
    self.dataSource = dataSource
    self.dataIdentity = dataIdentity
    self.prepareData = prepareData
    self.withoutAccuracy = withoutAccuracy
    self.seed = seed
    self.sandbox = sandbox
    self.jobs = jobs
    self.cacheFolder = cacheFolder
    self.publishes = publishes
  }
}
