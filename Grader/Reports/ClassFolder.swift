import Assignment
import CSV
import Files
import Foundation
import Gradebook
import Intake
import People
import Publication

/// The folder that `rhythm grade` writes, as reports and exports read it.
public struct ClassFolder {
  /// The folder.
  public let path: String
  /// ANSWERS.md and the stubs as handed out.
  private let assignmentFolder: String
  private let manifest: AssignmentManifest

  /// Names a folder.
  ///
  /// - Parameter assignmentFolder: `Assignments/<Unit>`, for a folder without an assignment as
  ///   published; not asked for where there is one.
  /// - Throws: `ManifestError`, or what `assignmentFolder` throws.
  public init(path: String, assignmentFolder: @autoclosure () throws -> String) throws {
    self.path = path
    if let published = PublishedAssignment.manifest(in: path) {
      manifest = published
      self.assignmentFolder = path + "/" + PublishedAssignment.folder
    } else {
      let folder = try assignmentFolder()
      manifest = try AssignmentManifest.read(folder + "/assignment.yml")
      self.assignmentFolder = folder
    }
  }

  /// The unit's name.
  public var unit: String { manifest.unit }

  /// Where the marks are.
  public var marks: MarkStore { MarkStore(folder: path) }

  /// ANSWERS.md as handed out; empty in a unit without written answers.
  private var template: String {
    let data = FileManager.default.contents(atPath: assignmentFolder + "/ANSWERS.md")
    return data.flatMap(DecodedText.init)?.text ?? ""
  }

  /// Everything that is kept of the class. A file that cannot be read is listed among what was not
  /// understood.
  ///
  /// - Throws: `FileError.cannotRead` when there is no result at all, or the marks cannot be read.
  public func read() throws -> ClassRecord {
    var problems: [String] = []
    let results: [SubmissionResult] = list("results", &problems)
    guard let first = results.first else {
      throw FileError.cannotRead(
        path: path, reason: "there is no result in it; name the folder that was --out of a grading")
    }
    let records: [SubmissionRecord] = list("submissions", &problems)
    let known = Dictionary(records.map { ($0.submission, $0) }) { first, _ in first }
    var summary =
      Self.decode(GradeSummary.self, path + "/run.json")
      ?? GradeSummary(
        unit: manifest.unit, title: manifest.title, seed: first.seed, sandbox: first.sandbox,
        total: results.count, complete: true, elapsedSeconds: 0, submissions: [], unrecognised: [])
    summary.unrecognised += problems
    let (template, marks) = (self.template, try marks.load())
    let kept = try keptFiles(of: records)
    return ClassRecord(
      manifest: manifest, summary: summary,
      students: results.map { result in
        var student = StudentRecord(
          result: result,
          record: known[result.submission]
            ?? SubmissionRecord(
              submission: result.submission, people: result.members.map { Person(name: $0) }),
          questions: manifest.questions ?? [], template: template, marks: marks)
        student.files = student.record.hashes.compactMapValues { kept[$0] }
        return student
      })
  }

  /// The contents of the files of some submissions, by their hash: the gradebook has those of all
  /// deliveries, and a state of earlier shows its own.
  private func keptFiles(of records: [SubmissionRecord]) throws -> [String: [UInt8]] {
    guard FileManager.default.fileExists(atPath: path + "/" + Gradebook.fileName) else {
      return [:]
    }
    let wanted = Set(records.flatMap(\.hashes.values))
    var found: [String: [UInt8]] = [:]
    try Gradebook(reading: path).forEachFile { _, contents in
      let hash = SubmissionRecord.hash(contents)
      if wanted.contains(hash) { found[hash] = contents }
    }
    return found
  }

  private func list<Value: Decodable>(_ name: String, _ problems: inout [String]) -> [Value] {
    let folder = path + "/" + name
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.sorted().compactMap { entry in
      guard entry.hasSuffix(".json"), !entry.hasPrefix(".") else { return nil }
      let value = Self.decode(Value.self, folder + "/" + entry)
      if value == nil { problems.append("\(name)/\(entry): cannot be read as what it should hold") }
      return value
    }
  }

  private static func decode<Value: Decodable>(_ type: Value.Type, _ path: String) -> Value? {
    FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(type, from: $0) }
  }

  /// Writes the table, and into the folder `report` the class page, and for each submission a page
  /// and a text.
  ///
  /// - Returns: the path of the class page.
  /// - Throws: `FileError.cannotWrite`.
  @discardableResult
  public func writeReports(_ record: ClassRecord) throws -> String {
    try AtomicFile.write(GradesTable(record).text, to: path + "/grades.csv")
    let folder = path + "/report"
    try AtomicFile.createFolder(folder)
    let handedOut = Dictionary(
      record.manifest.files.compactMap { file in
        FileManager.default.contents(atPath: assignmentFolder + "/" + file).map { (file, $0) }
      }
    ) { first, _ in first }
    let stubs = handedOut.mapValues { String(decoding: $0, as: UTF8.self) }
    let prompts = AnswerPrompts.read(template, questions: record.manifest.questions ?? [])
    var written: Set<String> = ["index.html"]
    for student in record.students {
      let name = "\(folder)/\(record.pageNames[student.result.submission] ?? "_")"
      let view = StudentView(student)
      try AtomicFile.write(
        StudentPage(view, manifest: record.manifest, prompts: prompts, stubs: stubs).html,
        to: name + ".html")
      try AtomicFile.write(
        StudentMarkdown(view, manifest: record.manifest).text, to: name + ".md")
      let file = URL(fileURLWithPath: name).lastPathComponent
      written.formUnion([file + ".html", file + ".md"])
    }
    let untouched = Set(handedOut.values.map { SubmissionRecord.hash([UInt8]($0)) })
    let page = ClassPage(
      record, attention: Attention.list(record, handedOut: untouched)
    ).html
    try AtomicFile.write(page, to: folder + "/index.html")
    // pages of submissions that are not there any more
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where !written.contains(name) && (name.hasSuffix(".html") || name.hasSuffix(".md")) {
      try? FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    return folder + "/index.html"
  }
}

/// What the written questions ask, as ANSWERS.md has it above each answer.
enum AnswerPrompts {
  static func read(
    _ template: String, questions: [AssignmentManifest.Question]
  ) -> [String: String] {
    let known = Set(questions.map { AnswerMarker.canonical($0.id) })
    var (prompts, heading, lines): ([String: String], String?, [String]) = ([:], nil, [])
    for line in SheetReader.lines(template) {
      if line.hasPrefix("#") {
        heading = AnswerMarker.heading(line, known: known)
        lines = []
      } else if case .marker(let marker)? = AnswerMarker.pieces(of: line, known: known).first {
        if !marker.isEnd, marker.id == heading {
          prompts[marker.id] = lines.filter { !$0.isEmpty }.joined(separator: " ")
        }
      } else {
        lines.append(line)
      }
    }
    return Dictionary(
      questions.compactMap { question in
        prompts[AnswerMarker.canonical(question.id)].map { (question.id, $0) }
      }
    ) { first, _ in first }
  }
}
