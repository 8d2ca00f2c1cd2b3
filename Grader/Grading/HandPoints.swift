import Assignment
import Foundation
import Gradebook
import Publication

/// The points that people gave by hand, laid over what the judge gave.
///
/// A publication holds the judge's points. What a person gave is laid over them wherever they are shown
/// or written, so that neither a run nor a publication nor a rollback can take it away.
public struct HandPoints: Sendable {
  private let given: [String: [GivenPoints]]

  /// Those of a gradebook.
  public init(_ gradebook: Gradebook) throws {
    given = Dictionary(grouping: try gradebook.givenPoints(), by: \.submission)
  }

  /// A result with the points that count.
  ///
  /// - Parameter result: as the judge left it.
  public func laid(over result: SubmissionResult) -> SubmissionResult {
    guard let given = given[result.submission] else { return result }
    var result = result
    for index in result.checks.indices {
      guard let points = given.first(where: { $0.check == result.checks[index].id }) else {
        continue
      }
      let check = result.checks[index]
      var changes: [PointsByHand.Change] = []
      if let before = points.files, let now = result.files, before != now { changes.append(.files) }
      if let before = points.checkHash, let now = check.checkHash, before != now {
        changes.append(.check)
      }
      if points.maxPoints != check.maxPoints { changes.append(.maximum) }
      result.checks[index].byHand = PointsByHand(
        judged: check.points, reason: points.reason, person: points.person,
        date: points.givenAt.formatted(.iso8601), changes: changes)
      // more than it is worth by now is more than anybody has
      result.checks[index].points = min(points.points, check.maxPoints)
    }
    result.score = result.checks.reduce(0) { $0 + $1.points }
    return result
  }

  /// What an instructor should look at again: points for an earlier version, and those that count for
  /// nobody any more; a sentence each.
  ///
  /// - Parameter results: those of the whole class, with the points by hand.
  public func toLookAt(in results: [SubmissionResult]) -> [String] {
    results.flatMap { result in
      result.pointsToLookAt.map { "\(result.submission): \($0)" }
    } + unused(in: results)
  }

  /// Points whose submission or check is not there any more.
  private func unused(in results: [SubmissionResult]) -> [String] {
    let known = Dictionary(results.map { ($0.submission, $0) }) { first, _ in first }
    return given.keys.sorted().flatMap { name -> [String] in
      (given[name] ?? []).compactMap { points in
        guard let result = known[name] else {
          return
            "\(name): points were given by hand for \(points.check), and there is no submission "
            + "\(name) any more"
        }
        return result.checks.contains { $0.id == points.check }
          ? nil
          : "\(name): points were given by hand for \(points.check), which is no check any more"
      }
    }
  }
}

extension GradeSummary {
  /// The same with the points that people gave by hand.
  public func with(_ points: HandPoints) -> GradeSummary {
    var summary = self
    summary.submissions = submissions.map(points.laid(over:))
    return summary
  }
}
