import ArgumentParser
import Assignment
import Building
import Foundation
import Judge
import Proof
import Sandbox
import Units
import Workers

/// `rhythm false-alarms`: do the checks of values and gradients ever fail right work?
struct FalseAlarmsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "false-alarms",
    abstract: "Count false alarms: right work at random sizes and with random numbers.",
    discussion: """
      Judges the Solutions, and every right variant of the library, by the value and gradient \
      checks of all models, each time with a new seed and new sizes. Prints how many checks failed \
      and the largest difference that rounding made. The exit status is 1 when there was an alarm.
      """, shouldDisplay: false)

  @Option(
    parsing: .unconditional, help: "Runs of the Solutions, and of all right variants together.")
  var runs = 1000

  @Option(parsing: .unconditional, help: "The first seed.")
  var seed: UInt64 = 1

  @Option(help: "Only the right variants of these names, together as many runs.")
  var only: [String] = []

  @Flag(help: "Only the Solutions, and only whether the networks learn one batch.")
  var learning = false

  @OptionGroup var unit: UnitOption

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let manifest = try copy.unit(unit).manifest
      let known = try Units.unit(named: manifest.unit)
      let library = try copy.mistakes(manifest)
      let solutions = try copy.trainingLauncher(unit: manifest.unit, solutions: true)
      let reference = ReferenceWorker(solutions, mistakes: known.facts.mistakes)
      let builder = try WorkerBuilder(
        manifest, assignmentFolder: copy.solutions(manifest.unit), core: copy.core,
        sandbox: solutions.sandbox, cacheFolder: copy.buildCache)
      let right = library.entries.filter(\.isRight)
      if let name = only.first(where: { name in !right.contains { $0.name == name } }) {
        throw ManifestError(
          description: "--only: there is no right variant \(name); there are "
            + right.map(\.name).sorted().joined(separator: ", "))
      }
      let variants =
        learning ? [] : right.filter { only.isEmpty || only.contains($0.name) }
      var total = 0
      if only.isEmpty {
        total += try count(
          "Solutions", solutions, seeds: seed..<seed + UInt64(runs), manifest, reference)
      }
      for (place, variant) in variants.enumerated() {
        let files = variant.files.mapValues { Array($0.utf8) }
        guard case .built(let worker, _) = try builder.build(files) else {
          throw ManifestError(description: "the right variant \(variant.name) does not compile")
        }
        let launcher = WorkerLauncher(
          program: worker, sandbox: solutions.sandbox, limits: solutions.limits,
          files: manifest.files)
        let first = seed + UInt64(runs * (place + variants.count) / variants.count)
        let next = seed + UInt64(runs * (place + variants.count + 1) / variants.count)
        total += try count(variant.name, launcher, seeds: first..<next, manifest, reference)
      }
      printLine("\(total) false alarms")
      guard total == 0 else { throw ExitCode(1) }
    }
  }

  private func count(
    _ name: String, _ student: WorkerLauncher, seeds: Range<UInt64>,
    _ manifest: AssignmentManifest, _ reference: ReferenceWorker
  ) throws -> Int {
    guard var count = try Units.unit(named: manifest.unit).falseAlarms?.init() else {
      throw ManifestError(description: "the unit \(manifest.unit) counts no false alarms")
    }
    for seed in seeds {
      let session = JudgeSession(
        manifest: manifest, subjects: try Units.unit(named: manifest.unit).facts.subjects,
        student: StudentPrograms(student), reference: reference, seed: seed,
        trainingThreads: 1, budget: AnswerBudget(seconds: .infinity)
      ) { throw CheckFailure("nothing is trained") }
      if learning { try count.learn(session) } else { try count.run(session) }
    }
    for alarm in count.alarms { printError("\(name): \(alarm)") }
    printLine(
      "\(name): \(seeds.count) runs, \(count.alarms.count) alarms; largest difference "
        + "\(Comparison.number(count.values)) of the values, "
        + "\(Comparison.number(count.gradients)) of the gradients")
    return count.alarms.count
  }
}
