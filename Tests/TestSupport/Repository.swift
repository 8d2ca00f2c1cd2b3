import Foundation

/// The working copy that the tests stand in.
package enum Repository {
  /// Its folder.
  package static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  /// Its path.
  package static var root: String { folder.path }
}
