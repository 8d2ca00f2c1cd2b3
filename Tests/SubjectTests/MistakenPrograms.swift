import Assignment
import Foundation
import Sandbox
import TestSupport
import Workers

@testable import Judge

/// Sessions with the program of `Tests/SamplerWorker`, which takes its mistake from the name that it is
/// started by.
final class MistakenPrograms {
  /// Where the names are; deleted with this.
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("samplers-\(UUID().uuidString)")

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func launcher(_ program: String) throws -> WorkerLauncher {
    WorkerLauncher(
      program: program, sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: [])
  }

  /// A session with a worker that makes a mistake.
  ///
  /// - Parameter reference: what is asked in place of the program without mistakes.
  func session(
    _ mistake: String, subjects: [Subject], mistakes: (any MistakeBook)? = nil, seed: UInt64 = 5,
    reference: ((any Reference) throws -> any Reference) = { $0 }
  ) throws -> JudgeSession {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let worker = Program.products.appendingPathComponent("SamplerWorker").path
    let student = folder.appendingPathComponent("sampler-\(mistake)").path
    if !FileManager.default.fileExists(atPath: student) {
      try FileManager.default.createSymbolicLink(atPath: student, withDestinationPath: worker)
    }
    let limit = "{cpuSeconds: 10, wallSeconds: 20, memoryBytes: 2147483648}"
    let manifest = folder.appendingPathComponent("assignment.yml").path
    try """
    unit: Samplers
    title: What draws
    files: [Samplers.swift]
    tasks: []
    limits: {build: \(limit), check: \(limit), training: \(limit)}
    """.write(toFile: manifest, atomically: true, encoding: .utf8)
    return JudgeSession(
      manifest: try AssignmentManifest.read(manifest), subjects: subjects,
      student: StudentPrograms(try launcher(student)),
      reference: try reference(ReferenceWorker(try launcher(worker), mistakes: mistakes)),
      seed: seed, trainingThreads: 1
    ) { throw CheckFailure("nothing is trained") }
  }
}
