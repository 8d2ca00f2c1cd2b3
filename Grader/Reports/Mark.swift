import Batch
import Foundation

/// What a marker decided about one answer.
public struct Mark: Codable, Sendable, Equatable {
  /// The submission and the question.
  public var submission, question: String
  /// The points.
  public var points: Double
  /// What the student reads about them.
  public var comment: String
  /// The answer that was marked: when the student's is another by now, it is to be marked again.
  public var answer: String

  /// Creates a mark.
  public init(
    submission: String, question: String, points: Double, comment: String, answer: String
  ) {
    self.submission = submission
    self.question = question
    self.points = points
    self.comment = comment
    self.answer = answer
  }
}

/// All marks of a class.
public struct MarkBook: Codable, Sendable, Equatable {
  /// What anonymous names and the order are drawn from: the seed of the run that was exported
  /// first, so that later runs change neither.
  public var seed: UInt64
  /// The marks in the order they were made; of two for one answer the later counts.
  public var marks: [Mark]

  /// Creates a book.
  public init(seed: UInt64, marks: [Mark] = []) {
    self.seed = seed
    self.marks = marks
  }

  /// The mark that counts.
  public func mark(_ submission: String, _ question: String) -> Mark? {
    marks.last { $0.submission == submission && $0.question == question }
  }
}

/// Where marks are kept.
public protocol MarkStore {
  /// The marks; nil before the first export.
  func load() throws -> MarkBook?
  /// Replaces all marks at once.
  func save(_ book: MarkBook) throws
}

/// Marks in a JSON file, which is written whole or not at all.
public struct MarkFile: MarkStore {
  private let path: String

  /// The file `marks.json` of an output folder.
  public init(folder: String) { path = folder + "/marks.json" }

  /// - Throws: `BatchError.cannotRead` when the file is not whole: marks must not vanish silently.
  public func load() throws -> MarkBook? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = FileManager.default.contents(atPath: path),
      let book = try? JSONDecoder().decode(MarkBook.self, from: data)
    else { throw BatchError.cannotRead(path: path, reason: "it is not a list of marks") }
    return book
  }

  /// - Throws: `BatchError.cannotWrite`.
  public func save(_ book: MarkBook) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(book), to: path)
  }
}
