import Assignment
import Foundation
import Mistakes

extension WorkingCopy {
  /// The known mistakes and right variants of a unit.
  ///
  /// - Throws: a sentence when an entry does not fit the Solutions or the assignment.
  func mistakes(_ unit: String, _ manifest: AssignmentManifest) throws -> MistakeLibrary {
    try MistakeLibrary(
      folder: URL(fileURLWithPath: "\(root)/Grader/Mistakes/\(unit)"),
      solutions: URL(fileURLWithPath: solutions(unit)), manifest: manifest)
  }
}
