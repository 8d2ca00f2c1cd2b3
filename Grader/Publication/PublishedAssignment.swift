import Assignment
import Files
import Foundation

/// An assignment as a class was graded by it: the pages of a published state show its titles,
/// points and questions, whatever the assignment file says by now.
public struct PublishedAssignment: Codable, Sendable {
  /// Where it lies in an output folder.
  public static let folder = "assignment"

  /// The assignment file.
  public let manifest: AssignmentManifest
  /// ANSWERS.md and the stubs as handed out, by name: answers and copied files are told from them.
  private let files: [String: Data]

  /// Takes the files of `Assignments/<Unit>`; one that is missing is left out.
  public init(_ manifest: AssignmentManifest, assignmentFolder: String) {
    self.manifest = manifest
    var files: [String: Data] = [:]
    for name in manifest.files + ["ANSWERS.md"] {
      files[name] = FileManager.default.contents(atPath: assignmentFolder + "/" + name)
    }
    self.files = files
  }

  /// Writes it into a folder.
  package func write(to folder: String) throws {
    try AtomicFile.createFolder(folder)
    try AtomicFile.write(OutputFolder.json(manifest), to: folder + "/assignment.json")
    for (name, data) in files { try AtomicFile.write(data, to: folder + "/" + name) }
  }

  /// The assignment file of an output folder; nil when it has none.
  public static func manifest(in outputFolder: String) -> AssignmentManifest? {
    FileManager.default.contents(atPath: "\(outputFolder)/\(folder)/assignment.json")
      .flatMap { try? JSONDecoder().decode(AssignmentManifest.self, from: $0) }
  }
}
