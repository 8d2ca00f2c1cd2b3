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
    /// The numbers are samples of a signal: all of an example have one gain, drawn from the range, and where
    /// `isUpright` is false the signals of all examples may be turned upside down.
    case signal(gains: ClosedRange<Float>, isUpright: Bool)
    /// A row is several signals, one along each place of its first axis: they have no order, are permuted in all
    /// examples alike, and each has a gain of its own, drawn from the range.
    case channels(gains: ClosedRange<Float>)
    /// A row is a vector in a space without directions of its own: all are turned by one random orthogonal matrix.
    case rotated
    /// A row is a number that tells things apart, a whole one from 0: the numbers change places among themselves.
    case renumbered
  }

  /// What may be done to the order of an input's rows, in all examples alike.
  public enum Steps: Sendable, Hashable {
    /// They may change places: a network learns where each of them stands.
    case permuted
    /// They may run backwards: a network learns what it is to look for in either direction.
    case reversed
  }

  /// What may be done to each input's rows; inputs without a word stay as they are.
  public var rows: [String: Rows]
  /// What may be done to the order of each input's rows; inputs without a word keep it.
  public var steps: [String: Steps]
  /// Whether the classes, or the labels of which an example has a set, may change their numbers.
  public var permutesClasses: Bool

  /// Describes a disguise.
  public init(
    rows: [String: Rows] = [:], steps: [String: Steps] = [:], permutesClasses: Bool
  ) {
    self.rows = rows
    self.steps = steps
    self.permutesClasses = permutesClasses
  }
}
