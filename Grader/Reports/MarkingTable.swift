import Assignment
import CSV
import Files
import Foundation
import Gradebook

/// The table that written answers are marked in: question by question, without names, in a random
/// order that stays the same.
public struct MarkingTable {
  /// The header.
  static let columns = ["question", "answer id", "answer text", "points", "comment"]
  /// Spreadsheets cut a cell off after 32 767 characters.
  static let maximumLength = 30_000

  private let students: [StudentRecord]
  private let questions: [AssignmentManifest.Question]
  private let order: MarkingOrder

  /// Prepares the table of a class.
  ///
  /// - Parameter seed: `MarkBook.seed`, or the run's before there is one.
  public init(_ record: ClassRecord, seed: UInt64) {
    students = record.students
    questions = record.manifest.questions ?? []
    order = MarkingOrder(seed: seed)
  }

  /// An answer with its place in the class.
  private struct Entry {
    let submission: String
    let answer: MarkedAnswer
    let name: String
  }

  /// Every answer that there is something to read of, in the table's order.
  private var entries: [Entry] {
    questions.flatMap { question in
      students.compactMap { student in
        student.answers.first { $0.question == question.id && $0.state != .empty }.map {
          Entry(
            submission: student.result.submission, answer: $0,
            name: order.name(student.result.submission, question.id))
        }
      }.sorted {
        (order.place($0.submission, question.id), $0.submission)
          < (order.place($1.submission, question.id), $1.submission)
      }
    }
  }

  /// The table as CSV. Marks that count are filled in; an answer that changed after it was marked
  /// has none.
  ///
  /// - Throws: a sentence when two answers happen to have the same anonymous name.
  public func csv() throws -> String {
    let entries = entries
    guard Set(entries.map(\.name)).count == entries.count else {
      throw FileError.cannotRead(
        path: "the answers", reason: "two of them have the same anonymous name; use another seed")
    }
    let rows = entries.map { entry in
      let mark = entry.answer.state == .marked ? entry.answer.mark : nil
      return [
        CSV.harmless(entry.answer.question), entry.name,
        CSV.harmless(Self.cell(Self.text(entry))), mark.map { CSV.points($0.points) } ?? "",
        CSV.harmless(mark?.comment ?? ""),
      ]
    }
    // spreadsheets know UTF-8 by the mark in front
    return CSV.spreadsheetText([Self.columns] + rows)
  }

  /// An answer's text; where there is none, the files that it may be in.
  private static func text(_ entry: Entry) -> String {
    let answer = entry.answer
    guard answer.text.isEmpty, !answer.elsewhere.isEmpty else { return answer.text }
    // whose it is, and what the files are called, which may be a name too, is in no table for marking
    let files =
      answer.elsewhere.count == 1 ? "another file" : "\(answer.elsewhere.count) other files"
    return
      "(there is no ANSWERS.md, and \(files) may hold the answer: ./rhythm answers export said "
      + "which for \(entry.name); no file that counts gets 0 points)"
  }

  /// Where to look for answers that are in no ANSWERS.md, a sentence each, with names: for whoever exports
  /// the table and gets the files, and for no table.
  public var elsewhere: [String] {
    entries.filter { $0.answer.text.isEmpty && !$0.answer.elsewhere.isEmpty }.map {
      "\($0.name): see \($0.answer.elsewhere.joined(separator: ", ")) of \($0.submission)"
    }
  }

  /// A text as it fits into a cell.
  private static func cell(_ text: String) -> String {
    text.utf16.count <= maximumLength
      ? text
      : String(text.unicodeScalars.prefix(maximumLength / 2))
        + "\n[cut off here: the whole text is in ANSWERS.md]"
  }

  // MARK: Import

  /// What a marked table adds to the marks.
  public struct Import {
    /// The new marks, in the table's order.
    public let marks: [Mark]
    /// Rows that hold the marks that there are already, and rows without points.
    public let unchanged, unmarked: Int
  }

