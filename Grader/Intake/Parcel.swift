import Foundation
import People

/// One hand-in as it lies in the delivery: whose it is, and where its files are.
struct Parcel {
  /// A file or folder of it.
  struct Item {
    /// Its own name, without what the platform put before it.
    let name: String
    let node: Node
    /// The platform's number of the upload, 0 where there is none.
    let order: Int
  }

  var platform: Platform
  /// Those who handed it in, by the platform; empty for a plain folder.
  var people: [Person]
  /// The name of a plain folder, of a repository's owner, or made of the people's.
  var name: String
  /// Where it lies in the delivery.
  var source: String
  var items: [Item]
  /// The folder or archive that it is; nil for loose files.
  private(set) var place: Node?
  var time: Date?
  /// Whether the time is the student's word.
  var hasOwnClock = false
  var attempt: Int?
  var isMarkedLate = false
  var problems: [String] = []
  /// What two hand-ins of the same person have in common; nil where each stands alone.
  var key: String?

  /// Those of whom the outermost level says that they handed it in. A plain folder may bear its owner's
  /// name, login or number, or "final version".
  var owners: [Person] {
    platform == .plain ? [Person(folder: name)] : people
  }

  /// The parcel of a folder or an archive with all that is in it.
  init(_ node: Node, platform: Platform, people: [Person], name: String, source: String) {
    self.platform = platform
    self.people = people
    self.name = name
    self.source = source
    items = node.children.map { Item(name: $0.name, node: $0, order: 0) }
    place = node
    if let problem = node.problem { problems.append(problem) }
    remarks = node.allRemarks()
  }

  /// The parcel of loose files.
  init(files: [Item], platform: Platform, people: [Person], name: String, source: String) {
    self.platform = platform
    self.people = people
    self.name = name
    self.source = source
    items = files
    remarks = files.flatMap { item in
      (item.node.problem.map { ["\(shown(item.name)): \($0)"] } ?? []) + item.node.allRemarks()
    }
  }

  /// What in it was not taken, and why.
  var remarks: [String]
  /// Which kinds of submission of Moodle's it holds, such as `file` and `onlinetext`.
  var kinds: Set<String> = []

  /// Takes another part of the same hand-in into this one.
  mutating func join(_ other: Parcel) {
    items += other.items
    remarks += other.remarks
    problems += other.problems
    kinds.formUnion(other.kinds)
    if kinds.contains("file"), other.kinds.contains("file") { source = other.source }
  }

  /// Offers all files to a chooser.
  func offer(to chooser: inout FileChooser) {
    for item in items { Self.offer(item.node, [item.name], order: item.order, to: &chooser) }
  }

  private static func offer(
    _ node: Node, _ path: [String], order: Int, to chooser: inout FileChooser
  ) {
    if let contents = node.contents { chooser.add(path, contents, order: order) }
    for child in node.children { offer(child, path + [child.name], order: order, to: &chooser) }
  }
}
