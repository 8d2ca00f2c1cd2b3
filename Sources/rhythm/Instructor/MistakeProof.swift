import ArgumentParser
import Assignment
import Foundation
import Gradebook
import Grading
import Proof
import Publication
import Sandbox

/// Grades entries of a unit's library of mistakes as submissions, without the checks that train.
struct MistakeProof {
  let copy: WorkingCopy
  let manifest: AssignmentManifest
  let jobs: Int?
  let seed: UInt64

  /// Grades the entries.
  ///
  /// - Returns: the table of mistakes by checks, for any of the entries.
  /// - Throws: the exit status 130 when it was stopped.
  func run(
    _ library: MistakeLibrary, _ entries: [StudentMistake]
  ) throws -> ([StudentMistake]) -> KillMatrix {
    let folder = copy.state(manifest.unit) + "/mistakes"
    let submissions = folder + "/class"
    let places = try library.write(entries, to: URL(fileURLWithPath: submissions))
    let session = GradingSession(copy: copy, unit: manifest.unit, output: folder)
    let sandbox = try Sandbox.select(nil).selfTested()
    printError("sandbox: \(sandbox.summary); seed \(seed)")
    var options = try session.options(
      command: "mistakes", submissions: .folder(submissions), data: nil, seed: seed,
      sandbox: sandbox, jobs: jobs, withoutAccuracy: true, publishes: false)
    // those of an earlier run are none of this one's
    options.removing = GradeOptions.Removing(missing: true)
    let (summary, stopped) = try session.run(options, try Gradebook(folder: folder))
    if stopped {
      printError("stopped: with --seed \(seed) the same command goes on from here")
      throw ExitCode(130)
    }
    let manifest = manifest.withoutTraining
    return { chosen in
      KillMatrix(chosen, places: places, results: summary.submissions, manifest: manifest)
    }
  }
}
