/// Why a table for a platform cannot be made; one sentence.
public struct ExportError: Error, CustomStringConvertible, Equatable {
  /// What is wrong, where, and what to do.
  public let description: String

  init(_ description: String) { self.description = description }
}
