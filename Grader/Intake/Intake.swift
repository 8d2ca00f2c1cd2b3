import Assignment
import CSV
import Foundation
import People

/// What an intake goes by, beside the delivery itself.
public struct IntakeRules: Sendable {
  /// When submissions were due; without it none is late, unless the platform says so.
  public var due: DueDate?
  /// What lateness costs.
  public var late: LateRule
  /// Who is expected.
  public var roster: Roster?
  /// Whether the folder that is taken in holds downloads, each of a part of the class.
  public var holdsDownloads: Bool
  /// The names of the files that students were given, beside those that they hand in.
  public var handedOut: Set<String> = []
  /// The points of the written answers, and of all; nil where there are no questions.
  public var answerPoints: AnswerPoints?
  /// The submissions that are left out by the instructor's word.
  public var leftOut: Set<String> = []

  /// What written answers are worth.
  public struct AnswerPoints: Sendable {
    /// The points of the answers, and of all.
    public var points, total: Double

    /// Says what they are worth.
    public init(points: Double, of total: Double) {
      self.points = points
      self.total = total
    }
  }

  /// Creates rules.
  public init(
    due: DueDate? = nil, late: LateRule = LateRule(), roster: Roster? = nil,
    holdsDownloads: Bool = false
  ) {
    self.due = due
    self.late = late
    self.roster = roster
    self.holdsDownloads = holdsDownloads
  }

  /// The rules of an assignment.
  ///
  /// - Parameter due: a due date in place of the assignment's, as `DueDate` reads it.
  /// - Throws: `ManifestError` where the due date is none.
  public init(
    _ manifest: AssignmentManifest, due: String? = nil, roster: Roster? = nil,
    holdsDownloads: Bool = false
  ) throws {
    self.due = try (due ?? manifest.due).map(DueDate.init)
    late = manifest.late ?? LateRule()
    let points = (manifest.questions ?? []).reduce(0) { $0 + $1.points }
    if points > 0 { answerPoints = AnswerPoints(points: points, of: manifest.maxScore + points) }
    self.roster = roster
    self.holdsDownloads = holdsDownloads
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
  /// packed or unpacked, or a folder in which every folder and archive is one submission. Who hands
  /// in is said by the outermost level alone, see `Sorting`; below it lie files of one submission,
  /// whatever they look like.
  ///
  /// - Parameter files: names of the files a student may change.
  /// - Throws: `IntakeError`. A submission that cannot be read is in the list with its `problem`,
  ///   and stops nobody else's.
  public init(folder path: String, files: [String], rules: IntakeRules = IntakeRules()) throws {
    let interest = Interest(files: files, holdsDownloads: rules.holdsDownloads)
    let root = try FolderTree(interest: interest).read(path)
    if let problem = root.problem { throw IntakeError.unreadable(path: path, reason: problem) }
    let sorting = try Sorting(
      root, timeZone: rules.timeZone, holdsDownloads: rules.holdsDownloads)
    guard !sorting.parcels.isEmpty else {
      throw IntakeError.empty(path: path, ignored: sorting.unrecognised)
    }
    func show(_ date: Date) -> String { DueDate.text(date, in: rules.timeZone) }
    let attempts = Attempts(
      sorting.parcels.map { Self.submission($0, files: files, rules) }, show: show)
    var problems = sorting.problems + attempts.problems
    var submissions = attempts.counted.sorted { ($0.name, $0.source) < ($1.name, $1.source) }
    problems += Self.makeNamesUnique(&submissions)
    let unrecognised = try sorting.unrecognised + Self.leaveOut(rules.leftOut, of: &submissions)
    for index in submissions.indices { Self.markLate(&submissions[index], rules) }
    problems += Claims.settle(&submissions, roster: rules.roster)
    let reconciliation = rules.roster.map { roster in
      let (result, more) = Reconciliation.of(&submissions, with: roster)
      problems += more
      return result
    }
    for index in submissions.indices {
      submissions[index].notes += [submissions[index].unnamedOwners].compactMap(\.self)
    }
    problems += RepeatedPeople.problems(submissions)
    problems += submissions.flatMap { submission in
      submission.doubts.map { "\(submission.name): \($0)" }
    }
    problems += Self.timeless(submissions, rules)
    self.submissions = submissions
    report = IntakeReport(
      path: path, submissions: submissions, superseded: attempts.superseded,
      roster: reconciliation, unrecognised: unrecognised, problems: problems, rules: rules)
  }

  // MARK: From a parcel to a submission

  private static func submission(
    _ parcel: Parcel, files: [String], _ rules: IntakeRules
  ) -> Submission {
    var chooser = FileChooser(wanted: files)
    parcel.offer(to: &chooser)
    let chosen = chooser.choose()
    // one of the two ways to write an accent: what looks the same is the same submission next time
    var submission = Submission(
      name: parcel.name.precomposedStringWithCanonicalMapping, files: chosen.files)
    submission.notes = parcel.remarks + chosen.notes
    if DownloadLikeness.isSeen(in: parcel, rules.timeZone) {
      submission.notes.append(DownloadLikeness.note)
    }
    submission.answers = chosen.answers
    let leftOut = LeftOut(
      parcel, wanted: files, taken: Set(chosen.files.keys), handedOut: rules.handedOut)
    note(leftOut, in: &submission, rules)
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
      let others = parcel.items.prefix(5).map { shown($0.name) }
      submission.problem =
        "it holds none of the files \(files.joined(separator: ", ")) in usable form"
        + (others.isEmpty ? "; it is empty" : "; it has \(others.joined(separator: ", "))")
    }
    submission.notes += parcel.problems.filter { $0 != submission.problem }
    let group = GroupMembers.read(chosen.answers ?? "")
    submission.owners = parcel.owners.filter { !Member.isGroupName($0.name ?? "") }
    let (members, unnamed) = Member.all(parcel, group)
    submission.setPeople(members)
    submission.unnamedOwners = unnamed
    return submission
  }

