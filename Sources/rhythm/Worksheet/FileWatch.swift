import Foundation

/// Says whether files have changed: by their time, size and number, since editors write in place or put
/// another file there.
struct FileWatch {
  private struct Sign: Equatable {
    let seconds, nanoseconds, size, number: Int
  }

  private let path: String
  private let folder: String
  private var signs: [String: Sign]

  /// Begins to watch a file, and the Swift files in a folder, which may come and go.
  init(_ path: String, andFolder folder: String) {
    self.path = path
    self.folder = folder
    signs = Self.signs(path, folder)
  }

  /// Whether something has changed since this was last noted.
  ///
  /// The file itself may be gone for a moment, as while an editor puts a new one in its place: then nothing
  /// has changed yet.
  var hasChanged: Bool {
    let found = Self.signs(path, folder)
    return found != signs && found[path] != nil
  }

  /// Takes what is there for known.
  mutating func note() { signs = Self.signs(path, folder) }

  private static func signs(_ path: String, _ folder: String) -> [String: Sign] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let others = names.filter { $0.hasSuffix(".swift") && !$0.hasPrefix(".") }
    var signs: [String: Sign] = [:]
    for path in [path] + others.map({ folder + "/" + $0 }) {
      var status = stat()
      guard stat(path, &status) == 0 else { continue }
      signs[path] = Sign(
        seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
        size: Int(status.st_size), number: Int(status.st_ino))
    }
    return signs
  }
}
