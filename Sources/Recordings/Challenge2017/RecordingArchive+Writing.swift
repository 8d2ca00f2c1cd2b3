import Archives
import Foundation

extension RecordingArchive {
  /// Writes recordings as PhysioNet does: `NAME.mat` (MATLAB level 4) and `NAME.hea` (WFDB) of each,
  /// and `REFERENCE.csv`.
  ///
  /// Where `path` ends in `.zip` it becomes an archive of one folder, as `training2017.zip` is, and
  /// must not be there yet; else a new or empty folder. The same recordings give the same bytes. All
  /// is written or, after an error, nothing. Throws `RecordingError.notEmpty` or `.unwritable`.
  public static func write(
    _ recordings: RecordingSet, to path: String, progress: RecordingProgress = { _, _ in }
  ) throws {
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
      let names = try writeFiles(recordings, in: draft, progress: progress)
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

  /// The names of the files written, in order.
  private static func writeFiles(
    _ recordings: RecordingSet, in folder: URL, progress: RecordingProgress
  ) throws -> [String] {
    var names: [String] = []
    var labels = ""
    for (index, recording) in recordings.enumerated() {
      let header = recording.name + ".hea"
      let samples = recording.name + ".mat"
      try Data(WFDBHeader.text(recording, isSynthetic: recordings.isSynthetic).utf8).write(
        to: folder.appendingPathComponent(header))
      try MATLABFile.write(
        recording.samples, to: folder.appendingPathComponent(samples).path)
      names += [header, samples]
      labels += "\(recording.name),\(recording.label.rawValue)\n"
      report(index + 1, recordings.count, progress)
    }
    try Data(labels.utf8).write(to: folder.appendingPathComponent(labelFile))
    return names + [labelFile]
  }
}
