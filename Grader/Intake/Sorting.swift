import Foundation

/// Sorts a delivery into parcels: looks for a platform's form, level by level, and takes what has
/// none as a plain folder.
struct Sorting {
  let timeZone: TimeZone
  private(set) var parcels: [Parcel] = []
  /// What is no submission, a sentence each.
  private(set) var unrecognised: [String] = []
  /// What must be looked at, a sentence each.
  private(set) var problems: [String] = []
  /// Folders that may lie around a platform's, such as `assignment_123_export`.
  private static let maximumWrapping = 3

  /// Sorts what was delivered.
  init(_ root: Node, timeZone: TimeZone) throws {
    self.timeZone = timeZone
    if try sortPlatform(root, source: []) { return }
    reportRemarks(of: root)
    if let wrapped = Self.wrapped(root) {
      reportRemarks(of: wrapped)
      sortPlain(wrapped, source: [wrapped.name])
    } else {
      sortPlain(root, source: [])
    }
  }

  private mutating func sortPlain(_ root: Node, source: [String]) {
    let places = root.children.filter { $0.kind != .file }
    if places.isEmpty, root.holdsContents {
      // One student's own archive or folder.
      plain(root, source: source)
      return
    }
    for child in root.children {
      if child.kind == .file {
        unrecognised.append(
          "\(shown(child.name)): neither a folder nor a zip or tar.gz archive")
      } else {
        if looksLikeDownload(child) {
          problems.append(
            "\(shown(child.name)) looks like a platform's download, but lies beside other "
              + "submissions and is taken for one: give it alone if it is a whole class")
        }
        plain(child, source: source + [child.name])
      }
    }
  }

  /// Whether a folder has a platform's form. Beside others it is nevertheless one submission:
  /// a student could else hand in an archive that forges everybody's.
  private func looksLikeDownload(_ node: Node) -> Bool {
    node.children.prefix(20).contains {
      $0.name == Interest.gradescope
        || PlatformName.read($0.name, isFolder: $0.kind == .folder, in: timeZone) != nil
    }
  }

