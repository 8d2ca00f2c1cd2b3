import Foundation

/// Makes a folder hold what another holds, and leaves alone what it holds already: a file that is the same
/// keeps its date, so that a build in that folder compiles only what differs.
public struct FolderMirror {
  private let source: URL
  private let kept: Set<String>

  /// - Parameters:
  ///   - source: the folder with the contents, regular files and folders.
  ///   - kept: names at the top of the other folder that are its own, such as `.build`.
  public init(of source: URL, keeping kept: Set<String> = []) {
    self.source = source
    self.kept = kept
  }

  /// Writes what is missing or differs, and removes what the source does not have.
  ///
  /// - Returns: the paths of files and folders that were removed, in order.
  /// - Throws: when a file cannot be read, written or removed.
  @discardableResult
  public func write(to target: URL) throws -> [String] {
    var removed: [String] = []
    try mirror("", to: target, &removed)
    return removed.sorted()
  }

  private func mirror(_ path: String, to root: URL, _ removed: inout [String]) throws {
    let manager = FileManager.default
    let (from, to) = (source.appendingPathComponent(path), root.appendingPathComponent(path))
    if kind(of: to) != .typeDirectory {
      try? manager.removeItem(at: to)
      try manager.createDirectory(at: to, withIntermediateDirectories: true)
    }
    let names = try manager.contentsOfDirectory(atPath: from.path)
    for name in try manager.contentsOfDirectory(atPath: to.path) where !names.contains(name) {
      if path.isEmpty, kept.contains(name) { continue }
      try manager.removeItem(at: to.appendingPathComponent(name))
      removed.append(path.isEmpty ? name : "\(path)/\(name)")
    }
    for name in names {
      let child = path.isEmpty ? name : "\(path)/\(name)"
      let (file, copy) = (from.appendingPathComponent(name), to.appendingPathComponent(name))
      if kind(of: file) == .typeDirectory {
        try mirror(child, to: root, &removed)
      } else if try !isSame(file, copy) {
        try? manager.removeItem(at: copy)
        try manager.copyItem(at: file, to: copy)
      }
    }
  }

  private func kind(of url: URL) -> FileAttributeType? {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path) else {
      return nil
    }
    return attributes[.type] as? FileAttributeType
  }

  private func isSame(_ file: URL, _ copy: URL) throws -> Bool {
    let manager = FileManager.default
    guard kind(of: copy) == .typeRegular,
      let own = try? manager.attributesOfItem(atPath: copy.path)[.posixPermissions] as? Int,
      let given = try? manager.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    else { return false }
    return try own == given && Data(contentsOf: file) == Data(contentsOf: copy)
  }
}
