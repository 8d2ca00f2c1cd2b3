import Assignment
import Foundation
import GRDB

/// A submission as the gradebook has it.
public struct StoredSubmission: Sendable, Equatable {
  /// The name of its folder or archive.
  public var name: String
  /// Who handed it in.
  public var members: [String]
  /// The hash of its files; empty when it could not be read.
  public var files: String
  /// Remarks of the intake.
  public var notes: [String]
  /// What happened to it as a whole.
  public var status: SubmissionResult.Status
  /// Why it has no verdicts: what could not be read, or what went wrong on our side; else empty.
  public var remark: String
  /// Which of the student's attempts it is, from 1.
  public var attempt: Int
  /// That it came late, and what that costs; nil if it was in time.
  public var late: LateMark?
  /// What else is known of it, as its writer encoded it: people, times, answers.
  public var record: Data

  /// Describes a submission.
  public init(
    name: String, members: [String], files: String, notes: [String],
    status: SubmissionResult.Status, remark: String = "", attempt: Int = 1, late: LateMark? = nil,
    record: Data = Data()
  ) {
    self.name = name
    self.members = members
    self.files = files
    self.notes = notes
    self.status = status
    self.remark = remark
    self.attempt = attempt
    self.late = late
    self.record = record
  }
}

/// What the build of some files said.
public struct StoredBuild: Codable, Sendable, Equatable {
  /// The compiler's messages; none when everything compiled.
  public var errors: [String]
  /// Seconds on the clock.
  public var seconds: Double
  /// Processor seconds of the compiler; nil in what was built before they were kept.
  public var cpuSeconds: Double?

  /// Describes a build.
  public init(errors: [String], seconds: Double, cpuSeconds: Double? = nil) {
    self.errors = errors
    self.seconds = seconds
    self.cpuSeconds = cpuSeconds
  }
}

/// A submission with its verdicts.
public struct GradedSubmission: Sendable, Equatable {
  /// The submission.
  public var submission: StoredSubmission
  /// One verdict for each check; none when it was not judged.
  public var verdicts: [Verdict]
  /// The build; nil when there was none.
  public var build: StoredBuild?
  /// The run that it was graded in.
  public var run: Int64

  /// Puts the parts together.
  public init(
    submission: StoredSubmission, verdicts: [Verdict], build: StoredBuild?, run: Int64
  ) {
    self.submission = submission
    self.verdicts = verdicts
    self.build = build
    self.run = run
  }
}
