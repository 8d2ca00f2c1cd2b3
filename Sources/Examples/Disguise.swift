/// What a grading run may change in examples without making another task of them, so that a table of the
/// public labels, a trained network brought along or what another run has seen is worthless.
public struct Disguise: Sendable, Hashable {
  /// What may be done to the numbers of a row.
  public enum Rows: Sendable, Hashable {
    /// They stay as they are.
    case kept
    /// The features have no order: they are permuted, and each has a gain and an offset of its own,
    /// drawn from the ranges.
    case features(gains: ClosedRange<Float>, offsets: ClosedRange<Float>)
    /// The numbers are samples of a signal: all have one gain, drawn from the range.
    case signal(gains: ClosedRange<Float>)
  }

  /// What may be done to each input's rows; inputs without a word stay as they are.
  public var rows: [String: Rows]
  /// Inputs whose rows may change places in every example alike, since a network learns where they stand.
  public var permutedSteps: Set<String>
  /// Whether the classes may change their numbers.
  public var permutesClasses: Bool

  /// Describes a disguise.
  public init(
    rows: [String: Rows] = [:], permutedSteps: Set<String> = [], permutesClasses: Bool
  ) {
    self.rows = rows
    self.permutedSteps = permutedSteps
    self.permutesClasses = permutesClasses
  }
}
