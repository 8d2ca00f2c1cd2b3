import Assignment
import Examples
import Recordings
import WorkerPipe
import Workers

/// The steps between the examples of a unit's data and those that a network learns from, done by the functions of a
/// program that is started for it.
struct ExamplePreparation: Sendable {
  private let steps: Preparation
  private let program: WorkerLauncher

  /// - Parameters:
  ///   - name: of a list under `preparations`; nil or `none` for nothing.
  ///   - seed: what steps that draw begin with.
  /// - Throws: a sentence where there is no such preparation.
  init(
    _ name: String?, of manifest: AssignmentManifest, program: WorkerLauncher, seed: UInt64
  ) throws {
    steps = Preparation(
      try manifest.preparation(name == "none" ? nil : name), seed: seed)
    self.program = program
  }

  /// Examples to train on, after the steps.
  func training(_ examples: ExampleSet) throws -> ExampleSet {
    try asking { try steps.training(examples, $0) } ?? examples
  }

  /// Examples that figures are of, after the steps that are not for training alone.
  func other(_ examples: ExampleSet) throws -> ExampleSet {
    try asking { try steps.other(examples, $0) } ?? examples
  }

  private func asking(_ body: (Preparation.Ask) throws -> ExampleSet) throws -> ExampleSet? {
    guard !steps.isEmpty else { return nil }
    let line = ProgressLine("preparing")
    line.show("examples")
    defer { line.clear() }
    let client = try WorkerClient(program)
    defer { client.terminate() }
    do {
      return try body(client.prepare)
    } catch let failure as WorkerFailure {
      throw TrainingFailure(failure, output: client.standardOutput)
    }
  }
}
