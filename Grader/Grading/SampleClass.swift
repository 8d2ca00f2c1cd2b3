import Assignment
import Files
import Foundation
import Yams

/// The small class in the tree: submissions with known mistakes and what they deserve.
public struct SampleClass: Sendable {
  /// One submission.
  public struct Member: Codable, Sendable {
    /// What the files are that the submission does not bring itself.
    public enum Base: String, Codable, Sendable { case solutions, stubs }

    /// Some text of a file that the submission has otherwise.
    public struct Change: Codable, Sendable {
      let file: String
      let replace: String
      let with: String
    }

    /// The submission's name.
    public let name: String
    /// Where its files come from.
    public let base: Base
    /// What it has otherwise.
    public let changes: [Change]?
    /// The checks it must not pass: names, `lstm.*` for all that begin so, `*` for all.
    public let loses: [String]

    /// Whether it must not pass a check.
    func loses(_ check: String) -> Bool {
      loses.contains { $0.hasSuffix("*") ? check.hasPrefix($0.dropLast()) : $0 == check }
    }

    /// What in a result is not as deserved, one sentence each.
    public func differences(from result: SubmissionResult) -> [String] {
      result.checks.compactMap { check in
        guard (check.outcome == .passed) == loses(check.id) else { return nil }
        return "\(name): \(check.id) is \(check.outcome.rawValue) and should "
          + "\(loses(check.id) ? "not be" : "be passed") (\(check.message))"
      }
    }
  }

  /// The submissions.
  public let members: [Member]

  /// Reads a class file.
  ///
  /// - Throws: `FileError.cannotRead`.
  public init(file: URL) throws {
    guard let data = try? Data(contentsOf: file),
      let members = try? YAMLDecoder().decode([Member].self, from: data)
    else { throw FileError.cannotRead(path: file.path, reason: "not a list of submissions") }
    self.members = members
  }

  /// Writes every submission as a folder of the files that a student hands in.
  ///
  /// - Parameters:
  ///   - target: a folder that is made anew.
  ///   - files: the names of the students' files.
  /// - Throws: when a file cannot be read or written, or a text to replace is not in it.
  public func write(to target: URL, solutions: URL, stubs: URL, files: [String]) throws {
    try? FileManager.default.removeItem(at: target)
    for member in members {
      let base = member.base == .solutions ? solutions : stubs
      let submission = target.appendingPathComponent(member.name)
      try FileManager.default.createDirectory(at: submission, withIntermediateDirectories: true)
      for file in files {
        var text = try String(contentsOf: base.appendingPathComponent(file), encoding: .utf8)
        for change in member.changes ?? [] where change.file == file {
          guard text.contains(change.replace) else {
            throw FileError.cannotRead(
              path: base.path + "/" + file,
              reason: "the sample class replaces \(change.replace), which is not there any more")
          }
          text = text.replacingOccurrences(of: change.replace, with: change.with)
        }
        try AtomicFile.write(text, to: submission.appendingPathComponent(file).path)
      }
    }
  }
}
