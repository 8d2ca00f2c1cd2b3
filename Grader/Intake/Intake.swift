import Foundation
import Judge

/// What an intake goes by, beside the delivery itself.
public struct IntakeRules: Sendable {
  /// When submissions were due; without it none is late, unless the platform says so.
  public var due: DueDate?
  /// What lateness costs.
  public var late: LateRule
  /// Who is expected.
  public var roster: Roster?

  /// Creates rules.
  public init(due: DueDate? = nil, late: LateRule = LateRule(), roster: Roster? = nil) {
    self.due = due
    self.late = late
    self.roster = roster
  }

  /// The rules of an assignment.
  ///
  /// - Parameter due: a due date in place of the assignment's, as `DueDate` reads it.
  /// - Throws: `ManifestError` where the due date is none.
  public init(
    _ manifest: AssignmentManifest, due: String? = nil, roster: Roster? = nil
  ) throws {
    self.due = try (due ?? manifest.due).map(DueDate.init)
    late = manifest.late ?? LateRule()
    self.roster = roster
  }

  /// The time zone of times in names: the due date's, else this machine's.
  public var timeZone: TimeZone { due?.timeZone ?? .current }
}

/// Takes in what a learning platform delivers: a folder or an archive of a whole class.
///
/// Only files that the manifest names are taken, and `ANSWERS.md`, as contents: no links, no modes,
/// no other files, and nothing is written to the disk.
public struct Intake: Sendable {
  /// The submissions that count, in the order of their names.
  public let submissions: [Submission]
  /// What was understood and what was not.
  public let report: IntakeReport

  /// What lies in the delivery and is no submission, each with a reason.
  public var unrecognised: [String] { report.unrecognised }

  /// Reads a delivery: a download of Brightspace, Canvas, Moodle, Gradescope or GitHub Classroom,
  /// packed or unpacked, or a folder in which every folder and archive is one submission.
  ///
  /// - Parameter files: names of the files a student may change.
  /// - Throws: `IntakeError`. A submission that cannot be read is in the list with its `problem`,
  ///   and stops nobody else's.
  public init(folder path: String, files: [String], rules: IntakeRules = IntakeRules()) throws {
    let root = try FolderTree(interest: Interest(files: files)).read(path)
    if let problem = root.problem { throw IntakeError.unreadable(path: path, reason: problem) }
    let sorting = try Sorting(root, timeZone: rules.timeZone)
    guard !sorting.parcels.isEmpty else {
      throw IntakeError.empty(path: path, ignored: sorting.unrecognised.count)
    }
    func show(_ date: Date) -> String { DueDate.text(date, in: rules.timeZone) }
    let attempts = Attempts(
      sorting.parcels.map { Self.submission($0, files: files) }, show: show)
    var problems = attempts.problems
    var submissions = attempts.counted.sorted { ($0.name, $0.source) < ($1.name, $1.source) }
    problems += Self.makeNamesUnique(&submissions)
    for index in submissions.indices { Self.markLate(&submissions[index], rules) }
    let reconciliation = rules.roster.map { roster in
      let (result, more) = Reconciliation.of(&submissions, with: roster)
      problems += more
      return result
    }
    problems += Self.repeatedPeople(submissions, isReconciled: rules.roster != nil)
    self.submissions = submissions
    report = IntakeReport(
      path: path, submissions: submissions, superseded: attempts.superseded,
      roster: reconciliation, unrecognised: sorting.unrecognised, problems: problems, rules: rules)
  }

  // MARK: From a parcel to a submission

  private static func submission(_ parcel: Parcel, files: [String]) -> Submission {
    var chooser = FileChooser(wanted: files)
    parcel.offer(to: &chooser)
    let chosen = chooser.choose()
    var submission = Submission(name: parcel.name, files: chosen.files)
    submission.notes = parcel.remarks + chosen.notes
    submission.answers = chosen.answers
    submission.platform = parcel.platform
    submission.source = parcel.source
    submission.submitted = parcel.time
    submission.attempt = parcel.attempt
    submission.key = parcel.key
    if parcel.isMarkedLate {
      submission.late = LateMark(submitted: "late", due: "not told", seconds: nil, share: 0)
    }
    if let problem = parcel.problems.first, chosen.files.isEmpty || parcel.platform == .plain {
      submission.problem = problem
      submission.files = [:]
    } else if chosen.files.isEmpty {
      submission.notes.removeAll { $0.contains("the untouched stub is graded") }
      submission.problem =
        "it holds none of the files \(files.joined(separator: ", ")) in usable form"
    }
    submission.notes += parcel.problems.filter { $0 != submission.problem }
    let group = GroupMembers.read(chosen.answers ?? "")
    submission.people = people(parcel, group, &submission.notes)
    let members = submission.people.map { shown($0.person.label) }
    submission.members = members.isEmpty ? [submission.name] : members
    return submission
  }

