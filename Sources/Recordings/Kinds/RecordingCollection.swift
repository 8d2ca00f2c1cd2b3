/// Recordings as they are read, and where they came from.
public protocol RecordingCollection: Sendable {
  /// Where the recordings came from, for people: a path, or that they are synthetic.
  var source: String { get }
  /// Whether they were made up, wherever they came from by now: another task than the real ones, with
  /// other goals.
  var isSynthetic: Bool { get }
  /// Whether they are all of a public set, as published figures are of.
  var isWhole: Bool { get }
  /// What is counted, such as `recordings`.
  var noun: String { get }
  /// How many there are.
  var count: Int { get }
  /// What should have been among them but is damaged, missing or not listed.
  var skipped: [SkippedRecording] { get }
  /// How many there are of what, in lines for people.
  var inventory: String { get }
  /// How many there are and in which version, a clause for people.
  var summary: String { get }

  /// The same recordings with another word on where they came from.
  func from(_ source: String) -> Self
  /// Writes them into the local store of a folder, which stays whole until the new one is.
  ///
  /// - Returns: the store's path.
  /// - Throws: a sentence when it cannot be written.
  func save(in folder: String) throws -> String
  /// Writes them as they are published: a folder, or an archive if the name ends in `.zip`.
  ///
  /// - Throws: a sentence when it cannot be written.
  func write(to path: String, progress: RecordingProgress) throws
}

extension RecordingCollection {
  /// Recordings, mostly.
  public var noun: String { "recordings" }
}

/// A recording that was left out.
public struct SkippedRecording: Sendable, Equatable {
  /// The record's name.
  public let name: String
  /// What was wrong with it, a sentence.
  public let problem: String
}
