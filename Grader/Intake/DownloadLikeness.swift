import Foundation

/// Whether something looks like a platform's download of a whole class.
///
/// Within a submission that decides nothing: a student can pack an archive that forges everybody's.
/// It is only said, so that the instructor can look.
enum DownloadLikeness {
  /// The sentence for a submission in which it is seen.
  static let note =
    "it holds what looks like a download of a whole class: taken as files of one submission"

  /// The names that are looked at in one submission: a download has its form in each of them.
  private static let mostNames = 500

  /// Whether a folder or an archive, or one in it at any depth, has a platform's form.
  static func isSeen(in node: Node, _ timeZone: TimeZone) -> Bool {
    var left = mostNames
    return isSeen(in: node, timeZone, &left)
  }

  private static func isSeen(in node: Node, _ timeZone: TimeZone, _ left: inout Int) -> Bool {
    guard node.kind != .file, left > 0 else { return false }
    if ClassroomRepositories(node) != nil { return true }
    for child in node.children.prefix(left) {
      left -= 1
      if isForm(child.name, child.kind, timeZone) { return true }
    }
    for child in node.children where left > 0 {
      if isSeen(in: child, timeZone, &left) { return true }
    }
    return false
  }

  private static func isForm(_ name: String, _ kind: Node.Kind, _ timeZone: TimeZone) -> Bool {
    name == Interest.gradescope
      || PlatformName.read(name, isFolder: kind == .folder, in: timeZone) != nil
  }

  /// Whether a submission holds one. The names that the platform gave its own files are none of the
  /// student's.
  static func isSeen(in parcel: Parcel, _ timeZone: TimeZone) -> Bool {
    if let place = parcel.place { return isSeen(in: place, timeZone) }
    var left = mostNames
    return parcel.items.contains { item in
      left -= 1
      return left > 0
        && (isForm(item.name, item.node.kind, timeZone) || isSeen(in: item.node, timeZone, &left))
    }
  }
}
