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
  /// What was decided about the class, now or before.
  public var decisions = Decisions()
  /// Submissions that are left out by the instructor's word with this run: each must be there.
  public var leftOut: Set<String> = []
  /// The folder that decisions are kept in, for the commands that make them.
  public var results: String?

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
  /// The submissions that are left out by decision.
  public let leftOut: [Submission]
  /// The decisions that it goes by.
  public let decisions: Decisions

  /// The file of the written answers.
  public static let answersFile = Interest.answers

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
    if let problem = root.problem {
      // a class list in the place of the delivery
      let advice =
        Person.folded(path).hasSuffix(".csv") ? "; a class list is named with --roster" : ""
      throw IntakeError.unreadable(path: path, reason: problem + advice)
    }
    var rules = rules
    for name in rules.leftOut.sorted() { rules.decisions.add(.leaveOut(submission: name)) }
    decisions = rules.decisions
    let sorting = try Sorting(
      root, timeZone: rules.timeZone, holdsDownloads: rules.holdsDownloads,
      results: rules.results)
    guard !sorting.parcels.isEmpty else {
      throw IntakeError.empty(path: path, ignored: sorting.unrecognised)
    }
    func show(_ date: Date) -> String { DueDate.text(date, in: rules.timeZone) }
    var all = sorting.parcels.map { Self.submission($0, files: files, rules) }
    // one of several attempts is told by its place alone
    var leftOut = all.filter { rules.decisions.leaveOut($0.source) }
    all.removeAll { rules.decisions.leaveOut($0.source) }
    let attempts = Attempts(all, rules, show: show)
    var problems = sorting.problems + attempts.problems
    var submissions = attempts.counted.sorted { ($0.name, $0.source) < ($1.name, $1.source) }
    problems += Self.makeNamesUnique(&submissions, rules)
    leftOut += submissions.filter { rules.decisions.leaveOut($0.name) }
    submissions.removeAll { rules.decisions.leaveOut($0.name) }
    try Self.require(rules.leftOut, among: leftOut, submissions)
    for index in submissions.indices {
      Self.markLate(&submissions[index], rules)
      Self.decideOwners(of: &submissions[index], rules)
    }
    problems += Claims.settle(&submissions, rules)
    leftOut += Self.count(&submissions, rules)
    self.leftOut = leftOut
    // whose it is was decided by now, also where nobody could know before
    problems.removeAll { problem in
      problem.kind == .owner
        && submissions.contains { problem.submissions.contains($0.name) && $0.isDecided }
    }
    let unrecognised =
      sorting.unrecognised + leftOut.map { "\(shown($0.source)): left out by decision" }
    let reconciliation = rules.roster.map { roster in
      let (result, more) = Reconciliation.of(&submissions, with: roster, rules)
      problems += more
      return result
    }
    for index in submissions.indices {
      submissions[index].notes += [submissions[index].unnamedOwners].compactMap(\.self)
    }
    problems += RepeatedPeople.problems(submissions, rules)
    problems += submissions.flatMap { submission in
      submission.doubts.map { doubt in
        var problem = doubt
        problem.submissions = [submission.name]
        problem.sentence = "\(submission.name): \(doubt.sentence)"
        return problem
      }
    }
    problems += submissions.filter(\.isWithoutCode).map {
      Problem(.noCode, [$0.name], "\($0.name) handed in no code: \($0.problem ?? "")")
    }
    problems += Self.timeless(submissions, rules)
    self.submissions = submissions
    report = IntakeReport(
      path: path, submissions: submissions, superseded: attempts.superseded,
      roster: reconciliation, unrecognised: unrecognised, problems: Problem.inOrder(problems),
      leftOut: leftOut, rules: rules)
  }

  // MARK: From a parcel to a submission

  private static func submission(
    _ parcel: Parcel, files: [String], _ rules: IntakeRules
  ) -> Submission {
    let decided = rules.decisions.files(of: parcel.name, source: parcel.source)
    var chooser = FileChooser(wanted: files, decided: decided)
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
      parcel, wanted: files, taken: Set(chosen.files.keys), handedOut: rules.handedOut,
      decided: decided.out.union(decided.taken.keys))
    note(leftOut, in: &submission, rules)
    submission.platform = parcel.platform
    submission.source = parcel.source
    submission.submitted = parcel.time
    submission.hasOwnClock = parcel.hasOwnClock
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
      // what could not be opened may hold some
      submission.isWithoutCode = !chooser.hasCode && parcel.remarks.isEmpty
      let what =
        submission.isWithoutCode ? "the code would be" : "none of it can be used for"
      submission.problem =
        "\(Self.contents(of: parcel)); \(what) \(files.joined(separator: ", "))"
    }
    submission.notes += parcel.problems.filter { $0 != submission.problem }
    let group = GroupMembers.read(chosen.answers ?? "")
    submission.owners = parcel.owners.filter { !Member.isGroupName($0.name ?? "") }
    let (members, unnamed) = Member.all(parcel, group)
    submission.setPeople(members)
    submission.unnamedOwners = unnamed
    return submission
  }

  /// What is in a parcel without code, in a few words.
  private static func contents(of parcel: Parcel) -> String {
    func names(_ node: Node, _ path: String) -> [String] {
      node.kind == .file
        ? [path] : node.children.prefix(20).flatMap { names($0, path + "/" + shown($0.name)) }
    }
    let all = parcel.items.prefix(20).flatMap { names($0.node, shown($0.name)) }
    return all.isEmpty
      ? "there is no file in it"
      : "there is \(all.prefix(5).joined(separator: ", "))"
        + (all.count > 5 ? " and \(all.count - 5) more" : "")
  }

  /// Says what was handed in and not taken, and what it may have been meant for.
  private static func note(
    _ leftOut: LeftOut, in submission: inout Submission, _ rules: IntakeRules
  ) {
    for (name, paths) in leftOut.like.sorted(by: { $0.key < $1.key }) {
      submission.doubts.append(
        Problem(
          .file, [],
          "\(name) is missing, and \(LeftOut.list(paths)) may be meant for it: not taken",
          answers: waysToTake(paths, of: leftOut, for: name, in: submission), results: rules.results
        ))
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
          Problem(
            .answers, [],
            "\(worth), and \(LeftOut.list(leftOut.likeAnswers)) may be the answers: not taken, the "
              + "grade is provisional until they are marked, as a row of ./rhythm answers export",
            answers: waysToTake(
              leftOut.likeAnswers, of: leftOut, for: Interest.answers, in: submission),
            results: rules.results))
      }
    }
    submission.notes += submission.doubts.map(\.sentence)
    if let note = leftOut.note { submission.notes.append(note) }
  }

  /// That files count as one of the assignment's, or that they are none.
  private static func waysToTake(
    _ paths: [String], of leftOut: LeftOut, for name: String, in submission: Submission
  ) -> [(meaning: String, decision: Decision)] {
    paths.prefix(LeftOut.mostNamed).flatMap { path -> [(meaning: String, decision: Decision)] in
      let isNone = (
        "\(path) is not", Decision.leaveOutFile(submission: submission.name, path: path)
      )
      // what nobody read cannot be taken
      guard leftOut.readable.contains(path) else { return [isNone] }
      return [
        (
          "\(path) is \(name)",
          .takeFile(submission: submission.name, path: path, name: name)
        ), isNone,
      ]
    }
  }

  // MARK: What concerns several

  private static func markLate(_ submission: inout Submission, _ rules: IntakeRules) {
    if let due = rules.due, let submitted = submission.submitted {
      submission.late = rules.late.mark(submitted: submitted, due: due)
    }
    let clock = submission.hasOwnClock ? ", by the clock of the last commit" : ""
    if let late = submission.late { submission.notes.append(late.sentence + clock) }
  }

  /// Whose work a submission is, where that was decided.
  private static func decideOwners(of submission: inout Submission, _ rules: IntakeRules) {
    guard
      let words = rules.decisions.owners(of: submission.name, source: submission.source)
    else { return }
    let known =
      submission.people + submission.owners.map { Member(person: $0, source: .platform) }
    submission.setPeople(Member.decided(words, among: known, rules.roster))
    submission.owners = submission.people.map(\.withStudent)
    submission.unnamedOwners = nil
    submission.isDecided = true
  }

  /// Takes those out of submissions of whom another one counts.
  ///
  /// - Returns: the submissions that nobody is left of.
  private static func count(
    _ submissions: inout [Submission], _ rules: IntakeRules
  ) -> [Submission] {
    /// Somebody with all that the roster knows of them.
    func known(_ member: Member) -> Person {
      var member = member
      if member.student == nil, case .found(let line, _)? = rules.roster?.match(member.withClaims) {
        member.student = rules.roster?.students[line]
      }
      return member.withStudent
    }
    let all = submissions.map { (name: $0.name, source: $0.source, people: $0.people.map(known)) }
    var out: Set<String> = []
    for index in submissions.indices {
      let submission = submissions[index]
      let isElsewhere = rules.decisions.countElsewhere(than: submission.name, in: all)
      let rest = submission.people.filter { !isElsewhere(known($0)) }
      guard rest.count < submission.people.count else { continue }
      if rest.isEmpty { out.insert(submission.name) } else { submissions[index].setPeople(rest) }
    }
    defer { submissions.removeAll { out.contains($0.name) } }
    return submissions.filter { out.contains($0.name) }
  }

  /// Makes sure that what is to be left out with this run was there.
  ///
  /// - Throws: `IntakeError.unknownName`.
  private static func require(
    _ names: Set<String>, among leftOut: [Submission], _ submissions: [Submission]
  ) throws {
    for name in names.sorted()
    where !leftOut.contains(where: { Decisions.isMeant(name, $0.name, source: $0.source) }) {
      throw IntakeError.unknownName(name, known: submissions.map(\.name))
    }
  }

  /// Says of how many submissions it cannot be known whether they are late.
  private static func timeless(_ submissions: [Submission], _ rules: IntakeRules) -> [Problem] {
    let clocks = submissions.filter(\.hasOwnClock)
    var problems = clocks.filter { $0.submitted.map { $0 > Date() } ?? false }.map {
      Problem(
        .time, [$0.name],
        "\($0.name): its last commit bears a time that is still to come, so its clock tells nothing"
      )
    }
    if rules.due != nil, !clocks.isEmpty {
      problems.append(
        Problem(
          .time, clocks.map(\.name),
          "\(clocks.count) submissions bear the time of their last commit, which is its author's own word "
            + "and can be any: whether one was in time GitHub alone knows, by when it was pushed"))
    }
    // Canvas tells no time, but marks what is late.
    let count = submissions.count { $0.submitted == nil && $0.platform != .canvas }
    guard rules.due != nil, count > 0 else { return problems }
    return problems + [
      Problem(
        .time, [], "\(count) submissions bear no time: it is not known whether they are late")
    ]
  }

  /// Results bear submissions' names, so no two may have the same; case does not tell them apart on
  /// every disk.
  private static func makeNamesUnique(
    _ submissions: inout [Submission], _ rules: IntakeRules
  ) -> [Problem] {
    var problems: [Problem] = []
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
      guard !rules.decisions.both(name, new) else { continue }
      problems.append(
        Problem(
          .severalSubmissions, [name, new],
          "two submissions are named \(name): the one at \(submissions[index].source) is called "
            + "\(new), and both are graded",
          answers: [
            ("both count", .both(name, new)),
            ("\(submissions[index].source) does not", .leaveOut(submission: new)),
          ], results: rules.results))
    }
    return problems
  }
}
