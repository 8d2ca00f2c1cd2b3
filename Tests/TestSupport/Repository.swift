import Foundation

/// The working copy that the tests stand in.
package enum Repository {
  /// Its folder.
  package static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  /// Its path.
  package static var root: String { folder.path }

  /// What stands behind a mark in the lines of a file.
  package static func marked(_ mark: String, in path: String) throws -> Set<String> {
    let text = try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    return Set(
      text.split(separator: "\n").compactMap { line in
        line.range(of: mark).map { String(line[$0.upperBound...]) }
      })
  }
}
