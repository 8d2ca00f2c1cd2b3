import Foundation

/// One of those who handed a submission in, as far as known.
public struct Person: Codable, Sendable, Equatable {
  /// The name for people, the learning platform's number, the login name, and the address.
  public var name: String
  public var id, username, email: String?

  /// Creates a person.
  public init(name: String, id: String? = nil, username: String? = nil, email: String? = nil) {
    self.name = name
    self.id = id
    self.username = username
    self.email = email
  }
}

/// How late a submission came and what that costs.
public struct Lateness: Codable, Sendable, Equatable {
  /// Seconds after the deadline.
  public var seconds: Double
  /// Points taken off.
  public var penalty: Double

  /// Creates a lateness.
  public init(seconds: Double, penalty: Double) {
    self.seconds = seconds
    self.penalty = penalty
  }
}

/// What is known of a submission besides its result: kept beside it for reports and exports.
public struct SubmissionRecord: Codable, Sendable {
  /// The submission's name.
  public var submission: String
  /// Who handed it in.
  public var people: [Person]
  /// Which of their attempts it is, from 1, and how many there are.
  public var attempt, attempts: Int
  /// When it came, where that is known.
  public var submitted: Date?
  /// How late it came; nil when it was in time or nobody knows.
  public var lateness: Lateness?
  /// ANSWERS.md as it was handed in.
  public var answers: Data?
  /// A hash of each file by name.
  public var hashes: [String: String]

  /// Creates a record.
  public init(
    submission: String, people: [Person], attempt: Int = 1, attempts: Int = 1,
    submitted: Date? = nil, lateness: Lateness? = nil, answers: Data? = nil,
    hashes: [String: String] = [:]
  ) {
    self.submission = submission
    self.people = people
    self.attempt = attempt
    self.attempts = attempts
    self.submitted = submitted
    self.lateness = lateness
    self.answers = answers
    self.hashes = hashes
  }

  /// The hash of a file's contents (FNV-1a): tells equal files from others, and proves nothing.
  public static func hash(_ bytes: [UInt8]) -> String {
    var fingerprint = Fingerprint()
    fingerprint.add(bytes)
    return String(fingerprint.value, radix: 16)
  }
}
