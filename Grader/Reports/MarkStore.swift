import Foundation
import Gradebook

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

/// The marks in the gradebook of an output folder.
public struct MarkStore {
  private let folder: String

  /// Names a folder.
  public init(folder: String) { self.folder = folder }

  /// The marks; nil before the first export.
  ///
  /// - Throws: `GradebookError`: marks must not vanish silently.
  public func load() throws -> MarkBook? {
    guard Gradebook.isThere(folder) else { return nil }
    return try Gradebook(reading: folder).marks().map { MarkBook(seed: $0.seed, marks: $0.marks) }
  }

  /// Replaces all marks at once.
  ///
  /// - Throws: `GradebookError`, also when another process works on the folder.
  public func save(_ book: MarkBook) throws {
    try Gradebook(folder: folder, create: false).setMarks(book.marks, seed: book.seed)
  }
}
