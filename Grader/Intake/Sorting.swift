import Foundation
import People

/// Sorts a delivery into parcels: looks for a platform's form at its outermost level, and takes what
/// has none as a plain folder.
///
/// Who hands in is said by the outermost level alone, since everything below it is some student's
/// choice. The outermost level is what lies directly
/// - in the folder or the archive that the instructor names; or,
/// - where that is an archive in which one folder holds everything, in this folder: packers put one
///   around, as Gradescope's `assignment_123_export`; or,
/// - where the instructor says that the folder holds downloads (`IntakeRules.holdsDownloads`), in each
///   archive or folder of it, by the same rules.
///
/// Nothing else is: an archive or a folder in the folder that was named is one submission, also where
/// it lies there alone and looks like a download of a whole class.
struct Sorting {
  let timeZone: TimeZone
  /// The folder that decisions are kept in, where it is known.
  let results: String?
  var parcels: [Parcel] = []
  /// What is no submission, a sentence each.
  var unrecognised: [String] = []
  /// What must be looked at.
  var problems: [Problem] = []

  /// Sorts what was delivered.
  ///
  /// - Parameter holdsDownloads: whether each place in it is a download of its own.
  init(
    _ root: Node, timeZone: TimeZone, holdsDownloads: Bool = false, results: String? = nil
  ) throws {
    self.timeZone = timeZone
    self.results = results
    guard holdsDownloads else {
      try sortDelivery(root, source: [])
      return
    }
    for child in root.children {
      if child.kind == .file {
        leave(child, source: [], "neither a folder nor a zip or tar.gz archive")
      } else {
        if let problem = child.problem {
          problems.append(Problem(.notTaken, [], "\(shown(child.name)): \(problem)"))
        }
        try sortDelivery(child, source: [child.name])
      }
    }
    reportRemarks(of: root)
  }

  private mutating func sortDelivery(_ root: Node, source: [String]) throws {
    let level = Self.outermost(root)
    var place = source
    if level !== root {
      place.append(level.name)
      for child in root.children where child.kind == .file {
        leave(child, source: source, "lies beside the submissions")
      }
      reportRemarks(of: root)
    }
    if try !sortPlatform(level, source: place) { sortPlain(level, source: place) }
    if level === root, let wrapped = Self.wrapped(root), Self.holdsMuch(wrapped) {
      problems.append(
        Problem(
          .form, [],
          "\(Self.path(source + [wrapped.name])) holds files of the assignment and folders or archives "
            + "that hold some too, and is taken for one submission: if it is a class, take the files "
            + "out that lie beside the folders"))
    }
  }

  /// The outermost level of a delivery: the delivery itself, or the folder that lies around everything
  /// in it.
  static func outermost(_ root: Node) -> Node {
    guard !hasPlatformForm(root), let wrapped = wrapped(root),
      hasPlatformForm(wrapped) || holdsAClass(wrapped)
    else { return root }
    return wrapped
  }

  /// Whether what lies in a folder or archive is named as a platform does it, in whatever time zone.
  private static func hasPlatformForm(_ node: Node) -> Bool {
    node.children.contains {
      $0.name == Interest.gradescope && $0.contents != nil
        || PlatformName.read($0.name, isFolder: $0.kind == .folder, in: .gmt) != nil
    } || ClassroomRepositories(node) != nil
  }

  /// The folder that an archive was made of, which lies around everything in it.
  private static func wrapped(_ root: Node) -> Node? {
    let places = root.children.filter { $0.kind != .file }
    guard root.kind == .archive, places.count == 1, let only = places.first, only.kind == .folder,
      !root.children.contains(where: { $0.contents != nil })
    else { return nil }
    return only
  }

  /// Whether a folder holds students' folders and archives, and is not itself one student's.
  private static func holdsAClass(_ folder: Node) -> Bool {
    folder.children.contains { $0.kind != .file }
      && !folder.children.contains { $0.contents != nil }
  }

  /// Whether what is taken for one submission may be a class all the same, with a file astray.
  private static func holdsMuch(_ folder: Node) -> Bool {
    folder.children.contains { $0.contents != nil }
      && folder.children.count { $0.kind != .file && $0.holdsContents } > 1
  }

  private mutating func sortPlain(_ root: Node, source: [String]) {
    reportRemarks(of: root)
    let places = root.children.filter { $0.kind != .file }
    if places.isEmpty, root.holdsContents {
      // One student's own archive or folder.
      plain(root, source: source)
      return
    }
    for child in root.children {
      if child.kind == .file, Interest.packedExtension(child.name) != nil {
        child.problem =
          "\(shown(child.name)) is packed in a way that is not read here: unpack it into a folder, or "
          + "ask for a zip"
        plain(child, source: source + [child.name])
      } else if child.kind == .file {
        leave(child, source: source, "neither a folder nor a zip or tar.gz archive")
      } else {
        let place = source + [child.name]
        if DownloadLikeness.isSeen(in: child, timeZone) {
          problems.append(
            Problem(
              .form, [Self.plainName(child)],
              "\(Self.path(place)) looks like a platform's download of a class and is taken for one "
                + "submission: if it is your own download, name it itself in place of the folder that "
                + "it lies in, or say --downloads if all in this folder are"))
        }
        plain(child, source: place)
      }
    }
  }

  mutating func plain(_ node: Node, source: [String]) {
    parcels.append(
      Parcel(
        node, platform: .plain, people: [], name: Self.plainName(node),
        source: Self.path(source)))
  }

  static func plainName(_ node: Node) -> String {
    let suffix =
      switch node.kind {
      case .folder: 0
      case .archive: Interest.archiveExtension(node.name) ?? 0
      case .file: Interest.packedExtension(node.name) ?? 0
      }
    return shown(String(node.name.dropLast(suffix)))
  }

  static func path(_ components: [String]) -> String {
    components.isEmpty ? "." : components.map(shown).joined(separator: "/")
  }

  mutating func reportRemarks(of node: Node) {
    for remark in node.ownRemarks {
      leave(remark.sentence, mayBeSomebodys: !remark.isHarmless)
    }
    if let problem = node.problem {
      leave("\(shown(node.name)): \(problem)", mayBeSomebodys: true)
    }
  }

  /// Leaves out a file that lies among submissions.
  mutating func leave(_ file: Node, source: [String], _ reason: String) {
    leave(
      "\(Self.path(source + [file.name])): \(reason)",
      mayBeSomebodys: file.contents != nil || Interest.packedExtension(file.name) != nil)
  }

  /// Leaves something out; what may be somebody's work must be looked at, so that nobody vanishes.
  private mutating func leave(_ sentence: String, mayBeSomebodys: Bool) {
    unrecognised.append(sentence)
    if mayBeSomebodys {
      problems.append(
        Problem(.notTaken, [], "\(sentence); what is not taken here may be somebody's"))
    }
  }
}
