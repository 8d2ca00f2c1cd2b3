import Assignment

/// Submissions that failed a check for the same reason.
public struct FailureGroup: Sendable, Equatable {
  /// The check.
  public let check: String
  /// How it ended.
  public let outcome: Outcome
  /// A diagnosis, or a message in which numbers are `#`.
  public let reason: String
  /// One of the messages as it is.
  public let example: String
  /// The submissions in the order of their names.
  public let submissions: [String]

  /// The groups of a class, the largest first. Checks that were not run since an earlier one
  /// failed are left out: they are no reasons.
  public static func groups(_ results: [SubmissionResult]) -> [FailureGroup] {
    struct Key: Hashable {
      let check: String
      let outcome: Outcome
      let reason: Reason
    }
    enum Reason: Hashable {
      case mistakes([MistakeName]), words(String)
    }
    var groups: [Key: (reason: String, example: String, names: [String])] = [:]
    for result in results where result.status == .graded || result.status == .notBuilt {
      // what stops a whole task stops each of its checks, and counts once
      var stopped: Set<[String]> = []
      for check in result.checks where check.outcome != .passed && check.outcome != .notRun {
        let cause = [check.task, check.outcome.rawValue, check.message]
        if check.outcome != .failed, !stopped.insert(cause).inserted { continue }
        let words = check.diagnosis ?? normalised(check.message)
        let key = Key(
          check: check.id, outcome: check.outcome,
          reason: check.mistakes.map { .mistakes($0) } ?? .words(words))
        groups[key, default: (words, check.message, [])].names.append(result.submission)
      }
    }
    return groups.map { key, group in
      FailureGroup(
        check: key.check, outcome: key.outcome, reason: group.reason, example: group.example,
        submissions: group.names.sorted())
    }.sorted {
      ($1.submissions.count, $0.check, $0.reason) < ($0.submissions.count, $1.check, $1.reason)
    }
  }

  /// A message without what differs from seed to seed and from line to line: every number is `#`.
  public static func normalised(_ message: String) -> String {
    let line = message.split(whereSeparator: \.isNewline).first.map { String($0.prefix(300)) } ?? ""
    // digits that touch a letter belong to a name, such as Conv1d or task 4.7b
    return line.replacing(/-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w|\.\d)|\b(?:nan|inf)\b/, with: "#")
  }
}
