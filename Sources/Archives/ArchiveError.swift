import Foundation

/// What can be wrong with an archive; each case describes itself in one sentence.
public enum ArchiveError: Error, Equatable, Sendable {
  /// There is no file at the path.
  case missing(path: String)
  /// The path names something that cannot be an archive, such as a folder, or has no known format.
  case notAnArchive(path: String)
  /// The archive ends too early.
  case truncated(path: String)
  /// The archive, or an entry of it, is larger than the limits allow.
  case limitExceeded(path: String, what: String)
  /// The archive or an entry cannot be read; `detail` is the library's reason.
  case unreadable(path: String, entry: String?, detail: String)
  /// The archive cannot be written; `detail` is the library's reason.
  case unwritable(path: String, detail: String)
}

extension ArchiveError: CustomStringConvertible, LocalizedError {
  /// One sentence: what was wrong, where, what to do.
  public var description: String {
    switch self {
    case .missing(let path):
      "There is no file \(path); check the path."
    case .notAnArchive(let path):
      "\(path) is not a zip, 7z or tar archive; give one of those."
    case .truncated(let path):
      "\(path) is truncated: the archive ends too early; fetch it again."
    case .limitExceeded(let path, let what):
      "\(path) is refused: \(what)."
    case .unreadable(let path, let entry, let detail):
      if let entry {
        "\(path) cannot be read at \(entry): \(detail); make the archive again."
      } else {
        "\(path) cannot be read: \(detail)."
      }
    case .unwritable(let path, let detail):
      "\(path) cannot be written: \(detail)."
    }
  }

  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}
