import Assignment
import Foundation
import Proof

extension WorkingCopy {
  /// The known mistakes and right variants of a unit.
  ///
  /// - Throws: a sentence when an entry does not fit the Solutions or the assignment.
  func mistakes(_ manifest: AssignmentManifest) throws -> MistakeLibrary {
    try MistakeLibrary(
      folder: URL(fileURLWithPath: "\(root)/Grader/Units/\(manifest.unit)/Mistakes"),
      solutions: URL(fileURLWithPath: solutions(manifest.unit)), manifest: manifest)
  }
}
