import Foundation

/// Keeps the folder of built workers below a size.
///
/// What is in it can be built again at any time: what was not used for the longest time goes first.
package enum CacheLimit {
  /// What may stay between runs: 1 GiB, some hundreds of workers.
  package static let bytes = 1 << 30

  /// Removes entries of a folder, the one used last at last, until the others are small enough.
  /// What is being written, under a name with a dot, is none. Where another process uses the folder,
  /// nothing is removed: that is left to the next one that has it to itself.
  package static func keep(_ folder: String, below bytes: Int = Self.bytes) {
    CacheUse.whileAlone(folder) { removeOldest(folder, below: bytes) }
  }

  private static func removeOldest(_ folder: String, below bytes: Int) {
    let manager = FileManager.default
    let names = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
    var entries = names.filter { !$0.hasPrefix(".") }.map { name in
      let path = folder + "/" + name
      return (path: path, used: usedLast(path), size: size(path))
    }
    entries.sort { $0.used > $1.used }
    var total = 0
    for entry in entries {
      total += entry.size
      if total > bytes { remove(entry.path) }
    }
  }

  /// Notes that an entry was used now.
  package static func touch(_ path: String) { utimes(path, nil) }

  /// Another process that looks for the entry meanwhile finds it whole or not at all.
  private static func remove(_ path: String) {
    let url = URL(fileURLWithPath: path)
    let aside = Leftovers.name(
      in: url.deletingLastPathComponent().path, prefix: WorkerBuilder.leftover)
    if rename(path, aside) == 0 { try? FileManager.default.removeItem(atPath: aside) }
  }

  private static func usedLast(_ path: String) -> Double {
    var status = stat()
    guard lstat(path, &status) == 0 else { return 0 }
    let time = status.st_mtim
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The room that a folder takes on the disk.
  private static func size(_ path: String) -> Int {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return names.reduce(0) { sum, name in
      var status = stat()
      return lstat(path + "/" + name, &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
    }
  }
}
