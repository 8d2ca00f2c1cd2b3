import Foundation

/// Why a command could not be confined or started; the description is one sentence for people.
public enum SandboxError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// The tier that was asked for does not work here; the reason is its program's own.
  case unavailable(SandboxTier, reason: String)
  /// The self-test got through.
  case leaks(SandboxTier, what: String)
  /// The compiler is not on the search path.
  case noToolchain
  /// A program could not be started.
  case cannotStart(program: String, reason: String)
  /// A system call that the sandbox needs failed.
  case system(operation: String, reason: String)

  /// One sentence: what is wrong and what to do.
  public var description: String {
    switch self {
    case .unavailable(.landlock, let reason):
      "Landlock does not work here (\(reason)): use Linux 6.2 or later with CONFIG_SECURITY_LANDLOCK "
        + "and start the tool as ./rhythm, or install bubblewrap and use --sandbox bubblewrap"
    case .unavailable(_, let reason):
      "bubblewrap does not work here (\(reason)): install it (apt-get install bubblewrap) and allow "
        + "user namespaces (on Ubuntu an AppArmor profile for bwrap), use --sandbox landlock, or "
        + "accept student code running unconfined with --sandbox none"
    case .leaks(let tier, let what):
      "the sandbox \(tier.rawValue) does not hold here (\(what)), so nothing was graded: use the other "
        + "tier (--sandbox bubblewrap or landlock), or another machine"
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
