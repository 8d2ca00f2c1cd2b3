import Assignment
import CSV
import Foundation

/// What a regrade changed: every check of every student that is not as before.
public struct ChangeTable: Sendable {
  /// One difference.
  public struct Row: Codable, Sendable, Equatable {
    /// The submission, and the check; an empty check is the submission's sum.
    public var submission, check: String
    /// Points and outcome before and after; nil where the check or the submission was not there.
    public var before, after: String?
    /// The points gained; negative when lost.
    public var points: Double
  }

  /// The differences: submissions in the order of names, checks in the assignment's, sums last.
  public let rows: [Row]

  /// Compares two states of a class.
  public init(before: [SubmissionResult], after: [SubmissionResult]) {
    let old = Dictionary(before.map { ($0.submission, $0) }) { first, _ in first }
    let new = Dictionary(after.map { ($0.submission, $0) }) { first, _ in first }
    rows = Set(old.keys).union(new.keys).sorted().flatMap { name -> [Row] in
      let (oldChecks, newChecks) = (old[name]?.checks ?? [], new[name]?.checks ?? [])
      var order = newChecks.map(\.id)
      order += oldChecks.map(\.id).filter { !order.contains($0) }
      var rows = order.compactMap { id in
        Self.row(
          name, id,
          oldChecks.first { $0.id == id }.map { ($0.points, $0.maxPoints, Self.words($0)) },
          newChecks.first { $0.id == id }.map { ($0.points, $0.maxPoints, Self.words($0)) })
      }
      let sum = Self.row(
        name, "", old[name].map { ($0.score, $0.maxScore, $0.status.rawValue) },
        new[name].map { ($0.score, $0.maxScore, $0.status.rawValue) })
      if let sum { rows.append(sum) }
      return rows
    }
  }

  /// How a check ended, and whose word the points are.
  private static func words(_ check: CheckResult) -> String {
    check.outcome.words + (check.byHand == nil ? "" : ", points by hand")
  }

  private static func row(
    _ name: String, _ check: String, _ before: (Double, Double, String)?,
    _ after: (Double, Double, String)?
  ) -> Row? {
    func text(_ state: (Double, Double, String)?) -> String? {
      state.map { "\(TaskTable.points($0.0))/\(TaskTable.points($0.1)) \($0.2)" }
    }
    guard text(before) != text(after) else { return nil }
    return Row(
      submission: name, check: check, before: text(before), after: text(after),
      points: (after?.0 ?? 0) - (before?.0 ?? 0))
  }

  /// The table as comma-separated values.
  public var csv: String {
    let head = ["submission", "check", "before", "after", "points"]
    let lines = rows.map {
      [
        $0.submission, $0.check.isEmpty ? "all" : $0.check, $0.before ?? "", $0.after ?? "",
        String(format: "%.2f", $0.points),
      ]
    }
    // Only names are anybody's; a minus before points is no formula.
    return CSV.text(
      ([head] + lines).map { line in
        line.enumerated().map { $0.offset == 4 ? $0.element : CSV.harmless($0.element) }
      })
  }
}
