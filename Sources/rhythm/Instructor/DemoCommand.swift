import ArgumentParser
import Assignment
import Foundation
import Grading
import Publication
import Sandbox

/// `rhythm demo`: the main job on a small class with known mistakes.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Grade a small class with known mistakes.",
    discussion: """
      Writes a few submissions, from all correct to cheating, grades them as `rhythm grade` does \
      and compares each check with what it deserves. Of several units it takes the one that is taught \
      first, or the one that --unit names.
      """)

  @Option(help: "Recordings: a store, an archive or a folder; by default the synthetic set.")
  var data: String?

  @Option(
    name: .customLong("out"),
    help: "The folder for the class, results and reports; by default .rhythmlab/UNIT/demo.")
  var output: String?

  @OptionGroup var unit: UnitOption

  @Option(
    parsing: .unconditional,
    help: "Submissions at the same time (default: the number of processors).")
  var jobs: Int?

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let shown = try copy.units(self.unit)
      let manifest = shown[0].manifest
      let unit = manifest.unit
      if shown.count > 1 {
        let others = shown.dropFirst().map(\.name)
        printError("the class of \(unit); for another add \(WorkingCopy.choice(others))")
      }
      let output = output ?? copy.state(unit) + "/demo"
      let sample = try SampleClass(
        file: URL(fileURLWithPath: copy.root)
          .appendingPathComponent("Grader/Units/\(unit)/class.yml"))
      let submissions = output + "/class"
      try sample.write(
        to: URL(fileURLWithPath: submissions),
        solutions: URL(fileURLWithPath: copy.solutions(unit)),
        stubs: URL(fileURLWithPath: copy.assignment(unit)), files: manifest.files)
      printLine("\(sample.members.count) submissions in \(submissions)")

      // a class of an earlier demonstration is nobody's
      var arguments = [submissions, "--out", output, "--unit", unit, "--remove-missing"]
      if let jobs { arguments += ["--jobs", "\(jobs)"] }
      var grade = try GradeCommand.parse(arguments)
      grade.data = data
      grade.onlySynthetic = data == nil
      // one of them may never end, and the others' checks take far less than what the unit allows
      grade.checkSeconds = max(4, 0.4 * manifest.limits.check.cpuSeconds)
      // a new one, so that a second demonstration is more than a look into the gradebook
      grade.seed = UInt64.random(in: 1..<1 << 53)
      let summary = try grade.graded()
      try compare(summary, sample)
    }
  }

  private func compare(_ summary: GradeSummary, _ sample: SampleClass) throws {
    let wrong = sample.members.flatMap { member -> [String] in
      guard let result = summary.submissions.first(where: { $0.submission == member.name }) else {
        return ["\(member.name) has no result"]
      }
      return member.differences(from: result)
    }
    guard wrong.isEmpty else {
      for line in wrong { printError(line) }
      throw ExitCode(1)
    }
    printLine("every submission has the points it deserves")
  }
}
