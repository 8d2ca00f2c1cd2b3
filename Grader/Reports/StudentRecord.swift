import Assignment
import Foundation
import Gradebook
import Publication

/// The answer to one written question and what became of it.
public struct MarkedAnswer: Sendable, Equatable {
  /// Whether it has been marked.
  public enum State: Sendable, Equatable {
    /// There is no text: no points, and nothing to mark.
    case empty
    /// Nobody has marked it.
    case unmarked
    /// The mark is for this very text.
    case marked
    /// The text changed after it was marked: the mark stands until it is marked again.
    case changed
  }

  /// The question.
  public let question: String
  /// The points it is worth.
  public let maxPoints: Double
  /// The text; empty without an answer.
  public let text: String
  /// The mark that counts.
  public let mark: Mark?
  /// Files that may hold the answer in place of ANSWERS.md.
  public let elsewhere: [String]

  /// Creates an answer.
  public init(
    question: String, maxPoints: Double, text: String, mark: Mark?, elsewhere: [String] = []
  ) {
    self.elsewhere = elsewhere
    self.question = question
    self.maxPoints = maxPoints
    self.text = text
    self.mark = mark
  }

  /// Whether it has been marked.
  public var state: State {
    guard let mark else { return text.isEmpty && elsewhere.isEmpty ? .empty : .unmarked }
    return mark.answer == text ? .marked : .changed
  }

  /// The points so far.
  public var points: Double { mark?.points ?? 0 }
}

/// Everything that reports and exports show of one submission.
public struct StudentRecord: Sendable {
  /// The checks' result.
  public var result: SubmissionResult
  /// Who handed it in, when, which attempt it is.
  public var record: SubmissionRecord
  /// The written answers in the assignment's order.
  public var answers: [MarkedAnswer]
  /// What is to be said about ANSWERS.md.
  public var sheet: AnswerSheet?
  /// Their files by name, as far as they are kept.
  public var files: [String: [UInt8]] = [:]

  /// Whether an answer is still to be marked, so that the points of the answers are no result yet.
  public var isToBeMarked: Bool { answers.contains { $0.state == .unmarked } }

  /// Joins what is known of a submission.
  ///
  /// - Parameters:
  ///   - template: ANSWERS.md as it was handed out.
  ///   - marks: nil before any answer was marked.
  public init(
    result: SubmissionResult, record: SubmissionRecord, questions: [AssignmentManifest.Question],
    template: String, marks: MarkBook?
  ) {
    self.result = result
    self.record = record
    let sheet = record.answers.map {
      AnswerSheet(Data($0.utf8), template: template, questions: questions.map(\.id))
    }
    self.sheet = sheet
    answers = questions.map { question in
      MarkedAnswer(
        question: question.id, maxPoints: question.points,
        text: sheet?.answers[AnswerMarker.canonical(question.id)] ?? "",
        mark: marks?.mark(result.submission, question.id),
        elsewhere: record.answers == nil ? record.elsewhere ?? [] : [])
    }
  }

  /// Points for code and for answers, less what lateness costs.
  public var score: Double {
    max(0, result.score + answerPoints - penalty)
  }
  /// The points that lateness costs: a share of those that were earned.
  public var penalty: Double { (result.score + answerPoints) * (result.late?.share ?? 0) }
  /// The most there is.
  public var maxScore: Double { result.maxScore + answers.reduce(0) { $0 + $1.maxPoints } }
  /// The points of the written answers so far.
  public var answerPoints: Double { answers.reduce(0) { $0 + $1.points } }

  /// Why the score may still change, in one sentence; nil when it is final.
  public var provisional: String? {
    if result.status == .judgeFailed {
      return "The code has not been graded, by no fault of yours."
    }
    let unmarked = answers.count { $0.state == .unmarked }
    let changed = answers.count { $0.state == .changed }
    var reasons: [String] = []
    if unmarked > 0 {
      reasons.append(
        unmarked == 1 ? "1 answer is not marked yet" : "\(unmarked) answers are not marked yet")
    }
    if changed > 0 {
      reasons.append(
        changed == 1
          ? "1 answer has changed since it was marked"
          : "\(changed) answers have changed since they were marked")
    }
    return reasons.isEmpty
      ? nil : "The grade is provisional: " + reasons.joined(separator: ", ") + "."
  }
}

/// A class: what its pages and tables are made from.
public struct ClassRecord: Sendable {
  /// The assignment.
  public var manifest: AssignmentManifest
  /// The run: seed, sandbox, how many submissions there are. Its list of results is not used.
  public var summary: GradeSummary
  /// The submissions in the order of their names.
  public var students: [StudentRecord]
  /// File name of each submission's page, without extension.
  public let pageNames: [String: String]

  /// Creates a class.
  public init(manifest: AssignmentManifest, summary: GradeSummary, students: [StudentRecord]) {
    self.manifest = manifest
    self.summary = summary
    self.students = students.sorted { $0.result.submission < $1.result.submission }
    pageNames = FileNames.make(self.students.map(\.result.submission))
  }
}
