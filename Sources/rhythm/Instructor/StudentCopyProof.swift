import Assignment
import Files
import Foundation
import Release

/// Proves of a students' copy, in a build folder of its own, that the stubs compile without warnings
/// and score 0, that the Solutions score full marks, that no command speaks of what only instructors have,
/// that packages are those that are pinned, and that git is shown nothing of what is made.
struct StudentCopyProof {
  let copy: URL
  let solutions: URL
  let manifest: AssignmentManifest
  /// Where it is built, and what is built stays for the next copy; by default a folder that goes away.
  var buildFolder: URL?

  func run() throws {
    let manager = FileManager.default
    let work =
      buildFolder
      ?? manager.temporaryDirectory.appendingPathComponent("rhythm-release-\(UUID().uuidString)")
    defer { if buildFolder == nil { try? manager.removeItem(at: work) } }
    // the proof leaves no trace in the copy
    let trial = work.appendingPathComponent("copy")
    try claim(work)
    let removed = try FolderMirror(of: copy, keeping: [".build"]).write(to: trial)
    try removeProducts(ofUnitsAmong: removed, in: trial)
    for command in [
      ["init", "-q"], ["add", "-A"],
      ["-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-m", "as handed out"],
    ] {
      let outcome = try run("git", command, in: trial)
      guard outcome.status == 0 else { throw failure("git fails in the copy", outcome.output) }
    }

    printLine("building the stubs, as a student's first ./rhythm test does")
    let build = try swift(["build", "--build-tests"], in: trial)
    guard build.status == 0 else {
      throw failure("the students' copy does not build", build.output)
    }
    let warnings = build.output.split(separator: "\n").filter {
      $0.contains("warning: ") && $0.contains("/Assignments/")
    }
    guard warnings.isEmpty else {
      throw failure("the stubs compile with warnings", warnings.joined(separator: "\n"))
    }
    try require("0", of: try swift(["test", "--skip-build"], in: trial), "the stubs")
    try requireStudentsCommands(in: trial)
    try keepPins(of: trial)

    printLine("checking the Solutions in the copy")
    for file in manifest.files {
      let target = trial.appendingPathComponent("Assignments/\(manifest.unit)/\(file)")
      try manager.removeItem(at: target)
      try manager.copyItem(at: solutions.appendingPathComponent(file), to: target)
    }
    try require(
      TaskTable.points(manifest.maxScore), of: try swift(["test"], in: trial), "the Solutions")
  }

  /// Makes a build folder, or takes one that was made here: whatever else is in a folder is not ours to remove.
  private func claim(_ work: URL) throws {
    let manager = FileManager.default
    let mark = work.appendingPathComponent(".rhythm-release").path
    let present = (try? manager.contentsOfDirectory(atPath: work.path)) ?? []
    guard present.isEmpty || manager.fileExists(atPath: mark) else {
      throw ReleaseError(
        description: "\(work.path) is not empty, and no release was built there: name a new folder")
    }
    try manager.createDirectory(at: work, withIntermediateDirectories: true)
    try AtomicFile.write("", to: mark)
  }

  /// What was built of a unit that the copy does not have could be imported, and a student's own build would
  /// fail.
  private func removeProducts(ofUnitsAmong removed: [String], in trial: URL) throws {
    let units = removed.filter { $0.hasPrefix("Assignments/") }.map { $0.split(separator: "/")[1] }
    let manager = FileManager.default
    for place in [".build/debug", ".build/debug/Modules"] {
      let folder = trial.appendingPathComponent(place)
      for name in (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
      where units.contains(where: { name.hasPrefix($0) }) {
        try manager.removeItem(at: folder.appendingPathComponent(name))
      }
    }
  }

  /// What only instructors have is no matter of a student's commands.
  private func requireStudentsCommands(in trial: URL) throws {
    let tool = trial.appendingPathComponent(".build/debug/rhythm").path
    let help = try run(tool, ["--experimental-dump-help"], in: trial)
    for word in ["Solutions", "nstructor"] where help.output.contains(word) {
      let place = help.output.split(separator: "\n").filter { $0.contains(word) }
      throw failure(
        "a command's help speaks of what a student's copy lacks", place.joined(separator: "\n"))
    }
    let check = try run(tool, ["check"], in: trial)
    guard help.status == 0, check.status == 0 else {
      throw failure("./rhythm check fails on the stubs", help.output + check.output)
    }
    printLine("no command speaks of what only instructors have")
  }

  /// Nothing that is made is git's, and the pins are kept: as SwiftPM writes them, where it writes them anew,
  /// so that the file stays as it is handed out.
  private func keepPins(of trial: URL) throws {
    let changed = try run("git", ["status", "--porcelain", "--untracked-files=all"], in: trial)
      .output
      .split(separator: "\n").map { String($0.dropFirst(3)) }
    guard changed.allSatisfy({ $0 == PackagePins.file }) else {
      throw failure(
        "building and checking leaves files that git would take", changed.joined(separator: "\n"))
    }
    let (before, after) = (try PackagePins(root: copy), try PackagePins(root: trial))
    guard before == after else {
      throw failure(
        "the copy is not built with the versions that are pinned", "\(before)\n\(after)")
    }
    let file = copy.appendingPathComponent(PackagePins.file)
    try Data(contentsOf: trial.appendingPathComponent(PackagePins.file)).write(
      to: file, options: .atomic)
    printLine("packages are those of \(PackagePins.file): \(after)")
  }

  /// The last line of the table of tasks must have so many points.
  private func require(
    _ points: String, of run: (status: Int32, output: String), _ what: String
  ) throws {
    let line = run.output.split(separator: "\n").last { $0.contains("all tasks") } ?? ""
    let score = line.split(separator: " ").last ?? ""
    let expected = "\(points)/\(TaskTable.points(manifest.maxScore))"
    guard run.status == 0, score == expected else {
      throw failure(
        "in the students' copy \(what) score \(score.isEmpty ? "nothing" : score), expected "
          + "\(expected)", run.output)
    }
    printLine("\(what) score \(score)")
  }

  private func failure(_ sentence: String, _ output: String) -> ReleaseError {
    let end = output.split(separator: "\n").suffix(40).joined(separator: "\n")
    return ReleaseError(description: "\(sentence):\n\(end)")
  }

  private func swift(
    _ arguments: [String], in folder: URL
  ) throws -> (status: Int32, output: String) { try run("swift", arguments, in: folder) }

  private func run(
    _ program: String, _ arguments: [String], in folder: URL
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["RHYTHMLAB_ROOT"] = folder.path
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
