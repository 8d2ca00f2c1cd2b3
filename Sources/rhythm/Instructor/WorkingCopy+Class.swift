import Gradebook

extension WorkingCopy {
  /// The unit that was named, or the one that a class was graded in, or the only one.
  ///
  /// - Parameter folder: where the class's results are; nil where there are none.
  /// - Throws: as `unit(_:)`; what is wrong with the gradebook.
  func unit(_ option: UnitOption, ofClassIn folder: String?) throws -> UnitManifest {
    var option = option
    if option.name == nil, let folder, Gradebook.isThere(folder) {
      option.name = try Gradebook(reading: folder).lastRun()?.unit
    }
    return try unit(option)
  }
}
