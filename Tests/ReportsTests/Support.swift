import Assignment
import Foundation
import Grading
import Intake
import People
import Publication
import TestSupport
import XCTest

@testable import Reports

/// A class of a tiny unit: one task with two checks, and two questions.
enum Sample {
  static let template = """
    ## 1 (a), 2 points

    Why so?

    <!-- answer 1a -->
    <!-- end 1a -->

    ## 1 (b), 1 point

    <!-- answer 1b -->
    <!-- end 1b -->

    """

  static let yaml = """
    unit: Tiny
    title: A tiny unit
    files: [A.swift]
    tasks:
      - id: "1"
        name: One
        title: The first
        file: A.swift
        points: 3
        checks:
          - {id: one.values, test: T/a, title: values, points: 2}
          - {id: one.accuracy, test: T/b, title: accuracy, points: 1}
    questions:
      - {id: 1a, points: 2}
      - {id: 1b, points: 1}
    data: {kind: spectrogram-chunks, training: 1, validation: 1}
    goals: {}
    limits: {build: {}, check: {}, training: {}}
    """

  static func manifest() throws -> AssignmentManifest {
    let scratch = try Scratch()
    return try AssignmentManifest.read(scratch.write(yaml, "assignment.yml"))
  }

  static func sheet(_ answers: [String: String]) -> String {
    answers.map { "<!-- answer \($0.key) -->\n\($0.value)\n<!-- end \($0.key) -->\n" }
      .sorted().joined()
  }

  static func result(
    _ name: String, values: Outcome = .passed, accuracy: Outcome = .passed,
    message: String = "correct", status: SubmissionResult.Status = .graded
  ) -> SubmissionResult {
    let checks = [
      CheckResult(
        id: "one.values", task: "1", points: values == .passed ? 2 : 0, maxPoints: 2,
        outcome: values, message: message, seconds: 0.5),
      CheckResult(
        id: "one.accuracy", task: "1", points: accuracy == .passed ? 1 : 0, maxPoints: 1,
        outcome: accuracy, message: message, seconds: 2),
    ]
    return SubmissionResult(
      submission: name, members: [name], status: status,
      score: checks.reduce(0) { $0 + $1.points }, maxScore: 3, seed: 7, sandbox: "bubblewrap",
      seconds: .init(build: 1, judge: 3), checks: checks, notes: [])
  }

  static func record(
    _ results: [SubmissionResult], answers: [String: [String: String]] = [:],
    people: [String: [Person]] = [:], late: [String: LateMark] = [:],
    hashes: [String: [String: String]] = [:], marks: MarkBook? = nil
  ) throws -> ClassRecord {
    let manifest = try manifest()
    return ClassRecord(
      manifest: manifest,
      summary: GradeSummary(
        unit: "Tiny", title: manifest.title, seed: 7, sandbox: "bubblewrap", total: results.count,
        complete: true, elapsedSeconds: 1, submissions: [], unrecognised: []),
      students: results.map { result in
        let name = result.submission
        var result = result
        result.late = late[name]
        return StudentRecord(
          result: result,
          record: SubmissionRecord(
            submission: name, people: people[name] ?? [Person(name: name)],
            answers: answers[name].map(sheet), hashes: hashes[name] ?? [:]),
          questions: manifest.questions ?? [], template: template, marks: marks)
      })
  }
}
