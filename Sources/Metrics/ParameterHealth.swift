/// How a parameter fares in a training, at the end of an epoch.
public struct ParameterHealth: Codable, Sendable, Equatable {
  /// The parameter's name in its network, such as `lstm.W_xi`.
  public var name: String
  /// The length of its gradient in the last batch, before any clipping; nil where none reached it.
  public var gradient: Double?
  /// The length of the way from where it stood at the training's start.
  public var moved: Double
  /// The length of what it was at the start.
  public var start: Double

  /// Makes a description.
  public init(name: String, gradient: Double?, moved: Double, start: Double) {
    self.name = name
    self.gradient = gradient
    self.moved = moved
    self.start = start
  }
}
