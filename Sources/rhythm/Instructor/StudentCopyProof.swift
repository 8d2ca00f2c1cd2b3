import Assignment
import Foundation
import Release

/// Proves of a students' copy, in a build folder of its own, that the stubs compile without warnings
/// and score 0, and that the Solutions score full marks.
struct StudentCopyProof {
  let copy: URL
  let solutions: URL
  let manifest: AssignmentManifest

  func run() throws {
    let manager = FileManager.default
    let work = manager.temporaryDirectory.appendingPathComponent(
      "rhythm-release-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: work) }
    // the proof leaves no trace in the copy
    let trial = work.appendingPathComponent("copy")
    try manager.createDirectory(at: work, withIntermediateDirectories: true)
    try manager.copyItem(at: copy, to: trial)

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

    printLine("checking the Solutions in the copy")
    for file in manifest.files {
      let target = trial.appendingPathComponent("Assignments/\(manifest.unit)/\(file)")
      try manager.removeItem(at: target)
      try manager.copyItem(at: solutions.appendingPathComponent(file), to: target)
    }
    try require(
      TaskTable.points(manifest.maxScore), of: try swift(["test"], in: trial), "the Solutions")
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
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["swift"] + arguments
    process.currentDirectoryURL = folder
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
