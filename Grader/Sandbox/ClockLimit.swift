/// A limit on the clock that does not depend on what else the machine does.
///
/// The time in which a command was ready and had no processor does not count where the system tells
/// (Linux does), so on a busy machine it may take longer, though not for ever. Its own threads can
/// keep each other waiting, but that costs as much processor time.
public struct ClockLimit: Sendable {
  /// The seconds that count.
  public let seconds: Double
  /// So many times the limit may pass on the clock, whatever counts.
  public static let most = 10.0

  /// Makes a limit.
  public init(seconds: Double) { self.seconds = seconds }

  /// The seconds that are left; none where it is not positive.
  ///
  /// - Parameters:
  ///   - elapsed: seconds on the clock since the start.
  ///   - withoutProcessor: how many of them the command waited for a processor.
  public func remaining(elapsed: Double, withoutProcessor: Double) -> Double {
    min(seconds - (elapsed - withoutProcessor), Self.most * seconds - elapsed)
  }
}
