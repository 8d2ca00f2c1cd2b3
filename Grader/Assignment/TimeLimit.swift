/// Which limit on time a check has passed.
public enum TimeLimit: String, Codable, Sendable {
  /// That on processor time.
  case processor
  /// That on the clock; a busy machine may be the reason.
  case clock
  /// That on all of a submission's checks together.
  case submission
}
