import ArgumentParser
import Assignment
import Building
import Foundation
import Grading
import Sandbox

/// `rhythm unit`: what an author needs to know of a unit.
struct UnitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unit", abstract: "Prove a unit.", subcommands: [UnitCheckCommand.self])
}

/// `rhythm unit check`: is what a task may not use absent from its program?
struct UnitCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Prove that what a task may not use is not in its program.",
    discussion: """
      Builds the programs that submissions are judged in, of the Solutions, and looks by their symbols \
      for the parts of the core that assignment.yml keeps for some files (parts:): neither a part's own \
      functions nor a copy of what it holds may be in another program. The exit status is 1 when \
      something is there that should not be.
      """)

  @Argument(help: "The unit; by default the only one.")
  var unit: String?

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      var option = UnitOption()
      option.name = unit
      let manifest = try copy.unit(option).manifest
      let toolchain = try Toolchain.find()
      let builder = try WorkerBuilder(
        manifest, assignmentFolder: copy.solutions(manifest.unit), core: copy.core,
        sandbox: Sandbox(tier: .none, toolchain: toolchain), cacheFolder: copy.buildCache)
      let problems = try PartsProof(
        manifest, core: copy.core, toolchain: toolchain
      ).problems(builder)
      guard problems.isEmpty else {
        problems.forEach(printError)
        throw ExitCode(1)
      }
      for program in manifest.programs {
        let foreign = Set((manifest.parts ?? [:]).keys).subtracting(program.parts).sorted()
        printLine(
          "\(program.name): \(manifest.files(of: program).joined(separator: ", ")); without "
            + (foreign.isEmpty ? "nothing that it must not have" : foreign.joined(separator: ", ")))
      }
    }
  }
}
