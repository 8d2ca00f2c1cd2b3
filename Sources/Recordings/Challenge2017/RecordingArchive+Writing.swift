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
    try PublishedFiles.write(to: path) {
      try writeFiles(recordings, in: $0, progress: progress)
    }
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
      try Data(ChallengeHeader.text(recording, isSynthetic: recordings.isSynthetic).utf8).write(
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
