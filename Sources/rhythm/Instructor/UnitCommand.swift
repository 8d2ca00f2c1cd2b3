import ArgumentParser
import Foundation
import Release

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

  @Argument(help: "The unit's name, such as SleepStages.")
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
