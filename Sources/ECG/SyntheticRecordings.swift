import Foundation
import TensorCore

/// Recordings made by a generator, in the layout of the Challenge 2017, so that everything runs
/// without a download. They are drawn to be learnable and no more: fibrillation shows in the
/// rhythm and the missing P waves rather than in the mean spectrum.
public enum SyntheticRecordings {
  /// Recordings in the default set.
  public static let defaultCount = 300
  /// Seed of the default set.
  public static let defaultSeed: UInt64 = 2017
  /// Share of fibrillating recordings in the default set; the real data have 12 %.
  public static let defaultShare = 0.3

  /// `count` recordings, `fibrillationShare` of them (rounded) fibrillating, the others normal. The
  /// same arguments give the same samples.
  public static func make(
    count: Int = defaultCount, seed: UInt64 = defaultSeed,
    fibrillationShare: Double = defaultShare
  ) -> Recordings {
    var generator = MersenneTwister(seed: seed)
    let count = max(0, count)
    let fibrillating = Int((Double(count) * min(max(fibrillationShare, 0), 1)).rounded())
    let order = generator.permutation(count)
    // A generator for each recording, so that they can be made in any order.
    let seeds = (0..<count).map { _ in UInt64(generator.next32()) }
    let all = (0..<count).map { index in
      var own = MersenneTwister(seed: seeds[index])
      let label: Rhythm = order[index] < fibrillating ? .fibrillation : .normal
      let number = String(index + 1)
      let name = "S" + String(repeating: "0", count: max(0, 5 - number.count)) + number
      let length = length(&own)
      var heart = SyntheticHeart(label, &own)
      return Recording(name: name, label: label, samples: heart.samples(length, &own))
    }
    return Recordings(all, source: "synthetic recordings, seed \(seed)")
  }

  /// Writes recordings as PhysioNet does, `NAME.mat` (MATLAB level 4) and `REFERENCE.csv`, into a
  /// new or empty folder: all of them or, after an error, nothing.
  /// Throws `ECGError.notEmpty` or `.unwritable`.
  public static func write(
    _ recordings: Recordings, to folder: String, progress: RecordingArchive.Progress = { _, _ in }
  ) throws {
    let manager = FileManager.default
    let target = URL(fileURLWithPath: folder).standardizedFileURL
    if manager.fileExists(atPath: target.path) {
      guard let names = try? manager.contentsOfDirectory(atPath: target.path), names.isEmpty else {
        throw ECGError.notEmpty(path: folder)
      }
    }
    let parent = target.deletingLastPathComponent()
    let draft = parent.appendingPathComponent(
      ".\(target.lastPathComponent).\(UUID().uuidString)")
    do {
      try manager.createDirectory(at: draft, withIntermediateDirectories: true)
      var labels = ""
      for (index, recording) in recordings.enumerated() {
        try MATLABFile.write(
          recording.samples, to: draft.appendingPathComponent(recording.name + ".mat").path)
        labels += "\(recording.name),\(recording.label.rawValue)\n"
        progress(index + 1, recordings.count)
      }
      try Data(labels.utf8).write(to: draft.appendingPathComponent("REFERENCE.csv"))
      if manager.fileExists(atPath: target.path) { try manager.removeItem(at: target) }
      try manager.moveItem(at: draft, to: target)
    } catch let error as ECGError {
      try? manager.removeItem(at: draft)
      throw error
    } catch {
      try? manager.removeItem(at: draft)
      throw ECGError.unwritable(path: folder, detail: reason(error))
    }
  }

  /// A length like those of the archive: most have 9000 samples, the others 2714 to 18286.
  private static func length(_ generator: inout MersenneTwister) -> Int {
    let kind = generator.uniform()
    if kind < 0.7 { return 9000 }
    return kind < 0.82
      ? 2714 + generator.nextIndex(below: 9000 - 2714)
      : 9000 + generator.nextIndex(below: 18287 - 9000)
  }
}
