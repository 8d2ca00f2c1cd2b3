import Assignment
import CSV
import Publication

/// A submission that a person should look at, and why.
public struct Attention: Sendable, Equatable {
  /// Why, by weight: what changes most of a grade comes first.
  public enum Kind: String, Sendable, CaseIterable {
    case notGraded, notReadable, noCode, pointsByHand, equalWork, nothingCompiles, oddFailure
    case fileFails, severalFiles, nearPassMark, nearGoal, changedAnswers, answerSheet

    /// What all of a kind have in common, as a heading.
    var heading: String {
      switch self {
      case .notGraded: "Not graded, by no fault of theirs"
      case .notReadable: "Cannot be read"
      case .noCode: "Handed in no code"
      case .pointsByHand: "Points by hand for an earlier version"
      case .equalWork: "Equal work"
      case .nothingCompiles: "Nothing of it compiles"
      case .oddFailure: "A high score, and yet a check that crashed or did not end"
      case .fileFails: "A file of it does not compile"
      case .severalFiles: "A file is there more than once"
      case .nearPassMark: "Near the pass mark"
      case .nearGoal: "A goal was missed by little"
      case .changedAnswers: "Answers changed after they were marked"
      case .answerSheet: "ANSWERS.md is not as it was handed out"
      }
    }
  }

  /// One reason to look.
  public struct Reason: Sendable, Equatable {
    /// What kind of reason.
    public let kind: Kind
    /// One sentence.
    public let sentence: String
  }

  /// The submission.
  public let submission: String
  /// Why, by weight.
  public let reasons: [Reason]

  /// The submissions of a class to look at, by the weight of the first reason and then by name.
  ///
  /// - Parameter handedOut: hashes of the untouched files, which many may have in common.
  public static func list(_ record: ClassRecord, handedOut: Set<String> = []) -> [Attention] {
    let passMark = record.manifest.passMark ?? 0.5
    let shared = Shared(record.students, handedOut: handedOut)
    let all = record.students.compactMap { student -> Attention? in
      let reasons =
        faults(student) + edges(student, passMark: passMark) + answers(student)
        + shared.reasons(student)
      let inOrder = Kind.allCases.flatMap { kind in reasons.filter { $0.kind == kind } }
      return inOrder.isEmpty
        ? nil : Attention(submission: student.result.submission, reasons: inOrder)
    }
    return Kind.allCases.flatMap { kind in all.filter { $0.reasons.first?.kind == kind } }
  }

  private static func faults(_ student: StudentRecord) -> [Reason] {
    let result = student.result
    var reasons = result.pointsToLookAt.map { Reason(kind: .pointsByHand, sentence: $0) }
    func add(_ kind: Kind, _ sentence: String) {
      reasons.append(Reason(kind: kind, sentence: sentence))
    }
    switch result.status {
    case .judgeFailed: add(.notGraded, "it was not graded, by no fault of theirs")
    case .notReadable: add(.notReadable, "it cannot be read")
    case .noCode: add(.noCode, result.checks.first?.message ?? "no code was handed in")
    case .notBuilt: add(.nothingCompiles, "nothing of it compiles")
    case .graded:
      let broken = result.checks.filter { $0.outcome == .crashed || $0.outcome == .timedOut }
      if let first = broken.first, result.score >= 0.8 * result.maxScore {
        add(.oddFailure, "a high score, and yet \(first.id) \(first.outcome.words)")
      }
      if result.checks.contains(where: { $0.outcome == .notBuilt }) {
        add(.fileFails, "a file of it does not compile")
      }
      for note in result.notes where note.contains("more than once") { add(.severalFiles, note) }
    }
    return reasons
  }

  private static func edges(_ student: StudentRecord, passMark: Double) -> [Reason] {
    var reasons: [Reason] = []
    let (score, edge) = (student.score, passMark * student.maxScore)
    if student.provisional == nil, abs(score - edge) <= 0.02 * student.maxScore {
      reasons.append(
        Reason(
          kind: .nearPassMark,
          sentence: "\(CSV.points(score)) points are near the pass mark of \(CSV.points(edge))"))
    }
    for check in student.result.checks {
      guard let curve = check.curve, let best = curve.points.map(\.validationAccuracy).max()
      else { continue }
      if check.outcome == .failed, best < curve.goal, best >= curve.goal - 0.02 {
        reasons.append(
          Reason(
            kind: .nearGoal, sentence: "\(curve.network) missed its goal by less than 2 %"))
      }
    }
    return reasons
  }

  private static func answers(_ student: StudentRecord) -> [Reason] {
    var reasons: [Reason] = []
    let changed = student.answers.filter { $0.state == .changed }.map(\.question)
    if !changed.isEmpty {
      reasons.append(
        Reason(
          kind: .changedAnswers,
          sentence: "changed after it was marked: \(changed.joined(separator: ", "))"))
    }
    if let sheet = student.sheet, !sheet.problems.isEmpty {
      let more = sheet.problems.count > 1 ? " (and \(sheet.problems.count - 1) more)" : ""
      reasons.append(
        Reason(kind: .answerSheet, sentence: "ANSWERS.md: \(sheet.problems[0])\(more)"))
    }
    return reasons
  }

  /// What several submissions have in common word for word.
  private struct Shared {
    private var files: [String: [String]] = [:]
    private var answers: [String: [String]] = [:]
    private let handedOut: Set<String>
    private let students: Int
    /// What more than half of so many have in common they have from the same source, and not one of them
    /// from another.
    private static let minimumClass = 4
    /// Shorter answers may well be equal by chance.
    private static let minimumLength = 60

    init(_ students: [StudentRecord], handedOut: Set<String>) {
      self.handedOut = handedOut
      self.students = students.count
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

    /// Whether most of the class have it, which says nothing of any two of them.
    private func isCommon(_ sharing: [String]) -> Bool {
      students >= Self.minimumClass && 2 * sharing.count > students
    }

    func reasons(_ student: StudentRecord) -> [Reason] {
      let name = student.result.submission
      /// Names and what they have in common, such as files.
      var common: [(others: String, what: [String])] = []
      func add(_ what: String, _ sharing: [String]) {
        let others = sharing.filter { $0 != name }
        guard !others.isEmpty, !isCommon(sharing) else { return }
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
      return common.map {
        Reason(
          kind: .equalWork, sentence: "the same as \($0.others): \(Self.list($0.what))")
      }
    }
  }
}