  /// Reads a marked table. It is taken as a whole or, when a single row is wrong, not at all.
  ///
  /// - Parameters:
  ///   - halfPoints: whether marks may be half points; whole ones otherwise.
  ///   - replacing: whether a mark may take the place of another for the same text.
  /// - Throws: `MarkingError` with one sentence for each wrong row.
  public func read(
    _ data: Data, path: String, halfPoints: Bool, replacing: Bool
  ) throws -> Import {
    let rows = try CSV.rows(data, path: path)
    let header = rows.first?.cells.map { Self.plain($0).lowercased() } ?? []
    let places = Self.columns.map { header.firstIndex(of: $0) }
    let missing = zip(Self.columns, places).filter { $0.1 == nil }.map(\.0)
    guard missing.isEmpty else {
      throw MarkingError(problems: [
        "\(path): the first row lacks the column \(missing.joined(separator: ", ")); it must be "
          + Self.columns.joined(separator: ", ")
      ])
    }
    let byName = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    var seen: [String: Int] = [:]
    var (marks, problems): ([Mark], [String]) = ([], [])
    var (unchanged, unmarked) = (0, 0)
    for row in rows.dropFirst() {
      let cells = places.map { place in place.flatMap { row.cells.dropFirst($0).first } ?? "" }
      do throws(RowError) {
        let name = Self.plain(cells[1])
        guard let entry = byName[name] else {
          throw RowError("there is no answer \(name.isEmpty ? "without an id" : name)")
        }
        if let before = seen.updateValue(row.line, forKey: name) {
          throw RowError("the answer \(name) is in line \(before) already")
        }
        guard let mark = try mark(entry, cells, halfPoints: halfPoints) else {
          unmarked += 1
          continue
        }
        let old = entry.answer.state == .marked ? entry.answer.mark : nil
        if let old, old == mark {
          unchanged += 1
          continue
        }
        if let old, !replacing {
          throw RowError(
            "the answer \(name) is marked already with \(CSV.points(old.points)) points"
              + (old.points == mark.points ? " and another comment" : "")
              + "; --replace lets new marks take the place of old ones")
        }
        marks.append(mark)
      } catch {
        problems.append("\(path), line \(row.line): \(error.sentence)")
      }
    }
    guard problems.isEmpty else { throw MarkingError(problems: problems) }
    return Import(marks: marks, unchanged: unchanged, unmarked: unmarked)
  }

  private struct RowError: Error {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
  }

  /// The mark of a row; nil when it has no points.
  private func mark(
    _ entry: Entry, _ cells: [String], halfPoints: Bool
  ) throws(RowError) -> Mark? {
    let (question, text, given) = (Self.plain(cells[0]), cells[2], Self.plain(cells[3]))
    guard CSV.original(question) == entry.answer.question else {
      throw RowError(
        "\(entry.name) is an answer to \(entry.answer.question), not to \(question); rows and "
          + "columns may have been sorted apart")
    }
    guard Self.comparable(text) == Self.comparable(Self.cell(Self.text(entry))) else {
      throw RowError(
        "the text of \(entry.name) is not the student's answer: it was changed in the table, or "
          + "the answer after the export; export again and copy this mark")
    }
    let comment = CSV.original(cells[4]).trimmingCharacters(in: .whitespacesAndNewlines)
    if given.isEmpty {
      guard comment.isEmpty else {
        throw RowError(
          "\(entry.name) has a comment and no points; give points, 0 if it deserves none")
      }
      return nil
    }
    guard let points = Double(given.replacing(",", with: ".")), points.isFinite else {
      throw RowError("“\(given.prefix(40))” is no number of points")
    }
    guard points >= 0 else { throw RowError("\(given) points are fewer than none") }
    guard points <= entry.answer.maxPoints else {
      throw RowError(
        "\(given) points are more than the \(CSV.points(entry.answer.maxPoints)) of question \(entry.answer.question)"
      )
    }
    guard (points * (halfPoints ? 2 : 1)).truncatingRemainder(dividingBy: 1) == 0 else {
      throw RowError(
        halfPoints
          ? "\(given) points are neither whole nor half points"
          : "\(given) points are not whole; --half-points allows halves")
    }
    return Mark(
      submission: entry.submission, question: entry.answer.question, points: points,
      comment: comment, answer: entry.answer.text)
  }

  private static func plain(_ cell: String) -> String {
    cell.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A text without what spreadsheets change on their way: line ends, spaces around, apostrophes.
  private static func comparable(_ text: String) -> String {
    let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    return CSV.original(CSV.original(lines)).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Why a marked table was not taken: one sentence for each wrong row.
public struct MarkingError: Error, CustomStringConvertible {
  /// The sentences.
  public let problems: [String]
  /// The sentences and what became of the table.
  public var description: String {
    (problems + ["nothing was imported: the table is taken as a whole or not at all"])
      .joined(separator: "\n")
  }
}