  /// The folder of a class that an archive was made of, which lies around the students'.
  private static func wrapped(_ root: Node) -> Node? {
    guard root.kind == .archive, root.children.count == 1, let only = root.children.first,
      only.kind == .folder, only.children.contains(where: { $0.kind != .file }),
      !only.children.contains(where: { $0.contents != nil })
    else { return nil }
    return only
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

  /// Sorts a level that has a platform's form, or the level within one or two wrappers; false where
  /// there is none.
  private mutating func sortPlatform(_ node: Node, source: [String]) throws -> Bool {
    if try sortGradescope(node, source: source) || sortNames(node, source: source)
      || sortClassroom(node, source: source)
    {
      return true
    }
    guard source.count < Self.maximumWrapping,
      !node.children.contains(where: { $0.contents != nil })
    else { return false }
    let places = node.children.filter { $0.kind != .file }
    guard places.count == 1, let only = places.first else { return false }
    guard try sortPlatform(only, source: source + [only.name]) else { return false }
    for child in node.children where child.kind == .file {
      unrecognised.append("\(Self.path(source + [child.name])): lies beside the submissions")
    }
    reportRemarks(of: node)
    return true
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
        unrecognised.append("\(Self.path(place)): \(Interest.gradescope) does not name it")
        plain(child, source: place)
        continue
      }
      let names = entry.people.map(\.label).joined(separator: ", ")
      var parcel = Parcel(
        child, platform: .gradescope, people: entry.people,
        name: names.isEmpty ? stem : names, source: Self.path(place))
      parcel.time = entry.time
      parcel.attempt = entry.number
      parcel.key =
        entry.people.isEmpty ? nil : "gradescope " + entry.people.map(Self.key).sorted().joined()
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
        // An archive with no more than the student in its name is the student's folder.
        if child.kind == .folder || name.file == nil {
          parcels.append(Self.parcel(child, name, source: Self.path(place)))
        } else {
          loose[Self.looseKey(name), default: []].append((name, child))
        }
      } else if child.kind != .file {
        plain(child, source: place)
      } else if child.name.lowercased() != "index.html" {
        // Brightspace's own overview is index.html.
        unrecognised.append("\(Self.path(place)): its name has not the platform's form")
      }
    }
    for key in loose.keys.sorted() {
      parcels.append(Self.parcel(loose[key] ?? [], source: source))
    }
    reportRemarks(of: node)
    return true
  }

  /// What all hand-ins of one have in common. A group's members hand in under their own numbers.
  private static func key(_ person: Person) -> String {
    if let name = person.name, Member.isGroupName(name) { return "|" + Person.nameKey(name) }
    return "\(person.ids.map(Person.key).joined(separator: ","))|"
      + Person.nameKey(person.name ?? person.email ?? "")
  }

  private static func looseKey(_ name: PlatformName) -> String {
    "\(name.platform.rawValue) \(key(name.person)) \(name.isMarkedLate) "
      + "\(name.time?.timeIntervalSince1970 ?? 0)"
  }

  private static func label(_ person: Person) -> String {
    shown(([person.name ?? "anonymous"] + person.ids.map { "(\($0))" }).joined(separator: " "))
  }

  private static func parcel(_ node: Node, _ name: PlatformName, source: String) -> Parcel {
    var parcel = Parcel(
      node, platform: name.platform, people: [name.person], name: label(name.person),
      source: source)
    parcel.fill(from: name, key: key(name.person))
    return parcel
  }

  private static func parcel(_ files: [(PlatformName, Node)], source: [String]) -> Parcel {
    let items = files.map { name, node in
      Parcel.Item(name: name.file ?? node.name, node: node, order: name.upload ?? 0)
    }
    // The caller groups, so there is a first one.
    let first = files.max { ($0.0.upload ?? 0) < ($1.0.upload ?? 0) }
    let person = first?.0.person ?? Person()
    var parcel = Parcel(
      files: items, platform: first?.0.platform ?? .plain, people: [person], name: label(person),
      source: path(source + [first?.1.name ?? ""]))
    if let name = first?.0 { parcel.fill(from: name, key: key(person)) }
    return parcel
  }

  /// GitHub Classroom clones `assignment-login`, all into `assignment-submissions`; from GitHub
  /// itself come archives `assignment-login-main.zip`.
  private mutating func sortClassroom(_ node: Node, source: [String]) -> Bool {
    let places = node.children.filter { $0.kind != .file }
    let names = places.map { Self.repositoryName($0) }
    let slug: String
    if let match = node.name.wholeMatch(of: /(.+)-submissions(?:\.zip)?/),
      !names.isEmpty, names.allSatisfy({ $0.name.hasPrefix(match.1 + "-") })
    {
      slug = String(match.1)
    } else if names.count > 1, names.allSatisfy(\.isRepository),
      let prefix = Self.commonPrefix(names.map(\.name))
    {
      slug = prefix
    } else {
      return false
    }
    for (child, name) in zip(places, names) {
      let login = String(name.name.dropFirst(slug.count + 1))
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

  /// A repository's name, and whether it surely is one.
  private static func repositoryName(_ node: Node) -> (name: String, isRepository: Bool) {
    let name = node.name.dropLast(
      node.kind == .archive ? Interest.archiveExtension(node.name) ?? 0 : 0)
    if let match = name.wholeMatch(of: /(.+)-(?:main|master|[0-9a-f]{40})/) {
      return (String(match.1), true)
    }
    let inner = node.children.count == 1 ? node.children.first?.isRepository ?? false : false
    return (String(name), node.isRepository || inner)
  }

  /// What all names begin with, up to a hyphen; nil where that is nothing.
  private static func commonPrefix(_ names: [String]) -> String? {
    guard var prefix = names.first else { return nil }
    for name in names.dropFirst() { prefix = String(prefix.commonPrefix(with: name)) }
    guard let hyphen = prefix.lastIndex(of: "-"), hyphen > prefix.startIndex else { return nil }
    return String(prefix[..<hyphen])
  }

  private mutating func reportRemarks(of node: Node) {
    unrecognised += node.remarks
    if let problem = node.problem { unrecognised.append("\(shown(node.name)): \(problem)") }
  }
}

extension Parcel {
  fileprivate mutating func fill(from name: PlatformName, key: String) {
    time = name.time
    attempt = name.upload
    isMarkedLate = name.isMarkedLate
    if let problem = name.problem { problems.append(problem) }
    self.key = "\(platform.rawValue) \(key)"
  }
}
