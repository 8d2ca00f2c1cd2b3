import Files
import Foundation
import Intake
import People

/// What is known of a submission besides its result: kept beside it for reports and exports.
public struct SubmissionRecord: Codable, Sendable {
  /// The submission's name.
  public var submission: String
  /// Who handed it in.
  public var people: [Person]
  /// Which of their attempts it is, where the platform counts them.
  public var attempt: Int?
  /// When it came, where that is known.
  public var submitted: Date?
  /// Whether that is the student's own word, the time of a commit; nil where it is not.
  public var hasOwnClock: Bool?
  /// ANSWERS.md as it was handed in.
  public var answers: String?
  /// A hash of each file by name.
  public var hashes: [String: String]
  /// Who delivered it; nil in what was kept before that was.
  public var platform: Platform?
  /// Files that may be the written answers, where there is no ANSWERS.md.
  public var elsewhere: [String]?
  /// Those of the roster who are among its people; nil in what was kept before that was.
  public var listed: [Person]?

  /// Creates a record.
  public init(
    submission: String, people: [Person], attempt: Int? = nil, submitted: Date? = nil,
    answers: String? = nil, hashes: [String: String] = [:], platform: Platform? = nil,
    listed: [Person]? = nil, elsewhere: [String]? = nil
  ) {
    self.submission = submission
    self.people = people
    self.attempt = attempt
    self.submitted = submitted
    self.answers = answers
    self.hashes = hashes
    self.platform = platform
    self.listed = listed
    self.elsewhere = elsewhere
  }

  /// What there is to keep of a submission that was taken in.
  public init(_ submission: Submission) {
    let known = submission.people.map { member in
      // the roster knows better than the platform, which may know more
      let told = member.withClaims
      var person = member.student ?? told
      person.name = person.name ?? told.name
      person.email = person.email ?? told.email
      person.login = person.login ?? told.login
      person.ids += told.ids.filter { !person.ids.contains($0) }
      return person
    }
    self.init(
      submission: submission.name,
      people: known.isEmpty ? submission.members.map { Person(name: $0) } : known,
      attempt: submission.attempt, submitted: submission.submitted, answers: submission.answers,
      hashes: submission.files.mapValues(Self.hash), platform: submission.platform,
      listed: submission.people.compactMap(\.student),
      elsewhere: submission.elsewhere.isEmpty ? nil : submission.elsewhere)
    hasOwnClock = submission.hasOwnClock ? true : nil
  }

  /// The hash of a file's contents.
  public static func hash(_ bytes: [UInt8]) -> String {
    var hash = ContentHash()
    hash.add(bytes)
    return hash.hex
  }
}
