import Foundation

/// Temporary folders whose names begin with the process that made them, so that those of processes
/// that were killed can be told apart and removed.
package enum Leftovers {
  /// A new name in a folder.
  package static func name(in folder: String, prefix: String) -> String {
    "\(folder)/\(prefix)\(getpid())-\(UUID().uuidString)"
  }

  /// Removes what processes left that are no more.
  package static func remove(in folder: String, prefix: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(prefix) {
      guard
        let process = name.dropFirst(prefix.count).split(separator: "-").first
          .flatMap({ pid_t($0) }), kill(process, 0) != 0, errno == ESRCH
      else { continue }
      try? FileManager.default.removeItem(atPath: folder + "/" + name)
    }
  }
}
