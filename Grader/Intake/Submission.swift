import Assignment
import Foundation
import People

/// What one student or team handed in, reduced to the files that count.
public struct Submission: Sendable {
  /// The name that results bear: a folder's or an archive's, or the student's with the platform's
  /// number.
  public var name: String
  /// Who handed it in, as reports name them.
  public var members: [String]
  /// Contents of the manifest's files that were found, by name; UTF-8 with Unix line ends.
  public var files: [String: [UInt8]]
  /// `ANSWERS.md`, where there is one.
  public var answers: String?
  /// Remarks for the report.
  public var notes: [String]
  /// Why nothing of it can be graded: it cannot be read, or holds no code; nil if it can.
  public var problem: String?
  /// Whether it can be read, and holds no code.
  public var isWithoutCode = false
  /// Who delivered it.
  public var platform: Platform
  /// Who handed it in, with what is known of each.
  public var people: [Member]
  /// Where it lies in the delivery.
  public var source: String
  /// When it was handed in, where the platform tells.
  public var submitted: Date?
  /// Whether that is the student's own word: the time of a commit.
  public var hasOwnClock = false
  /// That it came late, and what that costs.
  public var late: LateMark?
  /// The platform's number of the attempt; higher is later.
  public var attempt: Int?
  /// Those of whom the delivery's outermost level says that they handed it in; `people` has those whom
  /// ANSWERS.md names as well.
  public internal(set) var owners: [Person] = []
  /// Files that may be the written answers, where there is no ANSWERS.md; nobody has read them.
  public var elsewhere: [String] = []
  /// That somebody handed it in whom ANSWERS.md does not name, a sentence; nil where that is not so.
  var unnamedOwners: String?
  /// What an instructor must decide about its files.
  var doubts: [Problem] = []
  /// Whether an instructor decided whose it is.
  var isDecided = false
  /// What several attempts of the same person have in common.
  var key: String?

  /// Creates a submission.
  public init(
    name: String, files: [String: [UInt8]] = [:], notes: [String] = [], problem: String? = nil
  ) {
    self.name = name
    members = [name]
    self.files = files
    self.notes = notes
    self.problem = problem
    platform = .plain
    people = []
    source = name
  }

  /// Sets those who handed it in, with the names that reports show.
  public mutating func setPeople(_ people: [Member]) {
    self.people = people
    members = people.isEmpty ? [name] : people.map { shown($0.person.label) }
  }
}
