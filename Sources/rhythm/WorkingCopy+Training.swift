import Assignment
import Sandbox
import Workers

extension WorkingCopy {
  /// How to start a unit's worker for a training of one's own code: built when a file has changed,
  /// not confined, and with no limits to speak of.
  ///
  /// - Throws: a sentence with the compiler's errors when the files do not compile.
  func trainingLauncher(unit: String, solutions: Bool) throws -> WorkerLauncher {
    let manifest = try AssignmentManifest.read(assignment(unit) + "/assignment.yml")
    return WorkerLauncher(
      program: try worker(unit: unit, solutions: solutions, manifest: manifest),
      sandbox: try Sandbox.select(SandboxTier.none),
      limits: Limits(cpuSeconds: 1e8, wallSeconds: 1e8, memoryBytes: 64 << 30),
      files: manifest.files)
  }
}
