import ArgumentParser
import Assignment
import Files
import Foundation
import Gradebook
import Grading
import Intake
import Publication
import Recordings
import Sandbox

/// `rhythm grade`: a whole class in one command.
struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade",
    abstract: "Grade a folder of submissions.",
    discussion: """
      FOLDER is a download of Brightspace, Canvas, Moodle, Gradescope or GitHub Classroom, packed \
      or unpacked, or a folder in which each folder, zip or tar.gz is one submission; \
      ./rhythm intake shows what is understood of it. A gradebook, results, a table and a report \
      are written to the output folder. Whatever is in the gradebook already is not done \
      again, so that the same command goes on after an interruption, and takes in submissions that \
      came later; ./rhythm regrade is for changed checks and points. Who is in the gradebook and not \
      in FOLDER keeps the grade and is listed; --remove-missing and --remove take out. The exit status \
      is 0 when every submission is graded and there is nothing to look at; 3 when all is graded that \
      can be, but something is to be looked at or a submission cannot be read, as the lines \
      "look at" and "unreadable" and the class page say; 1 when something failed, so that a submission \
      has no result or nothing was graded; 2 for wrong usage; 130 after Ctrl-C.
      """)

  /// `--sandbox`.
  enum Confinement: String, ExpressibleByArgument, CaseIterable {
    case auto, bubblewrap, landlock, none
  }

  @Argument(help: "The download: a folder or an archive.")
  var folder: String

  @Option(name: .customLong("out"), help: "The folder for gradebook, results and reports.")
  var output: String

  @OptionGroup var unit: UnitOption

  @Option(
    parsing: .unconditional,
    help: "Submissions at the same time (default: the number of processors).")
  var jobs: Int?

  @Option(help: "Recordings: a store, an archive or a folder (default: the local store).")
  var data: String?

  @Option(
    parsing: .unconditional,
    help: "What test cases are drawn from (default: the gradebook's, else a new secret one).")
  var seed: UInt64?

  @Option(
    help: """
      How student code is confined: bubblewrap, landlock, none, or auto for the first of the first \
      two that works.
      """)
  var sandbox = Confinement.auto

  @Flag(help: "Leave out the checks that train a network, and their points.")
  var withoutAccuracy = false

  @Option(help: "Also write the whole result to this file.")
  var json: String?

  @Flag(help: "Take those out of the gradebook who are not in FOLDER.")
  var removeMissing = false

  @Option(
    help: ArgumentHelp(
      "Take one out of the gradebook who is not in FOLDER: a submission's name, or that of a member "
        + "whom a submission does not name any more (repeatable).", valueName: "name"))
  var remove: [String] = []

  @OptionGroup var intake: IntakeOptions

  /// Whether to leave a local store aside, as the demonstration does.
  var onlySynthetic = false

  /// Processor seconds of a worker that checks ask, in place of the assignment's.
  var checkSeconds: Double?

  /// What is read from the command line; `onlySynthetic` and `checkSeconds` are not.
  enum CodingKeys: CodingKey {
    case folder, output, unit, jobs, data, seed, sandbox, withoutAccuracy, json, removeMissing,
      remove
    case intake
  }

  func validate() throws {
    try validateJobs(jobs)
  }

  func run() throws {
    try reportingFailure {
      let summary = try graded()
      let lookAgain = try HandPoints(Gradebook(reading: output)).toLookAt(in: summary.submissions)
      lookAgain.forEach { printLine("look at: \(plain($0))") }
      // what must be looked at may be about somebody's grade
      if summary.intake?.needsALook == true || !lookAgain.isEmpty { throw ExitCode.lookAt }
    }
  }

  /// Grades, prints the table and gives the summary.
  ///
  /// - Throws: the exit status, when something could not be graded.
  func graded() throws -> GradeSummary {
    let copy = try WorkingCopy.find()
    let manifest = try copy.unit(unit, ofClassIn: output).manifest
    let session = GradingSession(copy: copy, unit: manifest.unit, output: output)
    // what does not depend on the submissions comes first, so that a wrong path costs no time
    guard FileManager.default.fileExists(atPath: folder) else {
      throw FileError.cannotRead(path: folder, reason: "there is no such folder or archive")
    }
    try Gradebook.requireFolder(output)
    let data = try GradedData(of: manifest, onlySynthetic ? .synthetic : .at(data))
    let confinement = try uninterrupted { try Sandbox.select(tier).selfTested() }
    printError("sandbox: \(confinement.summary)")
    // a delivery that cannot be taken in leaves no folder behind
    let existing = try Gradebook.isThere(output) ? Gradebook(folder: output) : nil
    let understood = try intake.read(
      folder, manifest: manifest, folder: copy.assignment(manifest.unit),
      decisions: existing.map { try KeptDecisions($0).decisions } ?? Decisions(), results: output)
    let gradebook = try existing ?? Gradebook(folder: output)
    for name in intake.leaveOut {
      try KeptDecisions(gradebook).keep(.leaveOut(submission: name), in: gradebook)
    }
    let removing = GradeOptions.Removing(names: Set(remove), missing: removeMissing)
    try Carryover(understood, gradebook: gradebook, removing: removing)
      .report.summary().forEach(printError)
    let kept = try gradebook.lastRun().flatMap { UInt64($0.seed) }
    var options = try session.options(
      command: "grade", submissions: .folder(folder), data: data,
      // JSON readers keep whole numbers up to 2^53.
      seed: seed ?? kept ?? UInt64.random(in: 1..<1 << 53), sandbox: confinement, jobs: jobs,
      withoutAccuracy: withoutAccuracy, publishes: true)
    options.intake = understood
    options.removing = removing
    options.checkSeconds = checkSeconds
    if let recordings = options.recordings, let source = data?.source {
      let kind = source == .synthetic ? "" : ", \(recordings)"
      printError("checks that train use \(source.description)\(kind)")
    }
    let (summary, stopped) = try session.run(options, gradebook)
    if let json { try AtomicFile.write(summary.json(), to: json) }
    GradeTable(summary: summary, reportPath: output + "/report/index.html").print()
    if stopped {
      printError("stopped: what is graded is kept, and the same command goes on from here")
      throw ExitCode(130)
    }
    if summary.ourFailures > 0 || !summary.complete { throw ExitCode(1) }
    return summary
  }

  private var tier: SandboxTier? {
    switch sandbox {
    case .auto: nil
    case .bubblewrap: .bubblewrap
    case .landlock: .landlock
    case .none: SandboxTier.none
    }
  }
}

extension GradeSummary {
  /// As a file.
  fileprivate func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
