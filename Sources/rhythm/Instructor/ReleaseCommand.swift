import ArgumentParser
import Assignment
import Foundation
import Judge
import Release
import Units

/// `rhythm release`: what is generated from the Solutions.
struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "Make a copy of the course for students, or the stubs in Assignments/.",
    discussion: """
      With --out a folder for students is made: stubs, core, checks with recorded answers, handout. It \
      is then proven, in a build of its own, that no solution is in it, that the stubs compile \
      without warnings and score 0, and that the Solutions score full marks in it; that takes some \
      minutes. Without --out, Assignments/ is generated from the Solutions; what git has no copy of is \
      not written over.
      """)

  @Option(help: "A new or empty folder for the students' copy.")
  var out: String?

  @Flag(help: "With --out: scan for leaks, but leave out the builds.")
  var quick = false

  @Flag(
    help: """
      Change nothing; exit status 1 when Assignments and Solutions do not agree, of all units where none \
      is named.
      """)
  var check = false

  @Flag(help: "Without --out: write over files in Assignments/ that git has no copy of.")
  var force = false

  @Option(
    name: .customLong("build"),
    help: """
      With --out: build in this folder and keep what was built, so that copies of several units are proven \
      faster (default: a folder that goes away).
      """)
  var buildFolder: String?

  @OptionGroup var unit: UnitOption

  func validate() throws {
    if check, out != nil { throw ValidationError("--check and --out do not go together.") }
    if force, out != nil || check {
      throw ValidationError("--force is for writing Assignments/.")
    }
    if quick, out == nil { throw ValidationError("--quick is for --out.") }
    if buildFolder != nil, out == nil || quick {
      throw ValidationError("--build is for --out without --quick.")
    }
  }

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      if check { return try compare(copy) }
      let manifest = try copy.unit(self.unit).manifest
      let unit = manifest.unit
      if let out { return try makeCopy(copy, manifest, URL(fileURLWithPath: out)) }
      try UnitRelease(unit: unit, root: URL(fileURLWithPath: copy.root)).write(force: force)
      printLine("wrote the stubs of \(unit) into Assignments/\(unit)")
    }
  }

  /// Compares the stubs of the unit that is named, or of all.
  private func compare(_ copy: WorkingCopy) throws {
    let names = try unit.name == nil ? copy.units : [copy.unit(unit).name]
    var differs = false
    for unit in names {
      let problems = try UnitRelease(unit: unit, root: URL(fileURLWithPath: copy.root))
        .differences()
      for problem in problems { printError(problem) }
      if problems.isEmpty {
        printLine("Assignments/\(unit) is what Solutions/\(unit) gives")
      } else {
        printError("run ./rhythm release --unit \(unit) to write them anew")
        differs = true
      }
    }
    if differs { throw ExitCode(1) }
  }

  private func makeCopy(
    _ copy: WorkingCopy, _ manifest: AssignmentManifest, _ folder: URL
  ) throws {
    let root = URL(fileURLWithPath: copy.root)
    let unit = manifest.unit
    let known = try Units.unit(named: unit)
    printLine("recording the reference's answers")
    let answers = try AnswerRecording.record(
      manifest, known, solutions: try copy.trainingLauncher(unit: unit, solutions: true))
    try StudentCopy(root: root, unit: unit).write(
      to: folder, answers: (RecordedReference.path(ofUnit: unit), answers))
    let scan = try LeakScan(
      unit: unit, root: root, words: [copy.root + "/", NSHomeDirectory() + "/."])
    let findings = try scan.findings(in: folder) + PathScan(root: root).findings(in: folder)
    guard findings.isEmpty else {
      for finding in findings { printError(finding) }
      throw ReleaseError(
        description: "\(folder.path) must not be handed out: it holds what is listed above")
    }
    printLine(
      "no trace of \(scan.secretCount) lines of the Solutions in \(folder.path), and no file is named "
        + "that is not there")
    if quick { return printLine("not proven: the builds were left out") }
    try StudentCopyProof(
      copy: folder, solutions: root.appendingPathComponent("Solutions/\(unit)"), manifest: manifest,
      buildFolder: buildFolder.map { URL(fileURLWithPath: $0) }
    ).run()
    printLine("\(folder.path) is ready to be handed out")
  }
}
