import Archives
import Foundation

/// Reads archives, and the archives in them, into nodes.
struct ArchiveTree {
  private let interest: Interest
  private let contents: ContentBudget
  /// The folders of the delivery that lie around the archive; nil where it is the delivery.
  private let around: [String]?

  /// - Parameter around: the folders of the delivery that lie around the archive; nil where it is the
  ///   delivery itself.
  init(interest: Interest, contents: ContentBudget, around: [String]? = nil) {
    self.interest = interest
    self.contents = contents
    self.around = around
  }

  /// Reads an archive on the disk.
  func read(_ file: FileHandle, name: String) -> Node {
    let root = Node(name: name, kind: .archive)
    let place = around.map { $0 + [name] } ?? []
    fill(root, at: place, depth: 1, budget: nil) { body in
      try ArchiveReader.forEachEntry(
        in: file, named: shown(name), limits: ArchiveBudget.delivery, body)
    }
    return root
  }

  private typealias Body = (ArchiveEntry, () throws -> [UInt8]) throws -> Bool

  private func fill(
    _ root: Node, at place: [String], depth: Int, budget: ArchiveBudget?,
    _ forEachEntry: (Body) throws -> Void
  ) {
    do {
      try forEachEntry { entry, read in
        var count = 0
        take(entry, into: root, at: place, depth: depth, budget: budget) {
          let bytes = try read()
          count = bytes.count
          return bytes
        }
        budget?.spend(bytes: count)
        return true
      }
    } catch {
      root.problem = Self.reason(error)
    }
  }

  private func take(
    _ entry: ArchiveEntry, into root: Node, at place: [String], depth: Int,
    budget: ArchiveBudget?, _ read: () throws -> [UInt8]
  ) {
    // Links and devices have no safe path of their own, but a name for the remark.
    guard let safe = ArchiveEntry.safeRelativePath(entry.path) else {
      let isClutter = entry.path.split(whereSeparator: { "/\\".contains($0) })
        .contains { $0 == "__MACOSX" || $0.hasPrefix("._") }
      if !isClutter { root.remark("\(shown(entry.path)) has an unsafe path: not used") }
      return
    }
    let path = safe.split(separator: "/").map(String.init)
    if let mark = path.firstIndex(where: Interest.isRepositoryMark) {
      root.folder(at: path[..<mark]).isRepository = true
    }
    if depth == 1, let first = path.first, Interest.isOddClutter(first) {
      root.remark("\(shown(first)): hidden, or left by a tool")
    }
    guard let name = path.last, !path.contains(where: Interest.isClutter) else { return }
    guard path.count <= Interest.maximumFolders else {
      return root.remark("\(shown(safe)) lies more than \(Interest.maximumFolders) folders deep")
    }
    if entry.kind == .directory {
      _ = root.folder(at: path)
      return
    }
    let folder = root.folder(at: path.dropLast())
    let isArchive = Interest.archiveExtension(name) != nil
    let parents = place + path.dropLast()
    let isWanted = interest.wants(
      name, folders: parents.count, isPacked: isDownload(place, depth))
    guard isArchive || isWanted else {
      return folder.add(Node(name: name, kind: .file))
    }
    guard entry.kind == .file else {
      let what = entry.kind == .link ? "is a link" : "is not a regular file"
      return folder.remark("\(shown(safe)) \(what): not used")
    }
    if entry.nameEncoding != .utf8 {
      folder.remark(
        "the name \(shown(safe)) is not in UTF-8 and was read as \(entry.nameEncoding.rawValue)")
    }
    if isArchive {
      folder.add(
        nested(entry, name: name, at: parents + [name], depth: depth, budget: budget, read))
    } else if let bytes = wanted(entry, name: name, shownPath: shown(safe), folder, read) {
      guard contents.take(bytes.count, at: parents) else {
        return folder.remark(ContentBudget.sentence(shown(safe)))
      }
      folder.add(Node(name: name, kind: .file, contents: bytes))
    }
  }

  /// Whether an archive may be a download itself.
  private func isDownload(_ place: [String], _ depth: Int) -> Bool {
    depth == 1 && (around == nil || interest.holdsDownloads && place.count == 1)
  }

  private func wanted(
    _ entry: ArchiveEntry, name: String, shownPath: String, _ folder: Node,
    _ read: () throws -> [UInt8]
  ) -> [UInt8]? {
    let limit = Interest.maximumBytes(name)
    let tooLarge = "\(shownPath) is larger than \(limit >> 20) MiB: not used"
    guard (entry.size ?? 0) <= limit else {
      folder.remark(tooLarge)
      return nil
    }
    do {
      let bytes = try read()
      if bytes.count <= limit { return bytes }
      folder.remark(tooLarge)
    } catch {
      folder.remark("\(shownPath) cannot be read, \(Self.reason(error)): not used")
    }
    return nil
  }

  /// An archive within an archive.
  private func nested(
    _ entry: ArchiveEntry, name: String, at place: [String], depth: Int, budget: ArchiveBudget?,
    _ read: () throws -> [UInt8]
  ) -> Node {
    let node = Node(name: name, kind: .archive)
    guard depth < Interest.maximumDepth else {
      node.problem =
        "it is an archive within \(depth) others, and more than \(Interest.maximumDepth) "
        + "within each other are not opened"
      return node
    }
    do {
      let bytes = try read()
      let budget = budget ?? ArchiveBudget(archiveBytes: bytes.count)
      fill(node, at: place, depth: depth + 1, budget: budget) { body in
        try ArchiveReader.forEachEntry(
          in: bytes, named: shown(name), limits: budget.limits, body)
      }
    } catch {
      node.problem = Self.reason(error)
    }
    return node
  }

  private static func reason(_ error: any Error) -> String {
    var sentence = "\(error)"
    if sentence.hasSuffix(".") { sentence.removeLast() }
    return shown(sentence)
  }
}
