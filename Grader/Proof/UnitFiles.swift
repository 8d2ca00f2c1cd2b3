import Assignment
import Foundation

/// What must hold between the files of a unit: its manifest, its handout, its answer sheet and its checks.
public struct UnitFiles {
  private let manifest: AssignmentManifest
  private let tests: Set<String>
  private let handout: String
  private let answers: String

  /// Reads the files of a unit.
  ///
  /// - Parameters:
  ///   - tests: the methods of its checks, as `LSTMChecks/test3Values`.
  ///   - folder: `Assignments/<Unit>`.
  /// - Throws: a sentence when one cannot be read.
  public init(_ manifest: AssignmentManifest, tests: [String], folder: String) throws {
    func text(_ name: String) throws -> String {
      guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else {
        throw ManifestError(description: "\(folder)/\(name) cannot be read")
      }
      return text
    }
    self.manifest = manifest
    self.tests = Set(tests)
    handout = try text("Instructions.md")
    answers = try text("ANSWERS.md")
  }

  /// What does not hold, a sentence each.
  public var problems: [String] { ofChecks + ofTasks + ofQuestions }

  private var ofChecks: [String] {
    let listed = Set(manifest.tasks.flatMap { $0.checks.map(\.test) })
    return listed.subtracting(tests).sorted().map {
      "assignment.yml lists \($0), which is no check"
    }
      + tests.subtracting(listed).sorted().map { "\($0) is not listed in assignment.yml" }
  }

  private static func points(_ points: Double) -> String {
    points == 1 ? "1 point" : "\(TaskTable.points(points)) points"
  }

  private var ofTasks: [String] {
    manifest.tasks.flatMap { task -> [String] in
      let wanted = "(\(Self.points(task.points))), [\(task.file)](\(task.file))"
      let heading = handout.split(separator: "\n").first { $0.hasPrefix("### Task \(task.id): ") }
      var problems: [String] = []
      if heading?.hasSuffix(wanted) != true {
        problems.append(
          "Instructions.md has no heading `### Task \(task.id): … \(wanted)`"
            + (heading.map { "; there is `\($0)`" } ?? ""))
      }
      if task.hints?.count != 3 {
        problems.append(
          "task \(task.id) has \(task.hints?.count ?? 0) hints: a nudge, the approach, the equation"
        )
      }
      return problems
    }
  }

  private var ofQuestions: [String] {
    let questions = manifest.questions ?? []
    var problems: [String] = []
    var places: [String.Index] = []
    for question in questions {
      let (number, letter) = (String(question.id.dropLast()), question.id.suffix(1))
      let points = Self.points(question.points)
      if !section(number).contains("(\(letter)), \(points).**") {
        problems.append(
          "question \(question.id) with \(points) is not in section \(number) of Instructions.md")
      }
      if !answers.contains("## \(number) (\(letter)), \(points)\n") {
        problems.append("ANSWERS.md has no heading for question \(question.id) with \(points)")
      }
      for mark in ["<!-- answer \(question.id) -->", "<!-- end \(question.id) -->"] {
        let count = answers.components(separatedBy: mark).count - 1
        if count != 1 { problems.append("\(mark) stands \(count) times in ANSWERS.md") }
        if let range = answers.range(of: mark) { places.append(range.lowerBound) }
      }
    }
    if places != places.sorted() { problems.append("the marks of ANSWERS.md are out of order") }
    let marked = answers.components(separatedBy: "<!-- answer ").count - 1
    if marked != questions.count {
      problems.append("ANSWERS.md has \(marked) places for \(questions.count) questions")
    }
    return problems
  }

  /// What follows a heading of a section, up to the next one.
  private func section(_ number: String) -> String {
    handout.components(separatedBy: "\n## ").first { $0.hasPrefix(number + " ") } ?? ""
  }
}
