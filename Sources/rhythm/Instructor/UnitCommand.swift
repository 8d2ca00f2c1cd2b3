import ArgumentParser
import Assignment
import Building
import Foundation
import Grading
import Release
import Sandbox

/// `rhythm unit`: what an author needs to know of a unit.
struct UnitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unit", abstract: "Make a unit, or prove one.",
    subcommands: [UnitNewCommand.self, UnitCheckCommand.self])
}

/// `rhythm unit new`: the folders of a unit with one task.
struct UnitNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a unit with one task, which is there to be replaced.",
    discussion: """
      Writes Solutions/NAME, Assignments/NAME with the stubs, Grader/Units/NAME with a check, a known \
      mistake and a class of three, the links of the self-check, and a line in Package.swift and in \
      Grader/Units/Registry.swift each. Nothing that is there is written over.
      """)

  @Argument(help: "The unit's name, such as HeartbeatTransformer.")
  var name: String

  func run() throws {
    try reportingFailure {
      let root = URL(fileURLWithPath: try WorkingCopy.find().root)
      for path in try NewUnit(name: name, root: root).write() { printLine(path) }
      printLine(
        """

        What comes next:
          ./rhythm test \(name)                 the self-check of the stubs: everything is skipped
          ./rhythm demo --unit \(name)          a class of three, from complete to wrong
          ./rhythm mistakes --unit \(name)      every known mistake is caught and named
          ./rhythm unit check \(name)           what a task may not use is not in its program
        Then replace the task by yours, file by file: Grader/README.md, "A task".
        """)
    }
  }
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
