import Assignment

/// How the build of one submission ended.
public enum BuildOutcome: Sendable, Equatable {
  /// The worker's path, and what the compiler warned of in the student's files,
  /// `Layer.swift:41:9: warning: …`.
  case built(worker: String, warnings: [String] = [])
  /// The student's files do not compile: the compiler's errors, `Layer.swift:41:9: error: …`.
  case rejected(errors: [String])
  /// They compile, and some use what they are to write.
  case usesReserved([ReservedUse])
}

/// The compiler took too long on the clock, for which a busy machine may be the reason.
package struct BuildTimedOut: Error, CustomStringConvertible {
  package let description: String
}
