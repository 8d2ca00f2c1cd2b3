import Foundation
import Yams

/// The small class in the tree: submissions with known mistakes and what they deserve.
public struct SampleClass: Sendable {
  /// One submission.
  public struct Member: Codable, Sendable {
    /// What the files are that the submission does not bring itself.
    public enum Base: String, Codable, Sendable { case solutions, stubs }

    /// The submission's name, and the folder of its own files.
    public let name: String
    /// Where the other files come from.
    public let base: Base
    /// The points it deserves.
    public let points: Double
  }

  /// The submissions.
  public let members: [Member]
  private let folder: URL

  /// Reads `class.yml` in a folder.
  ///
  /// - Throws: `BatchError.cannotRead`.
  public init(folder: URL) throws {
    self.folder = folder
    let path = folder.appendingPathComponent("class.yml")
    guard let data = try? Data(contentsOf: path),
      let members = try? YAMLDecoder().decode([Member].self, from: data)
    else { throw BatchError.cannotRead(path: path.path, reason: "not a list of submissions") }
    self.members = members
  }

  /// Writes every submission as a folder of the files that a student hands in.
  ///
  /// - Parameters:
  ///   - target: a folder that is made anew.
  ///   - files: the names of the students' files.
  /// - Throws: when a file cannot be read or written.
  public func write(to target: URL, solutions: URL, stubs: URL, files: [String]) throws {
    try? FileManager.default.removeItem(at: target)
    for member in members {
      let own = folder.appendingPathComponent(member.name)
      let base = member.base == .solutions ? solutions : stubs
      let submission = target.appendingPathComponent(member.name)
      try FileManager.default.createDirectory(at: submission, withIntermediateDirectories: true)
      for file in files {
        let changed = own.appendingPathComponent(file)
        let source =
          FileManager.default.fileExists(atPath: changed.path)
          ? changed : base.appendingPathComponent(file)
        try FileManager.default.copyItem(at: source, to: submission.appendingPathComponent(file))
      }
    }
  }
}
