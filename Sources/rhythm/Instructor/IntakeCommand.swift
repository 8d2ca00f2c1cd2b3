import ArgumentParser
import Assignment
import Files
import Foundation
import Gradebook
import Grading
import Intake
import People

/// What `grade` and `intake` go by.
struct IntakeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A CSV of the class to reconcile with, as a platform exports it.", valueName: "file"))
  var roster: String?

  @Option(
    help: ArgumentHelp(
      "When it was due, as \"2026-10-09 23:59 Europe/Amsterdam\"; its time zone is also that of "
        + "the times in names (default: due in assignment.yml).", valueName: "time"))
  var due: String?

  @Flag(
    help: """
      Each archive and folder in the folder is a download of its own, of a part of the class; \
      otherwise each is one submission, whatever it looks like.
      """)
  var downloads = false

  @Option(
    help: ArgumentHelp(
      "Leave one submission of the delivery out, where two are one person's: its name (repeatable). "
        + "grade keeps that, as ./rhythm decide leave-out does.", valueName: "name"))
  var leaveOut: [String] = []

  /// Takes a delivery in.
  ///
  /// - Parameters:
  ///   - folder: the assignment's own folder, whose files students were given.
  ///   - decisions: what was decided about the class.
  ///   - results: the folder that decisions are kept in, where it is known.
  /// - Throws: `IntakeError`, `ManifestError`.
  func read(
    _ path: String, manifest: AssignmentManifest, folder: String, decisions: Decisions,
    results: String?
  ) throws -> Intake {
    var rules = try IntakeRules(
      manifest, due: due, roster: roster.map(Roster.init(file:)), holdsDownloads: downloads)
    rules.leftOut = Set(leaveOut)
    rules.decisions = decisions
    rules.results = results
    rules.handedOut = Set(
      (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    return try Intake(folder: path, files: manifest.files, rules: rules)
  }
}

extension ExitCode {
  /// All is done, and an instructor must look at something of it.
  static let lookAt = ExitCode(3)
}

/// `rhythm intake`: what `grade` would understand, without grading.
struct IntakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "intake",
    abstract: "Show what grade would understand of a platform's download.",
    discussion: """
      PATH is a download of Brightspace, Canvas, Moodle, Gradescope or GitHub Classroom, packed or \
      unpacked, or a folder in which each folder, zip or tar.gz is one submission. Nothing is \
      built, run or unpacked. Who hands in is said by the outermost level alone: what lies directly in \
      PATH, or in the one folder that an archive holds. A person is looked for on the roster by number, e-mail address, \
      login and name, in this order. Where a file is there more than once, as Answer.swift and \
      "Answer (1).swift", the platform's later upload counts, else the plain name, else the \
      shallowest folder, else the highest number, else the last of several with one path, and that is \
      said. What asks for a decision is listed by weight, with the command that makes it. The exit status is 0 when everything was understood, 3 when \
      something should be looked at, 1 when nothing could be taken in.
      """)

  @Argument(help: "The download: a folder or an archive.")
  var path: String

  @OptionGroup var unit: UnitOption

  @OptionGroup var options: IntakeOptions

  @Option(help: "Also write what was understood to this file.")
  var json: String?

  @Option(
    name: .customLong("out"),
    help: ArgumentHelp(
      "The folder that grade writes: what ./rhythm decide keeps there counts.", valueName: "folder")
  )
  var output: String?

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let manifest = try copy.unit(unit, ofClassIn: output).manifest
      let decisions = try output.flatMap { output in
        try Gradebook.isThere(output)
          ? KeptDecisions(Gradebook(reading: output)).decisions : nil
      }
      let report = try options.read(
        path, manifest: manifest, folder: copy.assignment(manifest.unit),
        decisions: decisions ?? Decisions(), results: output
      ).report
      if let json { try AtomicFile.write(report.json(), to: json) }
      for entry in report.submissions {
        printLine(Self.line(entry, of: manifest.files.count))
        for note in entry.notes { printLine("    \(note)") }
      }
      report.summary(linesOfEach: .max).forEach(printLine)
      if report.needsALook { throw ExitCode.lookAt }
    }
  }

  private static func line(_ entry: IntakeReport.Entry, of total: Int) -> String {
    var parts = [entry.platform.rawValue]
    let members = entry.people.map { member in
      plain(member.person.label) + (member.source == .answers ? " (by ANSWERS.md)" : "")
    }
    if members != [entry.name] { parts.append(members.joined(separator: ", ")) }
    if let submitted = entry.submitted {
      parts.append(
        submitted + (entry.hasOwnClock == true ? " (by the clock of its last commit)" : ""))
    }
    if entry.late != nil { parts.append("late") }
    parts.append(
      entry.problem.map { "\(entry.isWithoutCode == true ? "no code" : "unreadable"): \($0)" }
        ?? "\(entry.files.count) of \(total) files\(entry.hasAnswers ? ", answers" : "")")
    return "\(entry.name): \(parts.joined(separator: "; "))"
  }
}
