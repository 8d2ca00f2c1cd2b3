import Archives
import Foundation

extension PublishedFiles {
  /// Writes files as they are published: where `path` ends in `.zip` an archive of one folder, which must
  /// not be there yet; else a new or empty folder. All is written or, after an error, nothing.
  ///
  /// - Parameter body: writes files into a folder and returns their names in order.
  /// - Throws: `RecordingError.notEmpty` or `.unwritable`.
  static func write(to path: String, _ body: (_ folder: URL) throws -> [String]) throws {
    let target = URL(fileURLWithPath: path).standardizedFileURL
    let isZip = target.pathExtension == "zip"
    try checkIsFree(target, isZip: isZip, path: path)
    let draft = target.deletingLastPathComponent()
      .appendingPathComponent(".\(target.lastPathComponent).\(UUID().uuidString)")
    let packed = draft.appendingPathExtension("zip")
    let manager = FileManager.default
    defer {
      try? manager.removeItem(at: draft)
      try? manager.removeItem(at: packed)
    }
    do {
      try manager.createDirectory(at: draft, withIntermediateDirectories: true)
      let names = try body(draft)
      guard isZip else {
        if manager.fileExists(atPath: target.path) { try manager.removeItem(at: target) }
        return try manager.moveItem(at: draft, to: target)
      }
      let folder = target.deletingPathExtension().lastPathComponent
      try ZipArchive.write(to: packed.path) { add in
        for name in names {
          try add("\(folder)/\(name)", Array(Data(contentsOf: draft.appendingPathComponent(name))))
        }
      }
      try manager.moveItem(at: packed, to: target)
    } catch let error as RecordingError {
      throw error
    } catch let error as ArchiveError {
      throw RecordingError.unwritable(path: path, detail: "\(error)")
    } catch {
      throw RecordingError.unwritable(path: path, detail: reason(error))
    }
  }

  private static func checkIsFree(_ target: URL, isZip: Bool, path: String) throws {
    let manager = FileManager.default
    guard manager.fileExists(atPath: target.path) else { return }
    guard !isZip, let names = try? manager.contentsOfDirectory(atPath: target.path), names.isEmpty
    else { throw RecordingError.notEmpty(path: path) }
  }
}
