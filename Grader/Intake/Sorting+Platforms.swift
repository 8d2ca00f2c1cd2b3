import Foundation
import People

/// What the platforms' downloads look like at their outermost level.
extension Sorting {
  /// Sorts a level that has a platform's form; false where it has none.
  mutating func sortPlatform(_ node: Node, source: [String]) throws -> Bool {
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
        leave(child, source: source, "no folder of a Gradescope submission")
        continue
      }
      guard let entry = entries.removeValue(forKey: child.name) ?? entries.removeValue(forKey: stem)
      else {
        problems.append(
          Problem(
            .owner, [stem],
            "\(Self.path(place)): \(Interest.gradescope) does not name it, so it is not known whose "
              + "it is",
            answers: [
              (
                "whose it is",
                .owners(submission: Self.path(place), people: [Decision.somebody])
              )
            ], results: results))
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
    noteMixture(node, names, source: source)
    var loose: [String: [(PlatformName, Node)]] = [:]
    for (child, name) in zip(node.children, names) {
      let place = source + [child.name]
      if let name {
        if let problem = name.problem {
          problems.append(
            Problem(
              .time, [], "\(Self.path(place)): \(problem), so it is not known whether it is late"))
        }
        // An archive with no more than the student in its name is the student's folder.
        if child.kind == .folder || name.file == nil {
          add(Parcel(child, name, source: Self.path(place)), name)
        } else {
          loose[Parcel.looseKey(name), default: []].append((name, child))
        }
      } else if child.kind != .file {
        plain(child, source: place)
      } else if child.name.lowercased() != "index.html" {
        // Brightspace's own overview is index.html.
        leave(child, source: source, "its name has not the platform's form")
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

  /// Adds a folder's parcel. Moodle gives a student's files one folder and the text that was written
  /// online another: both are one submission.
  private mutating func add(_ parcel: Parcel, _ name: PlatformName) {
    guard name.platform == .moodle,
      let known = parcels.firstIndex(where: {
        $0.platform == .moodle && $0.key == parcel.key && $0.kinds.isDisjoint(with: parcel.kinds)
      })
    else {
      parcels.append(parcel)
      return
    }
    parcels[known].join(parcel)
  }

  private mutating func sortClassroom(_ node: Node, source: [String]) -> Bool {
    guard let repositories = ClassroomRepositories(node) else { return false }
    let clock = LastCommit()
    defer { clock?.remove() }
    for (login, child) in repositories.owners {
      var parcel = Parcel(
        child, platform: .gitHubClassroom, people: [Person(login: login)], name: shown(login),
        source: Self.path(source + [child.name]))
      parcel.key = "github \(login.lowercased())"
      let repository = child.isRepository ? child : child.children.first { $0.isRepository }
      parcel.time = repository?.repositoryPath.flatMap { clock?.time(in: $0) }
      parcel.hasOwnClock = parcel.time != nil
      parcels.append(parcel)
    }
    for child in node.children where child.kind == .file {
      leave(child, source: source, "no repository")
    }
    reportRemarks(of: node)
    return true
  }

  /// Says that a level's names are of several forms: no platform's download is, and where a student
  /// names an archive, he says by that who he is.
  private mutating func noteMixture(_ node: Node, _ names: [PlatformName?], source: [String]) {
    let forms = Dictionary(
      grouping: zip(node.children, names).filter { $0.kind != .file || $1 != nil },
      by: { $1?.platform ?? .plain }
    ).mapValues { $0.map { shown($0.0.name) } }
    guard forms.count > 1 else { return }
    let lists = Platform.allCases.compactMap { platform in
      forms[platform].map { names in
        (platform == .plain ? "no platform" : platform.rawValue) + " ("
          + names.prefix(3).joined(separator: ", ")
          + (names.count > 3 ? " and \(names.count - 3) more)" : ")")
      }
    }
    problems.append(
      Problem(
        .form, [],
        "\(Self.path(source)): names are in the form of \(lists.joined(separator: " and of ")), and say "
          + "whose each is: see whether that is so"))
  }
}
