import Assignment
import CSV

/// `grades.csv`, the table that instructors look at.
///
/// The first five columns are of the code alone, less what lateness costs. The others add up to the
/// grade: `code`, less lateness, with `answers`, which is empty while one of them is to be marked.
struct GradesTable {
  /// The columns' names.
  static let columns = [
    "submission", "members", "score", "max_score", "status", "code", "late_minutes",
    "late_percent", "answers", "total", "max_total", "provisional",
  ]

  private let students: [StudentRecord]

  init(_ record: ClassRecord) { students = record.students }

  /// The table as CSV.
  var text: String { CSV.spreadsheetText([Self.columns] + students.map(row)) }

  private func row(_ student: StudentRecord) -> [String] {
    let (result, late) = (student.result, student.result.late)
    let isMarked = student.answers.allSatisfy { $0.state != .unmarked }
    return [
      CSV.harmless(result.submission), CSV.harmless(result.members.joined(separator: ";")),
      CSV.points(result.finalScore), CSV.points(result.maxScore), result.status.rawValue,
      CSV.points(result.score),
      // late by the platform's word, which tells no time, is late all the same
      late.map { $0.seconds.map { "\(Int(($0 / 60).rounded(.up)))" } ?? "?" } ?? "0",
      late.map { CSV.points($0.share * 100) } ?? "0",
      isMarked ? CSV.points(student.answerPoints) : "",
      CSV.points(student.score), CSV.points(student.maxScore),
      student.provisional == nil ? "no" : "yes",
    ]
  }
}
