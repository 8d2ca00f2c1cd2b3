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
  private let decisions: Decisions
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
    let decisions = intake.decisions
    self.decisions = decisions
    let leftOut = Set(intake.leftOut.map(\.name))
    let decided = Set(
      absent.map(\.submission.name).filter { leftOut.contains($0) || decisions.leaveOut($0) })
    found = Set(
      absent.map(\.submission.name).filter { removing.missing || removing.names.contains($0) })
    var removed = decided.union(found)
    var kept = try absent.filter { !removed.contains($0.submission.name) }.map {
      try Submission($0.submission, files: gradebook.contents($0.submission.files))
    }
    let uncounted = Self.count(&submissions, &kept, decisions)
    removed.formUnion(uncounted)
    self.removed = removed.intersection(stored.map(\.submission.name))
    for entry in report.submissions where uncounted.contains(entry.name) {
      report.unrecognised.append("\(entry.source): left out by decision")
    }
    report.submissions.removeAll { uncounted.contains($0.name) }
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
    let asked = try gradebook.intakeReport()
    keepAsking(asked?.problems ?? [], of: kept)
    compareLeftOut(intake.leftOut, with: asked?.leftOut ?? [])
    let before = try gradebook.removals().filter { !delivered.contains($0.submission) }
    continuity.removed =
      before.map { .init(submission: $0.submission, date: $0.removedAt) }
      + self.removed.sorted().map { .init(submission: $0, date: Date()) }
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
    report.problems = Problem.inOrder(report.problems)
    forgetMissing(kept)
  }

  /// The same with the removals that the gradebook has by now.
  mutating func update(_ removals: [Removal]) {
    report.continuity?.removed = removals.map {
      .init(submission: $0.submission, date: $0.removedAt)
    }
  }

  // MARK: Decisions

  /// Takes those out of submissions of whom another one counts, among those that came and those that did
  /// not.
  ///
  /// - Returns: the submissions that nobody is left of.
  private static func count(
    _ submissions: inout [Submission], _ kept: inout [Submission], _ decisions: Decisions
  ) -> Set<String> {
    let all = (submissions + kept).map {
      (name: $0.name, source: String?.some($0.source), people: $0.people.map(\.withStudent))
    }
    var out: Set<String> = []
    func settle(_ submission: inout Submission) {
      let isElsewhere = decisions.countElsewhere(than: submission.name, in: all)
      let rest = submission.people.filter { !isElsewhere($0.withStudent) }
      guard rest.count < submission.people.count else { return }
      if rest.isEmpty { out.insert(submission.name) } else { submission.setPeople(rest) }
    }
    for index in submissions.indices { settle(&submissions[index]) }
    for index in kept.indices { settle(&kept[index]) }
    submissions.removeAll { out.contains($0.name) }
    kept.removeAll { out.contains($0.name) }
    return out
  }

  /// Says of what is left out whether it is what was left out before.
  private mutating func compareLeftOut(
    _ leftOut: [Submission], with before: [IntakeReport.LeftOutEntry]
  ) {
    report.leftOut = leftOut.map { submission in
      let hash = submission.filesHash
      if let old = before.first(where: { $0.name == submission.name })?.files, old != hash {
        report.problems.append(
          Problem(
            .gradebook, [submission.name],
            "\(submission.name) is left out by decision, and has other files now: look again (without "
              + "the decision it counts: ./rhythm decide list)"))
      }
      return IntakeReport.LeftOutEntry(
        name: submission.name, source: submission.source, files: hash)
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
      add(
        [submission.name],
        "\(submission.name) came from \(platform.words) before and from "
          + "\(submission.platform.words) now, with other files, which count now: is it the same "
          + "student's?", [("it is not", .leaveOut(submission: submission.name))])
    }
    // whose it is needs no memory where it was decided
    guard decisions.owners(of: submission.name, source: submission.source) == nil else { return }
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
        add(
          [other.name, submission.name],
          "\(other.name) names \(person.shownLabel), who had the grade of \(submission.name), which does "
            + "not any more: they have that of \(other.name) now",
          [("they have not", Self.owners(other, without: person))])
      } else {
        submissions[index].setPeople(
          submissions[index].people + [Member(person: person, source: .gradebook)])
        add(
          [submission.name],
          "\(submission.name) does not name \(person.shownLabel) any more, who was in it before: kept as "
            + "a member",
          [
            ("they are one", Self.owners(submissions[index])),
            ("they are none", Self.owners(submission)),
          ])
      }
    }
  }

  /// Adds what must be looked at.
  private mutating func add(
    _ submissions: [String], _ sentence: String,
    _ answers: [(meaning: String, decision: Decision)]
  ) {
    report.problems.append(
      Problem(.gradebook, submissions, sentence, answers: answers, results: report.results))
  }

  /// That a submission is the work of those who are in it, or of all but one of them.
  private static func owners(_ submission: Submission, without person: Person? = nil) -> Decision {
    let people = submission.people.filter {
      person?.marks.isDisjoint(with: $0.withStudent.marks) ?? true
    }
    return people.isEmpty
      ? .leaveOut(submission: submission.name)
      : .owners(
        submission: submission.name, people: people.map { $0.student?.word ?? $0.person.label })
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
        guard !decisions.both(submission.name, old) else { continue }
        let word = member.student?.word ?? member.person.label
        report.problems.append(
          Problem(
            .severalSubmissions, [submission.name, old],
            "\(submission.name) names \(member.person.shownLabel), who has a grade in \(old), which is "
              + "not in this delivery: both are kept, decide which one counts",
            answers: [submission.name, old].map {
              ("\($0) counts", .counts(submission: $0, person: word))
            } + [("they are two people's", .both(submission.name, old))],
            results: report.results))
      }
    }
  }

  /// What was asked of submissions that did not come again is asked until it is decided.
  private mutating func keepAsking(_ problems: [Problem], of kept: [Submission]) {
    let absent = Set(kept.map(\.name))
    let known = absent.union(submissions.map(\.name))
    let asked = Set(report.problems.map { Question($0) })
    report.problems += problems.filter { problem in
      !problem.answers.isEmpty && !absent.isDisjoint(with: problem.submissions)
        && known.isSuperset(of: problem.submissions) && !asked.contains(Question(problem))
        && !problem.isDecided(by: decisions)
    }
  }

  /// What tells whether two problems ask the same.
  private struct Question: Hashable {
    let kind: Problem.Kind
    let submissions: Set<String>

    init(_ problem: Problem) {
      kind = problem.kind
      submissions = Set(problem.submissions)
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
