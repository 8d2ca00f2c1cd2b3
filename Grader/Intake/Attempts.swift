import Foundation
import People

/// A hand-in that does not count, because the same person handed in later.
public struct Superseded: Codable, Equatable, Sendable {
  /// Whose it is.
  public var name: String
  /// Where it lies in the delivery.
  public var source: String
  /// When it was handed in, with its time zone, where the platform tells.
  public var submitted: String?
  /// Where the one lies that counts.
  public var countedSource: String
}

/// Finds out which of several attempts counts: the last by the time in the name, else by the
/// platform's number. Where neither tells, all stay and the instructor is told.
struct Attempts {
  private(set) var counted: [Submission] = []
  private(set) var superseded: [Superseded] = []
  private(set) var problems: [Problem] = []

  init(_ submissions: [Submission], _ rules: IntakeRules, show: (Date) -> String) {
    var groups: [String: [Submission]] = [:]
    var order: [String] = []
    for (index, submission) in submissions.enumerated() {
      let key = submission.key ?? "alone \(index)"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(submission)
    }
    for key in order {
      var attempts = (groups[key] ?? []).sorted(by: Self.isEarlier)
      // what was decided of one of them by where it lies
      let decided = attempts.filter { rules.decisions.counts(at: $0.source) }
      if attempts.count > 1, decided.count == 1 {
        attempts.removeAll { $0.source == decided[0].source }
        attempts.append(decided[0])
      }
      guard let last = attempts.last else { continue }
      guard
        attempts.count == 1 || decided.count == 1
          || attempts.dropLast().allSatisfy({ Self.isEarlier($0, last) })
      else {
        counted += attempts
        problems.append(
          Problem(
            .severalSubmissions, [last.name],
            "\(last.name) is there \(attempts.count) times ("
              + attempts.map(\.source).joined(separator: ", ")
              + ") and nothing tells which is the last: all are graded",
            answers: Self.answers(attempts), results: rules.results))
        continue
      }
      counted.append(last)
      superseded += attempts.dropLast().map {
        Superseded(
          name: $0.name, source: $0.source, submitted: $0.submitted.map(show),
          countedSource: last.source)
      }
      // a group's members hand in under their own numbers, and anybody can call himself a group
      let names = Set(attempts.map(\.name))
      if last.owners.isEmpty, names.count > 1, decided.isEmpty {
        problems.append(
          Problem(
            .severalSubmissions, [last.name],
            "\(names.sorted().joined(separator: " and ")) handed in as one group: \(last.source) came "
              + "last and counts, see whether it is the group's",
            answers: Self.answers(attempts), results: rules.results))
      }
      if attempts.count > 1 {
        let index = counted.count - 1
        let which = decided.count == 1 ? "one" : "the last"
        let why = decided.count == 1 ? ", by decision" : ""
        counted[index].notes.append(
          "\(which) of \(attempts.count) attempts counts\(why); the others were not graded")
      }
    }
  }

  /// That one or the other of them counts.
  private static func answers(
    _ attempts: [Submission]
  ) -> [(meaning: String, decision: Decision)] {
    attempts.map { ("\($0.source) counts", .counts(submission: $0.source, person: nil)) }
  }

  /// Whether one attempt surely is before another.
  private static func isEarlier(_ a: Submission, _ b: Submission) -> Bool {
    if let a = a.submitted, let b = b.submitted, a != b { return a < b }
    if let a = a.attempt, let b = b.attempt { return a < b }
    return false
  }
}
