import Archives
import Foundation
import People

/// Reads archives, and the archives in them, into nodes.
///
/// Whether an archive is a download of a class or a submission's own is told by where it lies, and so
/// is the submission that pays for what is read.
struct ArchiveTree {
  private let interest: Interest
  private let budget: DeliveryBudget
  /// Whether only names are wanted.
  private var isOutline = false

  init(interest: Interest, budget: DeliveryBudget) {
    self.interest = interest
    self.budget = budget
  }

  /// Reads an archive on the disk.
  ///
  /// - Parameter place: the folders of the delivery that lie around it and its own name; empty where
  ///   it is the delivery.
  func read(_ file: FileHandle, name: String, at place: [String]) -> Node {
    let root = Node(name: name, kind: .archive)
    if let empty = Self.emptiness(of: file, name: name) {
      root.problem = empty
      return root
    }
    do {
      if !holdsAClass(place) {
        try budget.submission(at: place).open(archiveOf: Int(try file.seekToEnd()))
      }
      fill(root, at: place, depth: 1) {
        try ArchiveReader.forEachEntry(
          in: file, named: shown(name), limits: $0, allowance: $1, $2)
      }
    } catch {
      root.problem = Self.reason(error)
    }
    return root
  }

  /// That there is nothing in an archive, a sentence; nil where there may be something.
  private static func emptiness(of file: FileHandle, name: String) -> String? {
    // whoever looked at the first bytes before has left the place there
    try? file.seek(toOffset: 0)
    // an empty file has no first bytes to give
    let start = (try? file.read(upToCount: 4)) ?? Data()
    if start.isEmpty { return "\(shown(name)) is an empty file" }
    // the end of a zip's list of files, with no file before it
    return start == Data([0x50, 0x4B, 5, 6])
      ? "\(shown(name)) is a zip archive with nothing in it" : nil
  }

  /// Whether the archive at a place is a download, or what holds downloads; else it is a submission's.
  private func holdsAClass(_ place: [String]) -> Bool { place.count <= budget.level }

  private typealias Body = (ArchiveEntry, ArchiveReader.Read) throws -> Bool
  private typealias Source = (ArchiveLimits, UnpackingAllowance?, Body) throws -> Void

  /// Fills a node that has been made for an archive; what is wrong with it becomes its problem.
  private func fill(_ node: Node, at place: [String], depth: Int, _ source: Source) {
    do {
      if holdsAClass(place) {
        if place.count == budget.level { try findWrapper(of: node.name, at: place, source) }
        try source(DeliveryBudget.limits, nil) { entry, read in
          take(entry, into: node, at: place, depth: depth, read)
          return true
        }
      } else {
        let submission = budget.submission(at: place)
        try source(submission.limits, submission.unpacking) { entry, read in
          try submission.countEntry()
          take(entry, into: node, at: place, depth: depth, read)
          return true
        }
      }
    } catch {
      node.problem = Self.reason(error)
    }
  }

  /// Finds out what a download's outermost level is, by names alone: before that is known it is not
  /// known either who pays for the first of its files.
  private func findWrapper(of name: String, at place: [String], _ source: Source) throws {
    var names = self
    names.isOutline = true
    let root = Node(name: name, kind: .archive)
    try source(DeliveryBudget.limits, nil) { entry, read in
      names.take(entry, into: root, at: place, depth: 1, read)
      return true
    }
    if Sorting.outermost(root) !== root { budget.wrap(place) }
  }

