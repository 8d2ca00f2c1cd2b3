import ArgumentParser
import Foundation
import Release

/// `rhythm release`: what is generated from the Solutions.
struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "Generate the students' files from the Solutions, or check that they agree.")

  @Flag(help: "Change nothing; exit status 1 when Assignments and Solutions do not agree.")
  var check = false

  @Option(help: "The unit.")
  var unit = "RecurrentNetworks"

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let release = UnitRelease(unit: unit, root: URL(fileURLWithPath: copy.root))
      guard check else {
        try release.write()
        print("wrote the stubs of \(unit) into Assignments/\(unit)")
        return
      }
      let problems = try release.differences()
      guard problems.isEmpty else {
        for problem in problems { printError(problem) }
        printError("run ./rhythm release to write them anew")
        throw ExitCode(1)
      }
      print("Assignments/\(unit) is what Solutions/\(unit) gives")
    }
  }
}
