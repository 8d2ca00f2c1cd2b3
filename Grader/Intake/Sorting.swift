import Foundation

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
  private(set) var parcels: [Parcel] = []
  /// What is no submission, a sentence each.
  private(set) var unrecognised: [String] = []
  /// What must be looked at, a sentence each.
  private(set) var problems: [String] = []

  /// Sorts what was delivered.
  ///
  /// - Parameter holdsDownloads: whether each place in it is a download of its own.
  init(_ root: Node, timeZone: TimeZone, holdsDownloads: Bool = false) throws {
    self.timeZone = timeZone
    guard holdsDownloads else {
      try sortDelivery(root, source: [])
      return
    }
    for child in root.children {
      if child.kind == .file {
        unrecognised.append("\(shown(child.name)): neither a folder nor a zip or tar.gz archive")
      } else {
        if let problem = child.problem { problems.append("\(shown(child.name)): \(problem)") }
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
        unrecognised.append("\(Self.path(source + [child.name])): lies beside the submissions")
      }
      reportRemarks(of: root)
    }
    if try !sortPlatform(level, source: place) { sortPlain(level, source: place) }
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

  private mutating func sortPlain(_ root: Node, source: [String]) {
    reportRemarks(of: root)
    let places = root.children.filter { $0.kind != .file }
    if places.isEmpty, root.holdsContents {
      // One student's own archive or folder.
      plain(root, source: source)
      return
    }
    for child in root.children {
      if child.kind == .file {
        unrecognised.append(
          "\(Self.path(source + [child.name])): neither a folder nor a zip or tar.gz archive")
      } else {
        let place = source + [child.name]
        if DownloadLikeness.isSeen(in: child, timeZone) {
          problems.append(
            "\(Self.path(place)) looks like a platform's download of a class and is taken for one "
              + "submission: if it is your own download, name it itself in place of the folder that "
              + "it lies in, or say --downloads if all in this folder are")
        }
        plain(child, source: place)
      }
    }
  }

  private mutating func plain(_ node: Node, source: [String]) {
    parcels.append(
      Parcel(
        node, platform: .plain, people: [], name: Self.plainName(node),
        source: Self.path(source)))
  }

  private static func plainName(_ node: Node) -> String {
    let suffix = node.kind == .archive ? Interest.archiveExtension(node.name) ?? 0 : 0
    return shown(String(node.name.dropLast(suffix)))
  }

  private static func path(_ components: [String]) -> String {
    components.isEmpty ? "." : components.map(shown).joined(separator: "/")
  }

  // MARK: Platforms

  /// Sorts a level that has a platform's form; false where it has none.
  private mutating func sortPlatform(_ node: Node, source: [String]) throws -> Bool {
    try sortGradescope(node, source: source) || sortNames(node, source: source)
      || sortClassroom(node, source: source)
  }

  private mutating func sortGradescope(_ node: Node, source: [String]) throws -> Bool {
    guard
      let metadata = node.children.first(where: { $0.name == Interest.gradescope })?.contents,
      let text = SourceText.read(metadata)?.text
    else { return false }
    var entries = try GradescopeExport(text).entries
    for child in node.children where child.name != Interest.gradescope {
      let place = source + [child.name]
      let stem = Self.plainName(child)
      guard child.kind != .file else {
        unrecognised.append("\(Self.path(place)): no folder of a Gradescope submission")
        continue
      }
      guard let entry = entries.removeValue(forKey: child.name) ?? entries.removeValue(forKey: stem)
      else {
        problems.append(
          "\(Self.path(place)): \(Interest.gradescope) does not name it, so it is not known whose "
            + "it is")
        plain(child, source: place)
        continue
      }
      let names = entry.people.map(\.label).joined(separator: ", ")
      var parcel = Parcel(
        child, platform: .gradescope, people: entry.people,
        name: names.isEmpty ? stem : shown(names), source: Self.path(place))
      parcel.time = entry.time
      parcel.attempt = entry.number
      parcel.key =
        entry.people.isEmpty ? nil : "gradescope " + entry.people.map(Parcel.key).sorted().joined()
      if entry.people.isEmpty {
        parcel.problems.append("\(Interest.gradescope) names nobody who handed it in")
      }
      parcels.append(parcel)
    }
    for name in entries.keys.sorted() {
      unrecognised.append("\(shown(name)): \(Interest.gradescope) names it, but it is not there")
    }
    reportRemarks(of: node)
    return true
  }

  private mutating func sortNames(_ node: Node, source: [String]) -> Bool {
    let names = node.children.map {
      PlatformName.read($0.name, isFolder: $0.kind == .folder, in: timeZone)
    }
    guard names.contains(where: { $0 != nil }) else { return false }
    var loose: [String: [(PlatformName, Node)]] = [:]
    for (child, name) in zip(node.children, names) {
      let place = source + [child.name]
      if let name {
        if let problem = name.problem {
          problems.append("\(Self.path(place)): \(problem), so it is not known whether it is late")
        }
        // An archive with no more than the student in its name is the student's folder.
        if child.kind == .folder || name.file == nil {
          parcels.append(Parcel(child, name, source: Self.path(place)))
        } else {
          loose[Parcel.looseKey(name), default: []].append((name, child))
        }
      } else if child.kind != .file {
        plain(child, source: place)
      } else if child.name.lowercased() != "index.html" {
        // Brightspace's own overview is index.html.
        unrecognised.append("\(Self.path(place)): its name has not the platform's form")
      }
    }
    for key in loose.keys.sorted() {
      let files = loose[key] ?? []
      parcels.append(
        Parcel(files, source: Self.path(source + [Parcel.last(files)?.1.name ?? ""])))
    }
    reportRemarks(of: node)
    return true
  }

  private mutating func sortClassroom(_ node: Node, source: [String]) -> Bool {
    guard let repositories = ClassroomRepositories(node) else { return false }
    for (login, child) in repositories.owners {
      var parcel = Parcel(
        child, platform: .gitHubClassroom, people: [Person(login: login)], name: shown(login),
        source: Self.path(source + [child.name]))
      parcel.key = "github \(login.lowercased())"
      parcels.append(parcel)
    }
    for child in node.children where child.kind == .file {
      unrecognised.append("\(Self.path(source + [child.name])): no repository")
    }
    reportRemarks(of: node)
    return true
  }

  private mutating func reportRemarks(of node: Node) {
    unrecognised += node.remarks
    if let problem = node.problem { unrecognised.append("\(shown(node.name)): \(problem)") }
  }
}
