import Foundation

/// A course of one small unit, laid out as the real one.
package enum ToyCourse {
  /// Its folder.
  package static let folder = Repository.folder.appendingPathComponent("Tests/ToyCourse")
  /// The stubs, with the manifest.
  package static let assignment = folder.appendingPathComponent("Assignments/Toy")
  /// The solutions.
  package static let solutions = folder.appendingPathComponent("Solutions/Toy")
  /// What the judge compares with.
  package static var reference: URL { Program.products.appendingPathComponent("ToyReference") }
  /// The tool's judge for this unit.
  package static var judge: URL { Program.products.appendingPathComponent("ToyJudge") }
}
