import Assignment
import Foundation
import People

/// What an intake understood and what not, also the content of `intake.json`.
public struct IntakeReport: Codable, Sendable {
  /// One submission that counts.
  public struct Entry: Codable, Sendable {
    /// The name that results bear.
    public var name: String
    /// Who delivered it.
    public var platform: Platform
    /// Where it lies in the delivery.
    public var source: String
    /// Who handed it in.
    public var people: [Member]
    /// When, with its time zone, where the platform tells.
    public var submitted: String?
    /// Whether that is the student's own word: the time of a commit. Nil in what was kept before
    /// commits were looked at.
    public var hasOwnClock: Bool?
    /// That it came late.
    public var late: LateMark?
    /// The files that were found.
    public var files: [String]
    /// Whether it has written answers.
    public var hasAnswers: Bool
    /// Remarks.
    public var notes: [String]
    /// Why nothing of it can be graded.
    public var problem: String?
    /// Whether that is because it holds no code.
    public var isWithoutCode: Bool?
  }

  /// A submission that is left out by decision.
  public struct LeftOutEntry: Codable, Equatable, Sendable {
    /// Its name, and where it lies in the delivery.
    public var name, source: String
    /// The hash of its files; nil before the gradebook was looked at.
    public var files: String?

    /// Describes one.
    public init(name: String, source: String, files: String? = nil) {
      self.name = name
      self.source = source
      self.files = files
    }
  }

  /// What was delivered.
  public var path: String
  /// The time zone that times in names are read in.
  public var timeZone: String
  /// When submissions were due.
  public var due: String?
  /// The submissions that count.
  public var submissions: [Entry]
  /// Earlier attempts.
  public var superseded: [Superseded]
  /// The roster against what came; nil without a roster.
  public var roster: Reconciliation?
  /// What is no submission, a sentence each.
  public var unrecognised: [String]
  /// What must be looked at, by weight.
  public var problems: [Problem]
  /// What is left out by decision; nil in what was kept before there were decisions.
  public var leftOut: [LeftOutEntry]?
  /// The folder that decisions are kept in, where it is known.
  public var results: String?
  /// The gradebook against what came; nil before that was looked at.
  public var continuity: Continuity?

  init(
    path: String, submissions: [Submission], superseded: [Superseded], roster: Reconciliation?,
    unrecognised: [String], problems: [Problem], leftOut: [Submission], rules: IntakeRules
  ) {
    self.path = path
    timeZone = rules.timeZone.identifier
    due = rules.due.map { DueDate.text($0.date, in: $0.timeZone) }
    self.submissions = submissions.map { submission in
      Entry(
        name: submission.name, platform: submission.platform, source: submission.source,
        people: submission.people,
        submitted: submission.submitted.map { DueDate.text($0, in: rules.timeZone) },
        hasOwnClock: submission.hasOwnClock ? true : nil, late: submission.late,
        files: submission.files.keys.sorted(),
        hasAnswers: submission.answers != nil, notes: submission.notes,
        problem: submission.problem, isWithoutCode: submission.isWithoutCode ? true : nil)
    }
    self.superseded = superseded
    self.roster = roster
    self.unrecognised = unrecognised
    self.problems = problems
    self.leftOut = leftOut.map { LeftOutEntry(name: $0.name, source: $0.source) }
    results = rules.results
  }

  /// The submissions that came late.
  public var late: [Entry] { submissions.filter { $0.late != nil } }
  /// The submissions that cannot be read at all.
  public var unreadable: [Entry] {
    submissions.filter { $0.problem != nil && $0.isWithoutCode != true }
  }
  /// The submissions that hold no code.
  public var withoutCode: [Entry] { submissions.filter { $0.isWithoutCode == true } }

  /// Whether an instructor must look at something: what may be about somebody's grade, or cannot be
  /// read.
  public var needsALook: Bool { !problems.isEmpty || !unreadable.isEmpty }

  /// Whether a decision is one of the answers to what must be looked at.
  public func offers(_ decision: Decision) -> Bool {
    let command = decision.command(results: results ?? Problem.someResults)
    return problems.contains { $0.answers.contains { $0.command == command } }
  }

  /// The report as JSON.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// What must be looked at, by weight: so many of each kind, each with the commands that decide it.
  private static func lines(_ problems: [Problem], _ limit: Int) -> [String] {
    Problem.byKind(problems).flatMap { kind, all -> [String] in
      let heading = all.count > 2 ? ["  look at: \(kind.heading), \(all.count) times"] : []
      let own = all.prefix(limit).flatMap { problem in
        ["  \(heading.isEmpty ? "look at: " : "  ")\(problem.sentence)"]
          + problem.answers.map { "      \($0.meaning): \($0.command)" }
      }
      let more = all.count > limit ? ["    and \(all.count - limit) more"] : []
      return heading + own + more
    }
  }

  /// A few lines for a terminal: the counts, then what needs a look, so many lines of each kind.
  public func summary(linesOfEach limit: Int = 5) -> [String] {
    let platforms = Platform.allCases.compactMap { platform in
      let count = submissions.count { $0.platform == platform }
      return count == 0 ? nil : "\(platform.rawValue) \(count)"
    }
    var counts = ["\(submissions.count) submissions (\(platforms.joined(separator: ", ")))"]
    for (count, what) in [
      (superseded.count, "earlier attempts left out"), (late.count, "late"),
      (unreadable.count, "unreadable"), (withoutCode.count, "without code"),
      (unrecognised.count, "other things"),
      (problems.count, "to look at"),
    ] where count > 0 {
      counts.append("\(count) \(what)")
    }
    var lines = ["intake: " + counts.joined(separator: ", ")]
    if let roster {
      lines.append(
        "roster: \(roster.students) students, \(roster.missing.count) without a submission, "
          + "\(roster.unknown.count) people unknown")
    }
    if submissions.contains(where: { $0.submitted != nil }) {
      let whose = due == nil ? "this machine's" : "the due date's"
      lines.append("times in names are read in \(whose) time zone, \(timeZone)")
    }
    func list(_ heading: String, _ all: [String]) {
      lines += all.prefix(limit).map { "  \(heading): \($0)" }
      if all.count > limit { lines.append("  \(heading): and \(all.count - limit) more") }
    }
    for sentence in continuity?.sentences(names: max(limit, 10)) ?? [] {
      lines.append("  " + sentence)
    }
    lines += Self.lines(problems, limit)
    list("unreadable", unreadable.map { "\($0.name): \($0.problem ?? "")" })
    list("late", late.map { "\($0.name): \($0.late?.sentence ?? "")" })
    list("earlier", superseded.map { "\($0.source), since \($0.countedSource) is later" })
    list("missing", (roster?.missing ?? []).map { shown($0.label) })
    list("unknown", (roster?.unknown ?? []).map { "\(shown($0.person.label)) in \($0.submission)" })
    list("not taken", unrecognised)
    return lines
  }
}
