import Foundation

/// Why a table cannot be read; the description is one sentence for whoever made the file.
public struct TableError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: String

  /// Says why a file cannot be read.
  public init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  /// One sentence.
  public var description: String { "\(path) cannot be read: \(reason)" }

  /// The same sentence.
  public var errorDescription: String? { description }
}
