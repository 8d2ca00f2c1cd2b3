import Assignment
import CSV
import Publication

/// A submission that a person should look at, and why.
public struct Attention: Sendable, Equatable {
  /// The submission.
  public let submission: String
  /// One sentence each.
  public let reasons: [String]

  /// The submissions of a class to look at, in the order of their names.
  ///
  /// - Parameter handedOut: hashes of the untouched files, which many may have in common.
  public static func list(_ record: ClassRecord, handedOut: Set<String> = []) -> [Attention] {
    let passMark = record.manifest.passMark ?? 0.5
    let shared = Shared(record.students, handedOut: handedOut)
    return record.students.compactMap { student in
      let reasons =
        faults(student) + edges(student, passMark: passMark) + answers(student)
        + shared.reasons(student)
      return reasons.isEmpty
        ? nil : Attention(submission: student.result.submission, reasons: reasons)
    }
  }

  private static func faults(_ student: StudentRecord) -> [String] {
    let result = student.result
    switch result.status {
    case .judgeFailed: return ["it was not graded, by no fault of theirs"] + result.pointsToLookAt
    case .notReadable: return ["it cannot be read"] + result.pointsToLookAt
    case .notBuilt: return ["nothing of it compiles"] + result.pointsToLookAt
    case .graded: break
    }
    var reasons = result.pointsToLookAt
    let broken = result.checks.filter { $0.outcome == .crashed || $0.outcome == .timedOut }
    if let first = broken.first, result.score >= 0.8 * result.maxScore {
      reasons.append("a high score, and yet \(first.id) \(first.outcome.words)")
    }
    if result.checks.contains(where: { $0.outcome == .notBuilt }) {
      reasons.append("a file of it does not compile")
    }
    return reasons + result.notes.filter { $0.contains("more than once") }
  }

  private static func edges(_ student: StudentRecord, passMark: Double) -> [String] {
    var reasons: [String] = []
    let (score, edge) = (student.score, passMark * student.maxScore)
    if student.provisional == nil, abs(score - edge) <= 0.02 * student.maxScore {
      reasons.append("\(CSV.points(score)) points are near the pass mark of \(CSV.points(edge))")
    }
    for check in student.result.checks {
      guard let curve = check.curve, let best = curve.points.map(\.validationAccuracy).max()
      else { continue }
      if check.outcome == .failed, best < curve.goal, best >= curve.goal - 0.02 {
        reasons.append("\(curve.network) missed its goal by less than 2 %")
      }
    }
    return reasons
  }

  private static func answers(_ student: StudentRecord) -> [String] {
    var reasons: [String] = []
    let changed = student.answers.filter { $0.state == .changed }.map(\.question)
    if !changed.isEmpty {
      reasons.append("changed after it was marked: \(changed.joined(separator: ", "))")
    }
    if let sheet = student.sheet, !sheet.problems.isEmpty {
      let more = sheet.problems.count > 1 ? " (and \(sheet.problems.count - 1) more)" : ""
      reasons.append("ANSWERS.md: \(sheet.problems[0])\(more)")
    }
    return reasons
  }

  /// What several submissions have in common word for word.
  private struct Shared {
    private var files: [String: [String]] = [:]
    private var answers: [String: [String]] = [:]
    private let handedOut: Set<String>
    /// Shorter answers may well be equal by chance.
    private static let minimumLength = 60

    init(_ students: [StudentRecord], handedOut: Set<String>) {
      self.handedOut = handedOut
      for student in students {
        let name = student.result.submission
        for hash in Set(student.record.hashes.values) where !handedOut.contains(hash) {
          files[hash, default: []].append(name)
        }
        for answer in student.answers where answer.text.count >= Self.minimumLength {
          answers[answer.question + "\n" + answer.text, default: []].append(name)
        }
      }
    }

    private static let answer = "the answer to "

    /// `A.swift, the answers to 1a, 1b`.
    private static func list(_ what: [String]) -> String {
      let questions = what.filter { $0.hasPrefix(answer) }.map { $0.dropFirst(answer.count) }
      guard questions.count > 1 else { return what.joined(separator: ", ") }
      let others = what.filter { !$0.hasPrefix(answer) }
      return (others + ["the answers to " + questions.joined(separator: ", ")])
        .joined(separator: ", ")
    }

    func reasons(_ student: StudentRecord) -> [String] {
      let name = student.result.submission
      /// Names and what they have in common, such as files.
      var common: [(others: String, what: [String])] = []
      func add(_ what: String, _ sharing: [String]) {
        let others = sharing.filter { $0 != name }
        guard !others.isEmpty else { return }
        let named =
          others.prefix(3).joined(separator: ", ")
          + (others.count > 3 ? " and \(others.count - 3) more" : "")
        if let index = common.firstIndex(where: { $0.others == named }) {
          common[index].what.append(what)
        } else {
          common.append((named, [what]))
        }
      }
      for (file, hash) in student.record.hashes.sorted(by: { $0.key < $1.key }) {
        add(file, files[hash] ?? [])
      }
      for answer in student.answers {
        add(Self.answer + answer.question, answers[answer.question + "\n" + answer.text] ?? [])
      }
      return common.map { "the same as \($0.others): \(Self.list($0.what))" }
    }
  }
}
