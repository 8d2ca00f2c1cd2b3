import Assignment
import Files
import Foundation

/// The `.swift` files in a unit's folder.
struct UnitSources {
  /// Those that a student may change.
  private(set) var students: [String: [UInt8]] = [:]
  /// The course's own.
  private(set) var provided: [String: [UInt8]] = [:]

  /// Reads them.
  ///
  /// - Throws: `FileError.cannotRead`, also of a file that the manifest names and that is not there.
  init(_ manifest: AssignmentManifest, folder: String) throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw FileError.cannotRead(path: folder, reason: "no such unit")
    }
    for name in names where name.hasSuffix(".swift") && !name.hasPrefix(".") {
      guard let data = FileManager.default.contents(atPath: folder + "/" + name) else {
        throw FileError.cannotRead(path: folder + "/" + name, reason: "no permission")
      }
      if manifest.files.contains(name) {
        students[name] = [UInt8](data)
      } else {
        provided[name] = [UInt8](data)
      }
    }
    let ofParts = (manifest.parts ?? [:]).values.flatMap(\.files).filter { provided[$0] == nil }
    for name in manifest.files + ofParts where students[name] == nil {
      throw FileError.cannotRead(
        path: folder + "/" + name, reason: "assignment.yml names it, but it is not there")
    }
  }
}
