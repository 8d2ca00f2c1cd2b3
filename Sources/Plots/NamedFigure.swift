import Recordings

/// A picture that `./rhythm plot NAME` draws of recordings.
public struct NamedFigure<Collection: Sendable>: Sendable {
  /// The name on the command line.
  public let name: String
  /// What it shows, a line for people.
  public let summary: String
  /// Draws it.
  ///
  /// - Throws: a sentence where the recordings have nothing to show.
  public let draw: @Sendable (Collection) throws -> Figure

  /// Names a picture.
  public init(
    _ name: String, _ summary: String, draw: @escaping @Sendable (Collection) throws -> Figure
  ) {
    self.name = name
    self.summary = summary
    self.draw = draw
  }
}

/// A kind of data whose recordings can be drawn.
public protocol DrawnKind: DataKind {
  /// The pictures.
  var figures: [NamedFigure<Collection>] { get }
}
