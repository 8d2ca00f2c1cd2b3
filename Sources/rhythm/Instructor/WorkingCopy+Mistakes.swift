import Assignment
import Foundation
import Judge
import Proof
import Units

extension WorkingCopy {
  /// The known mistakes and right variants of a unit.
  ///
  /// - Throws: a sentence when an entry does not fit the Solutions, the assignment or the known mistakes.
  func mistakes(_ manifest: AssignmentManifest) throws -> MistakeLibrary {
    try MistakeLibrary(
      folder: URL(fileURLWithPath: "\(root)/Grader/Units/\(manifest.unit)/Mistakes"),
      solutions: URL(fileURLWithPath: solutions(manifest.unit)), manifest: manifest,
      known: Units.unit(named: manifest.unit).facts.mistakeSentences)
  }
}
