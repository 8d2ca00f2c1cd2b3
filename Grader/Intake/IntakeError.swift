import Foundation
import People

/// Why nothing of a delivery can be taken in; the description is one sentence for the instructor.
/// What goes wrong with one submission is in that submission instead.
public enum IntakeError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// There is no folder and no archive at the path.
  case noDelivery(path: String)
  /// The archive that the platform delivered cannot be read.
  case unreadable(path: String, reason: String)
  /// It holds no submission.
  case empty(path: String, ignored: [String])
  /// The roster is not a table with students in it.
  case badRoster(path: String, reason: String)
  /// What is to be left out is not there.
  case unknownName(String, known: [String])

  /// One sentence.
  public var description: String {
    switch self {
    case .noDelivery(let path):
      "\(path) is not a folder and not an archive: name the platform's download, or the folder "
        + "that holds one folder or archive per submission"
    case .unreadable(let path, let reason):
      "\(path) cannot be taken in: \(reason)"
    case .empty(let path, let ignored):
      "\(path) holds no submission"
        + (ignored.first.map { " (left out: \(ignored.count), the first: \($0))" } ?? "")
        + ": put one folder, zip or tar.gz per submission there"
    case .unknownName(let name, let known):
      "\(shown(name)) cannot be left out, since no submission has this name; there are "
        + known.prefix(5).map(shown).joined(separator: ", ")
        + (known.count > 5 ? " and \(known.count - 5) more" : "")
    case .badRoster(let path, let reason):
      "the roster \(path) cannot be used: \(reason)"
    }
  }

  /// The same sentence.
  public var errorDescription: String? { description }
}
