import Foundation
import Judge
import Sandbox

/// Where the programs of a unit come from.
enum WorkerPrograms {
  /// The worker that trains: the student's, or the Solutions'.
  static func forTraining(unit: String, solutions: Bool) throws -> WorkerLauncher {
    let path = ProcessInfo.processInfo.environment["RHYTHMLAB_WORKER"] ?? ""
    return WorkerLauncher(
      program: path, sandbox: try Sandbox.select(SandboxTier.none),
      limits: Limits(cpuSeconds: 1e7, wallSeconds: 1e7, memoryBytes: 16 << 30), files: [])
  }
}
