import Foundation

/// Why a command could not be confined or started; the description is one sentence for people.
public enum SandboxError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// No sandbox works here; the reason is bubblewrap's own.
  case unavailable(reason: String)
  /// The compiler is not on the search path.
  case noToolchain
  /// A program could not be started.
  case cannotStart(program: String, reason: String)
  /// A system call that the sandbox needs failed.
  case system(operation: String, reason: String)

  /// One sentence: what is wrong and what to do.
  public var description: String {
    switch self {
    case .unavailable(let reason):
      "bubblewrap does not work here (\(reason)): install it (apt-get install bubblewrap), "
        + "or accept student code running unconfined with --sandbox none"
    case .noToolchain:
      "swiftc is not on the search path: install Swift 6.2 or later and put its usr/bin on PATH"
    case .cannotStart(let program, let reason):
      "cannot start \(program): \(reason)"
    case .system(let operation, let reason):
      "\(operation) failed: \(reason)"
    }
  }

  /// The same sentence.
  public var errorDescription: String? { description }
}
