/// How many bytes of files are kept in memory, so that a submission of thousands of large files named
/// like the manifest's harms nobody.
///
/// Which submission a file belongs to is known only when all is read: what lies under one first name
/// is one submission, or a folder around the whole class, in which what lies under one second name is.
final class ContentBudget {
  /// Bytes of one submission.
  private static let maximumBytes = 32 << 20
  /// Bytes of a download, and so of a folder that may lie around a class.
  private static let maximumBytesOfAll = 2 << 30
  /// How many names stand before the first one of a download.
  private let level: Int
  private var bytes: [[String]: Int] = [:]
  private var firstNames: [[String]: Set<String>] = [:]

  /// - Parameter downloads: whether each place in the delivery is a download of its own.
  init(downloads: Bool = false) { level = downloads ? 1 : 0 }

  /// Counts a file's bytes.
  ///
  /// - Parameter folders: those around it, from the delivery's outermost one on.
  /// - Returns: false where it may not be kept.
  func take(_ count: Int, at folders: [String]) -> Bool {
    let download = Array(folders.prefix(level))
    var limits = [download: Self.maximumBytesOfAll]
    if folders.count > level {
      firstNames[download, default: []].insert(folders[level])
      // a folder around the class has none beside it
      let isAround = folders.count > level + 1 && firstNames[download]?.count == 1
      if !isAround { limits[Array(folders.prefix(level + 1))] = Self.maximumBytes }
      limits[Array(folders.prefix(level + 2))] = Self.maximumBytes
    }
    for (place, limit) in limits where bytes[place, default: 0] + count > limit { return false }
    for length in level...level + 2 where length <= folders.count {
      bytes[Array(folders.prefix(length)), default: 0] += count
    }
    return true
  }

  /// What is said of a file that is not kept.
  static func sentence(_ name: String) -> String {
    "\(name) is beyond the \(maximumBytes >> 20) MiB of files that are read of one submission: "
      + "not used"
  }
}
