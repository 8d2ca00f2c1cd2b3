import Archives
import People

/// A folder, an archive or a file of a delivery, as far as it is of interest.
///
/// A delivery is read into such a tree once; nothing is unpacked to the disk.
final class Node {
  enum Kind { case folder, archive, file }

  let name: String
  let kind: Kind
  private(set) var children: [Node] = []
  /// A file's bytes; nil where nobody wants them.
  var contents: [UInt8]?
  /// Something that was not taken, or was taken for what it may not be.
  struct Remark: Equatable {
    /// What, and why.
    let sentence: String
    /// Whether nothing is lost by it.
    let isHarmless: Bool
  }

  /// What inside was not taken, and why.
  private var remarks: [Remark] = []
  /// Why it cannot be read as a whole.
  var problem: String?
  /// Whether git keeps a repository in this folder.
  var isRepository = false
  /// Where that is on the disk; nil within an archive.
  var repositoryPath: String?
  private var folders: [String: Node] = [:]
  private static let maximumRemarks = 20
  private var furtherRemarks = 0

  init(name: String, kind: Kind, contents: [UInt8]? = nil) {
    self.name = name
    self.kind = kind
    self.contents = contents
  }

  func add(_ child: Node) {
    children.append(child)
    if child.kind == .folder { folders[child.name] = child }
  }

  /// The folder at a path below this one, made where it is not there.
  func folder(at path: some Collection<String>) -> Node {
    var node = self
    for name in path {
      if let known = node.folders[name] {
        node = known
      } else {
        let new = Node(name: name, kind: .folder)
        node.add(new)
        node = new
      }
    }
    return node
  }

  /// Notes something that was not taken. An archive can hold thousands of those, so only the first
  /// are kept, and the number of the others.
  func remark(_ sentence: String, isHarmless: Bool = false) {
    note(Remark(sentence: sentence, isHarmless: isHarmless))
  }

  private func note(_ remark: Remark) {
    if remarks.contains(remark) { return }
    if remarks.count < Self.maximumRemarks {
      remarks.append(remark)
    } else {
      furtherRemarks += 1
    }
  }

  /// The remarks on what lies directly in it: the first ones, and the number of the others.
  var ownRemarks: [Remark] {
    guard furtherRemarks > 0 else { return remarks }
    return remarks
      + [Remark(sentence: "and \(furtherRemarks) more remarks of this kind", isHarmless: false)]
  }

  /// All remarks and problems of what is below: the first ones, and the number of the others.
  func allRemarks() -> [String] {
    let all = Node(name: name, kind: kind)
    collectRemarks(into: all)
    return all.ownRemarks.map(\.sentence)
  }

  private func collectRemarks(into all: Node) {
    remarks.forEach(all.note)
    all.furtherRemarks += furtherRemarks
    for child in children {
      if let problem = child.problem { all.remark("\(shown(child.name)): \(problem)") }
      child.collectRemarks(into: all)
    }
  }

  /// Whether a file that somebody wants is in it, at any depth.
  var holdsContents: Bool { contents != nil || children.contains(where: \.holdsContents) }
}
