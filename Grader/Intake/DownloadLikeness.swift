import Foundation

/// Whether something looks like a platform's download of a whole class.
///
/// Within a submission that decides nothing: a student can pack an archive that forges everybody's.
/// It is only said, so that the instructor can look.
enum DownloadLikeness {
  /// The sentence for a submission in which it is seen.
  static let note =
    "it holds what looks like a download of a whole class: taken as files of one submission"

  /// Whether a folder or an archive, or one in it at any depth, has a platform's form.
  static func isSeen(in node: Node, _ timeZone: TimeZone) -> Bool {
    guard node.kind != .file else { return false }
    return node.children.contains { child in
      child.name == Interest.gradescope
        || PlatformName.read(child.name, isFolder: child.kind == .folder, in: timeZone) != nil
    } || ClassroomRepositories(node) != nil
      || node.children.contains { isSeen(in: $0, timeZone) }
  }

  /// Whether a submission holds one. The names that the platform gave its own files are none of the
  /// student's.
  static func isSeen(in parcel: Parcel, _ timeZone: TimeZone) -> Bool {
    if let place = parcel.place { return isSeen(in: place, timeZone) }
    return parcel.items.contains { item in
      item.name == Interest.gradescope
        || PlatformName.read(item.name, isFolder: item.node.kind == .folder, in: timeZone) != nil
        || isSeen(in: item.node, timeZone)
    }
  }
}
