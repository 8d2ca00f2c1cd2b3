import Building
import Foundation
import Gradebook
import Intake
import People
import Publication

/// The class that a delivery and the gradebook make together: what came, and what the gradebook has and
/// did not come again.
///
/// Nobody leaves the gradebook silently. A delivery may be of latecomers only, a whole class once more,
/// or one student's forgery: a submission that is not in it keeps its grade, and so does a member whom
/// a submission does not name any more, until an instructor says otherwise.
public struct Carryover: Sendable {
  /// Who came and who was kept, by name.
  public private(set) var submissions: [Submission]
  /// What the intake found, with what the gradebook adds to it.
  public private(set) var report: IntakeReport
  /// The submissions to take out of the gradebook.
  let removed: Set<String>

  private let removing: GradeOptions.Removing
  /// The names of `removing` that were found.
  private var found: Set<String> = []

  /// Joins a delivery with the gradebook.
  ///
  /// - Throws: `GradingError.cannotRemove` where somebody who is to be removed is not to be found, or is
  ///   in the delivery.
  public init(
    _ intake: Intake, gradebook: Gradebook, removing: GradeOptions.Removing = .init()
  ) throws {
    self.removing = removing
    submissions = intake.submissions
    report = intake.report
    let stored = try gradebook.submissions()
    let delivered = Set(intake.submissions.map(\.name))
    let absent = stored.filter { !delivered.contains($0.submission.name) }
    removed = Set(
      absent.map(\.submission.name).filter { removing.missing || removing.names.contains($0) })
    found = removed
    let kept = try absent.filter { !removed.contains($0.submission.name) }.map {
      try Submission($0.submission, files: gradebook.contents($0.submission.files))
    }
    var continuity = Continuity(kept: kept.map(\.name))
    for graded in stored {
      guard let index = submissions.firstIndex(where: { $0.name == graded.submission.name })
      else { continue }
      if graded.submission.files != submissions[index].filesHash {
        continuity.changed.append(graded.submission.name)
      }
      compare(index, with: graded.submission)
    }
    compare(with: kept)
    let before = try gradebook.removals().filter { !delivered.contains($0.submission) }
    continuity.removed =
      before.map { .init(submission: $0.submission, date: $0.removedAt) }
      + removed.sorted().map { .init(submission: $0, date: Date()) }
    // whoever is out already may be named again by the same command
    found.formUnion(before.map(\.submission))
    if let name = removing.names.subtracting(found).sorted().first {
      throw GradingError.cannotRemove(
        name,
        reason: delivered.contains(name)
          ? "it is in this delivery" : "the gradebook has no submission and no member of that name")
    }
    submissions = (submissions + kept).sorted { ($0.name, $0.source) < ($1.name, $1.source) }
    report.continuity = continuity
    forgetMissing(kept)
  }

  /// The same with the removals that the gradebook has by now.
  mutating func update(_ removals: [Removal]) {
    report.continuity?.removed = removals.map {
      .init(submission: $0.submission, date: $0.removedAt)
    }
  }

  // MARK: A submission that came again

  /// Keeps those whom a submission named before and does not any more.
  private mutating func compare(_ index: Int, with stored: StoredSubmission) {
    guard let record = try? JSONDecoder().decode(SubmissionRecord.self, from: stored.record)
    else { return }
    let submission = submissions[index]
    if let platform = record.platform, platform != submission.platform,
      stored.files != submission.filesHash
    {
      report.problems.append(
        "\(submission.name) came from \(platform.words) before and from "
          + "\(submission.platform.words) now, with other files, which count now: is it the same "
          + "student's?")
    }
    let now = Self.marks(submission)
    for person in record.people where person.marks.isDisjoint(with: now) && !person.marks.isEmpty {
      if removing.missing || removing.names.contains(person.label) {
        found.insert(person.label)
        continue
      }
      let other = submissions.first {
        $0.name != submission.name && !Self.marks($0).isDisjoint(with: person.marks)
      }
      if let other {
        report.problems.append(
          "\(other.name) names \(person.shownLabel), who had the grade of \(submission.name), which does "
            + "not any more: they have that of \(other.name) now")
      } else {
        submissions[index].setPeople(
          submissions[index].people + [Member(person: person, source: .gradebook)])
        report.problems.append(
          "\(submission.name) does not name \(person.shownLabel) any more, who was in it before: kept as "
            + "a member (--remove \"\(person.shownLabel)\" takes them out)")
      }
    }
  }

  private static func marks(_ submission: Submission) -> Set<String> {
    submission.people.reduce(into: Set(submission.owners.flatMap(\.marks))) { all, member in
      all.formUnion(member.withClaims.marks)
      all.formUnion(member.student?.marks ?? [])
    }
  }

  // MARK: Submissions that did not come again

  /// Says who is in a submission that was kept and in one that came.
  private mutating func compare(with kept: [Submission]) {
    var names: [String: String] = [:]
    for submission in kept {
      for mark in submission.people.flatMap(\.person.marks) where names[mark] == nil {
        names[mark] = submission.name
      }
    }
    for submission in submissions {
      var said: Set<String> = []
      for member in submission.people {
        let marks = member.withClaims.marks.union(member.student?.marks ?? [])
        let old = marks.sorted().compactMap { names[$0] }.first
        guard let old, said.insert(old).inserted else { continue }
        report.problems.append(
          "\(submission.name) names \(member.person.shownLabel), who has a grade in \(old), which is not "
            + "in this delivery: both are kept, decide which one counts (--remove \"\(old)\" drops "
            + "the old one)")
      }
    }
  }

  /// Nobody is missing of whom the gradebook has a submission.
  private mutating func forgetMissing(_ kept: [Submission]) {
    let known = Set(kept.flatMap(\.people).flatMap(\.person.marks))
    report.roster?.missing.removeAll { !$0.marks.isDisjoint(with: known) }
  }
}

extension Platform {
  /// As it stands in a sentence.
  fileprivate var words: String { self == .plain ? "a plain folder" : rawValue }
}

extension Submission {
  /// The hash of its files, which its verdicts belong to; empty where it cannot be read.
  var filesHash: String {
    problem == nil ? WorkerBuilder.hash(files, ["submission"]) : ""
  }
}
