import Foundation

/// A file that cannot be read or written; the description is one sentence for whoever named it.
public enum FileError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// A file or folder cannot be written.
  case cannotWrite(path: String, reason: String)
  /// A file or folder cannot be read.
  case cannotRead(path: String, reason: String)

  /// A file cannot be written for the reason that the system's last call left in `errno`.
  static func cannotWrite(_ path: String) -> FileError {
    .cannotWrite(path: path, reason: String(cString: strerror(errno)))
  }

  /// One sentence.
  public var description: String {
    switch self {
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written (\(reason)): choose another place or free this one"
    case .cannotRead(let path, let reason):
      "\(path) cannot be read: \(reason)"
    }
  }

  /// The same sentence.
  public var errorDescription: String? { description }
}
