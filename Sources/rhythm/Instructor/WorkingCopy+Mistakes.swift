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
      // a unit that another judge knows (RHYTHMLAB_JUDGE) calls its mistakes by their sentences
      known: Units.units.first { $0.name == manifest.unit }?.facts.mistakeSentences ?? [:])
  }
}