  private func take(
    _ entry: ArchiveEntry, into root: Node, at place: [String], depth: Int,
    _ read: ArchiveReader.Read
  ) {
    // Links and devices have no safe path of their own, but a name for the remark.
    guard let safe = ArchiveEntry.safeRelativePath(entry.path) else {
      let names = entry.path.split(whereSeparator: { "/\\".contains($0) })
      let isClutter = names.contains { $0 == "__MACOSX" || $0.hasPrefix("._") }
      // tar writes the folder that it was called in as "./"
      if !isClutter, names.contains(where: { $0 != "." }) {
        root.remark("\(shown(entry.path)) has an unsafe path: not used")
      }
      return
    }
    let path = safe.split(separator: "/").map(String.init)
    if let mark = path.firstIndex(where: Interest.isRepositoryMark) {
      root.folder(at: path[..<mark]).isRepository = true
    }
    if depth == 1, let first = path.first, Interest.isOddClutter(first) {
      root.remark("\(shown(first)): hidden, or left by a tool", isHarmless: true)
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
    let isArchive = Interest.archiveExtension(name) != nil || Interest.soundsPacked(name)
    let here = place + path
    let isWanted = interest.wants(
      name, folders: here.count - 1, isPacked: place.count == budget.level)
    // among the submissions a link may be somebody's
    let isLink = entry.kind != .file && holdsAClass(place) && path.count <= 2
    guard isArchive || isWanted || isLink else {
      return folder.add(Node(name: name, kind: .file))
    }
    guard entry.kind == .file else {
      let what = entry.kind == .link ? "is a link" : "is not a regular file"
      return folder.remark("\(shown(safe)) \(what): not used")
    }
    if entry.nameEncoding != .utf8 {
      folder.remark(
        "the name \(shown(safe)) is not in UTF-8 and was read as \(entry.nameEncoding.rawValue)",
        isHarmless: true)
    }
    if isOutline {
      folder.add(
        Node(name: name, kind: isArchive ? .archive : .file, contents: isArchive ? nil : []))
    } else if isArchive {
      folder.add(nested(entry, name: name, at: here, in: place, depth: depth, read))
    } else if let bytes = wanted(entry, shownPath: shown(safe), at: here, folder, read) {
      folder.add(Node(name: name, kind: .file, contents: bytes))
    }
  }

  private func wanted(
    _ entry: ArchiveEntry, shownPath: String, at place: [String], _ folder: Node,
    _ read: ArchiveReader.Read
  ) -> [UInt8]? {
    let limit = Interest.maximumBytes(place.last ?? "")
    let size = entry.size ?? 0
    guard size <= limit else {
      folder.remark("\(shownPath) is larger than \(limit >> 20) MiB: not used")
      return nil
    }
    do {
      // what cannot be kept is not unpacked either
      if budget.submission(at: place).canKeep(size) {
        let bytes = try read(limit)
        if budget.keep(bytes.count, at: place) { return bytes }
      }
      folder.remark(DeliveryBudget.sentence(shownPath))
    } catch {
      folder.remark("\(shownPath) cannot be read, \(Self.reason(error)): not used")
    }
    return nil
  }

  /// An archive within another, which lies at `outer`.
  private func nested(
    _ entry: ArchiveEntry, name: String, at place: [String], in outer: [String], depth: Int,
    _ read: ArchiveReader.Read
  ) -> Node {
    let node = Node(name: name, kind: .archive)
    guard depth < Interest.maximumDepth else {
      node.problem =
        "it is an archive within \(depth) others, and more than \(Interest.maximumDepth) "
        + "within each other are not opened"
      return node
    }
    do {
      let bytes = try self.bytes(entry, at: place, in: outer, read)
      // what only sounds like an archive is known by its first bytes
      guard Interest.archiveExtension(name) != nil || Interest.isArchive(bytes) else {
        return Node(name: name, kind: .file)
      }
      fill(node, at: place, depth: depth + 1) {
        try ArchiveReader.forEachEntry(
          in: bytes, named: shown(name), limits: $0, allowance: $1, $2)
      }
    } catch {
      node.problem = Self.reason(error)
    }
    return node
  }

  /// The bytes of an archive within another, counted where it is a submission's.
  private func bytes(
    _ entry: ArchiveEntry, at place: [String], in outer: [String], _ read: ArchiveReader.Read
  ) throws -> [UInt8] {
    if holdsAClass(place) { return try read(.max) }
    let submission = budget.submission(at: place)
    guard holdsAClass(outer) else {
      try submission.open()
      return try read(.max)
    }
    // the limits of what is around it are those of a class
    let most = submission.archiveBytesLeft
    guard entry.size ?? 0 <= most else { throw SubmissionBudget.tooManyBytes }
    try submission.open(archiveOf: entry.size ?? most)
    return try read(most)
  }

  private static func reason(_ error: any Error) -> String {
    var sentence = "\(error)"
    if sentence.hasSuffix(".") { sentence.removeLast() }
    return shown(sentence)
  }
}