  /// Those whom the platform names, and those whom only ANSWERS.md names.
  private static func people(
    _ parcel: Parcel, _ group: [Person], _ notes: inout [String]
  ) -> [Member] {
    // A plain folder may bear its owner's name, login or number, or "final version".
    let handedIn =
      parcel.platform == .plain
      ? [Person(name: parcel.name, ids: [parcel.name], login: parcel.name)] : parcel.people
    // A group's folder bears the group's name, which is nobody's.
    let isNobody =
      parcel.platform == .plain || parcel.people.allSatisfy { isGroupName($0.name ?? "") }
    var members =
      isNobody && !group.isEmpty ? [] : handedIn.map { Member(person: $0, source: .platform) }
    for person in group {
      let known = members.firstIndex { member in
        member.person.sharesKey(with: person)
          || (member.person.name.map { name in
            person.name.map { Person.namesAgree(name, $0) } ?? false
          } ?? false)
      }
      if let known {
        // The platform's number is often its own; the student's stands in ANSWERS.md.
        members[known].person.ids += person.ids.filter { !members[known].person.ids.contains($0) }
        members[known].person.email = members[known].person.email ?? person.email
      } else {
        members.append(Member(person: person, source: .answers))
      }
    }
    let named = members.filter { $0.source == .platform }
    if !group.isEmpty, !named.isEmpty, members.count == named.count + group.count {
      notes.append(
        "\(named.map { shown($0.person.label) }.joined(separator: ", ")) handed it in, "
          + "but \(Interest.answers) names only "
          + group.map { shown($0.label) }.joined(separator: ", "))
    }
    return members
  }

  private static func isGroupName(_ name: String) -> Bool {
    Person.folded(name).wholeMatch(
      of: /(?:project |lab )?(?:group|team|groep|gruppe|groupe|grupo|pair|koppel)\b.*/) != nil
  }

  // MARK: What concerns several

  private static func markLate(_ submission: inout Submission, _ rules: IntakeRules) {
    if let due = rules.due, let submitted = submission.submitted {
      submission.late = rules.late.mark(submitted: submitted, due: due)
    }
    if let late = submission.late { submission.notes.append(late.sentence) }
  }

  /// Results bear submissions' names, so no two may have the same; case does not tell them apart on
  /// every disk.
  private static func makeNamesUnique(_ submissions: inout [Submission]) -> [String] {
    var problems: [String] = []
    var used: Set<String> = []
    for index in submissions.indices {
      let name = submissions[index].name
      guard !used.insert(Person.folded(name)).inserted else { continue }
      // An archive beside the folder of the same name keeps its extension.
      var candidates = [submissions[index].source.split(separator: "/").last.map(String.init)]
        .compactMap { $0 }
      candidates += (2...submissions.count + 2).map { "\(name) \($0)" }
      let new = candidates.first { used.insert(Person.folded($0)).inserted } ?? name
      submissions[index].name = new
      if submissions[index].people.isEmpty { submissions[index].members = [new] }
      submissions[index].notes.append("there is also another submission named \(name)")
      problems.append(
        "two submissions are named \(name): the one at \(submissions[index].source) is called "
          + "\(new), and both are graded")
    }
    return problems
  }

  /// People in several submissions, as far as that can be known without a roster.
  private static func repeatedPeople(
    _ submissions: [Submission], isReconciled: Bool
  ) -> [String] {
    var problems: [String] = []
    var seen: [(person: Person, submission: String)] = []
    for submission in submissions {
      for member in submission.people where !(isReconciled && member.student != nil) {
        if let before = seen.first(where: {
          $0.submission != submission.name && $0.person.sharesKey(with: member.person)
        }) {
          problems.append(
            "\(shown(member.person.label)) is in \(before.submission) and in "
              + "\(submission.name), or two people have the same number: both are graded")
        } else if let name = member.person.name,
          let before = seen.first(where: { other in
            other.submission != submission.name
              && other.person.name.map {
                Person.nameWords($0) == Person.nameWords(name)
              } ?? false
          })
        {
          problems.append(
            "\(before.submission) and \(submission.name) both name \(shown(name)): one person or "
              + "two of the same name, both are graded")
        }
        seen.append((member.person, submission.name))
      }
      if submission.people.allSatisfy({ isGroupName($0.person.name ?? "") }),
        !submission.people.isEmpty
      {
        problems.append(
          "\(submission.name) names no members: there are none in its \(Interest.answers)")
      }
    }
    return problems
  }
}
