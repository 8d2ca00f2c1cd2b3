import Assignment
import CSV
import Foundation
import Gradebook
import Reports

/// `results.json` as Gradescope reads it.
///
/// Source: Gradescope's autograder specifications.
struct GradescopeResults: Codable {
  struct Test: Codable {
    var score, max_score: Double
    var status: String?
    var name, number, output: String
    var tags: [String]
    var visibility = "visible"
  }

  var score, execution_time: Double
  var output: String
  var output_format = "text"
  var test_output_format = "text"
  var test_name_format = "text"
  var visibility = "visible"
  var stdout_visibility = "hidden"
  var extra_data: [String: String]
  var tests: [Test]
}

extension Exporter {
  /// One `results.json` for each submission, in a folder of its name.
  func gradescope() throws -> Export {
    var export = Export()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    for student in record.students {
      guard student.result.status != .judgeFailed else {
        export.notes.append("\(student.result.submission) is left out: the code was not graded")
        continue
      }
      let name = record.pageNames[student.result.submission] ?? "_"
      let data = try encoder.encode(results(StudentView(student), score: score(student)))
      export.files["gradescope/\(name)/results.json"] = String(decoding: data, as: UTF8.self) + "\n"
    }
    return export
  }

  private func results(_ student: StudentView, score: Double) -> GradescopeResults {
    var tests: [GradescopeResults.Test] = []
    for (taskIndex, task) in record.manifest.tasks.enumerated() {
      for (index, check) in task.checks.enumerated() {
        guard let own = student.checks.first(where: { $0.id == check.id }) else { continue }
        tests.append(
          .init(
            score: own.points, max_score: own.maxPoints,
            status: own.outcome == .passed ? "passed" : "failed",
            name: "\(task.id) \(task.title): \(check.title)",
            number: "\(taskIndex + 1).\(index + 1)",
            output: own.outcome.words + ": " + own.message + own.explanation,
            tags: [task.name, own.outcome.rawValue]
          ))
      }
    }
    for (index, answer) in student.answers.enumerated() {
      let comment = answer.mark.map { $0.comment.isEmpty ? "" : ": \($0.comment)" } ?? ""
      tests.append(
        .init(
          score: answer.points, max_score: answer.maxPoints, status: nil,
          name: "Written answer \(answer.question)",
          number: "\(record.manifest.tasks.count + 1).\(index + 1)",
          output: Self.words(answer.state) + comment, tags: ["answer"]))
    }
    var output = student.provisional.map { $0 + "\n" } ?? ""
    if student.penalty > 0 {
      output += "Handed in late: \(CSV.points(student.penalty)) points off.\n"
    }
    output += student.notes.joined(separator: "\n")
    return GradescopeResults(
      score: score, execution_time: student.buildSeconds + student.judgeSeconds,
      output: output,
      extra_data: ["submission": student.submission], tests: tests)
  }

  private static func words(_ state: MarkedAnswer.State) -> String {
    switch state {
    case .empty: "no answer"
    case .unmarked: "not marked yet"
    case .marked: "marked"
    case .changed: "changed since it was marked"
    }
  }
}
