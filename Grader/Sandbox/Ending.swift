/// How a command ended and what it used.
public struct Ending: Sendable, Equatable {
  /// The exit status, if it ended by itself.
  public let exitStatus: Int32?
  /// The signal that ended it; for a confined command also deduced from bubblewrap's 128 + signal,
  /// so `exit(139)` reads as a segmentation fault (both are failures).
  public let signal: Int32?
  /// The limit that made the grader stop it.
  public let exceeded: ExceededLimit?
  /// Whether `terminate()` stopped it.
  public let terminated: Bool
  /// Processor seconds of all its processes.
  public let cpuSeconds: Double
  /// Seconds on the clock.
  public let wallSeconds: Double
  /// The largest resident size seen, all processes together; sampled, so short peaks are missed.
  public let peakMemoryBytes: Int

  /// It ended by itself with status 0.
  public var isSuccess: Bool {
    exitStatus == 0 && signal == nil && exceeded == nil && !terminated
  }

  /// In a few words: "exit status 3", "signal 11".
  public var summary: String {
    if let exceeded { return "limit \(exceeded.rawValue)" }
    if terminated { return "being stopped" }
    if let signal { return "signal \(signal)" }
    return "exit status \(exitStatus ?? -1)"
  }
}
