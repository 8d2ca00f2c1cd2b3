import Foundation
import People

extension Parcel {
  /// The parcel of a folder or an archive that a platform named.
  init(_ node: Node, _ name: PlatformName, source: String) {
    self.init(
      node, platform: name.platform, people: [name.person], name: Self.label(name.person),
      source: source)
    fill(from: name)
  }

  /// The parcel of loose files of one hand-in.
  init(_ files: [(PlatformName, Node)], source: String) {
    let items = files.map { name, node in
      Item(name: name.file ?? node.name, node: node, order: name.upload ?? 0)
    }
    // The caller groups, so there is a last one.
    let last = Self.last(files)?.0
    let person = last?.person ?? Person()
    self.init(
      files: items, platform: last?.platform ?? .plain, people: [person], name: Self.label(person),
      source: source)
    if let last { fill(from: last) }
  }

  /// The file that was uploaded last.
  static func last(_ files: [(PlatformName, Node)]) -> (PlatformName, Node)? {
    files.max { ($0.0.upload ?? 0) < ($1.0.upload ?? 0) }
  }

  private mutating func fill(from name: PlatformName) {
    time = name.time
    attempt = name.upload
    kinds = name.kind.map { [$0] } ?? []
    isMarkedLate = name.isMarkedLate
    if let problem = name.problem { problems.append(problem) }
    key = "\(platform.rawValue) \(Self.key(name.person))"
  }

  /// What all hand-ins of one have in common. A group's members hand in under their own numbers.
  static func key(_ person: Person) -> String {
    if let name = person.name, Member.isGroupName(name) { return "|" + Person.nameKey(name) }
    return "\(person.ids.map(Person.key).joined(separator: ","))|"
      + Person.nameKey(person.name ?? person.email ?? "")
  }

  /// What all loose files of one hand-in have in common.
  static func looseKey(_ name: PlatformName) -> String {
    "\(name.platform.rawValue) \(key(name.person)) \(name.isMarkedLate) "
      + "\(name.time?.timeIntervalSince1970 ?? 0)"
  }

  private static func label(_ person: Person) -> String {
    shown(([person.name ?? "anonymous"] + person.ids.map { "(\($0))" }).joined(separator: " "))
  }
}