  /// Says what was handed in and not taken, and what it may have been meant for.
  private static func note(
    _ leftOut: LeftOut, in submission: inout Submission, _ rules: IntakeRules
  ) {
    for (name, paths) in leftOut.like.sorted(by: { $0.key < $1.key }) {
      submission.doubts.append(
        "\(name) is missing, and \(LeftOut.list(paths)) may be meant for it: not taken, decide by hand"
      )
    }
    if submission.answers == nil, let answers = rules.answerPoints {
      let worth =
        "\(Interest.answers) is missing (\(CSV.points(answers.points)) of "
        + "\(CSV.points(answers.total)) points)"
      submission.elsewhere = leftOut.likeAnswers
      if leftOut.likeAnswers.isEmpty {
        submission.notes.append(worth)
      } else {
        submission.doubts.append(
          "\(worth), and \(LeftOut.list(leftOut.likeAnswers)) may be the answers: not taken, the grade "
            + "is provisional until they are marked")
      }
    }
    submission.notes += submission.doubts
    if let note = leftOut.note { submission.notes.append(note) }
  }

  // MARK: What concerns several

  private static func markLate(_ submission: inout Submission, _ rules: IntakeRules) {
    if let due = rules.due, let submitted = submission.submitted {
      submission.late = rules.late.mark(submitted: submitted, due: due)
    }
    if let late = submission.late { submission.notes.append(late.sentence) }
  }

  /// Takes those out that the instructor decided against.
  ///
  /// - Returns: a sentence for each.
  /// - Throws: `IntakeError.unknownName`.
  private static func leaveOut(
    _ names: Set<String>, of submissions: inout [Submission]
  ) throws -> [String] {
    func isNamed(_ submission: Submission, _ name: String) -> Bool {
      submission.name == name || Person.folded(submission.name) == Person.folded(name)
        || submission.source == name
    }
    for name in names.sorted() where !submissions.contains(where: { isNamed($0, name) }) {
      throw IntakeError.unknownName(name, known: submissions.map(\.name))
    }
    let out = submissions.filter { submission in names.contains { isNamed(submission, $0) } }
    submissions.removeAll { submission in names.contains { isNamed(submission, $0) } }
    return out.map { "\(shown($0.source)): left out by --leave-out" }
  }

  /// Says of how many submissions it cannot be known whether they are late.
  private static func timeless(_ submissions: [Submission], _ rules: IntakeRules) -> [String] {
    // Canvas tells no time, but marks what is late.
    let count = submissions.count { $0.submitted == nil && $0.platform != .canvas }
    guard rules.due != nil, count > 0 else { return [] }
    return ["\(count) submissions bear no time: it is not known whether they are late"]
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
      var new = submissions[index].source.split(separator: "/").last.map(String.init) ?? name
      var number = 2
      while !used.insert(Person.folded(new)).inserted {
        new = "\(name) \(number)"
        number += 1
      }
      new = new.precomposedStringWithCanonicalMapping
      submissions[index].name = new
      if submissions[index].people.isEmpty { submissions[index].members = [new] }
      problems.append(
        "two submissions are named \(name): the one at \(submissions[index].source) is called "
          + "\(new), and both are graded")
    }
    return problems
  }
}
