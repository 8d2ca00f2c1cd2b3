import Archives
import Foundation
import People

/// Reads a folder on the disk into nodes, and the archives in it.
///
/// It goes by open descriptors and names as bytes: no link is followed, also none that is put there
/// meanwhile, and a name in a foreign encoding can be opened all the same.
struct FolderTree {
  let interest: Interest
  private let budget: DeliveryBudget
  /// The folder that is read.
  private var root = ""
  /// Entries of the folder itself, and of each folder in it: so that one student's hundred thousand
  /// files cost nobody else anything.
  private let maximumEntries: Int

  init(
    interest: Interest, maximumEntries: Int = 200_000, budget: DeliveryBudget? = nil
  ) {
    self.interest = interest
    self.maximumEntries = maximumEntries
    self.budget = budget ?? DeliveryBudget(downloads: interest.holdsDownloads)
  }

  /// Reads a folder, or an archive, which is then the tree's root.
  ///
  /// - Throws: `IntakeError.noDelivery`.
  func read(_ path: String) throws -> Node {
    let root = try readAll(path)
    if budget.isFull { root.remark(budget.fullSentence) }
    return root
  }

  private func readAll(_ path: String) throws -> Node {
    let name = URL(fileURLWithPath: path).lastPathComponent
    // The path itself may be a link: the instructor gave it.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == EACCES
        ? IntakeError.unreadable(path: path, reason: "you may not read it")
        : .noDelivery(path: path)
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    switch Self.kind(of: descriptor) {
    case S_IFDIR:
      let root = Node(name: name, kind: .folder)
      var left = maximumEntries
      var tree = self
      tree.root = path
      tree.fill(root, from: descriptor, path: [], left: &left)
      return root
    case S_IFREG:
      return ArchiveTree(interest: interest, budget: budget).read(handle, name: name, at: [])
    default: throw IntakeError.noDelivery(path: path)
    }
  }

  private func fill(_ node: Node, from folder: Int32, path: [String], left: inout Int) {
    guard let names = Self.names(in: folder) else {
      node.problem = "the folder cannot be read"
      return
    }
    // By name, so that the result does not depend on the file system; two ways to write one name are
    // told apart by their bytes.
    for (name, raw) in names.map({ (EntryName(bytes: $0), $0) }).sorted(by: {
      $0.0.text == $1.0.text ? $0.1.lexicographicallyPrecedes($1.1) : $0.0.text < $1.0.text
    }) {
      left -= 1
      guard left >= 0 else {
        node.problem = "it has more than \(maximumEntries) entries: not everything was read"
        return
      }
      take(name, raw, into: node, folder, path: path, left: &left)
    }
  }

  private func take(
    _ name: EntryName, _ raw: [UInt8], into node: Node, _ folder: Int32, path: [String],
    left: inout Int
  ) {
    let text = name.text
    if Interest.isRepositoryMark(text) {
      node.isRepository = true
      node.repositoryPath = ([root] + path).joined(separator: "/")
    }
    if path.isEmpty, Interest.isOddClutter(text) {
      node.remark("\(shown(text)): hidden, or left by a tool", isHarmless: true)
    }
    if Interest.isClutter(text) { return }
    var status = stat()
    let rawName = raw.map { CChar(bitPattern: $0) } + [0]
    guard fstatat(folder, rawName, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      return node.remark("\(shown(text)): cannot be read")
    }
    let kind = status.st_mode & S_IFMT
    let isTop = path.isEmpty
    var isArchive = Interest.archiveExtension(text) != nil
    let isOfInterest = isArchive || interest.wants(text, folders: path.count, isPacked: false)
    let mayBeArchive = !isOfInterest && Interest.mayBeArchive(text)
    if kind == S_IFDIR {
      guard path.count < Interest.maximumFolders else {
        return node.remark("\(shown(text)) lies more than \(Interest.maximumFolders) folders deep")
      }
    } else if kind == S_IFREG {
      guard isOfInterest || mayBeArchive else { return node.add(Node(name: text, kind: .file)) }
    } else {
      let what = kind == S_IFLNK ? "a link" : "not a regular file"
      if isTop {
        node.remark("\(shown(text)): \(what); submissions are folders and archives themselves")
      } else if isOfInterest {
        node.remark("\((path + [text]).map(shown).joined(separator: "/")) is \(what): not used")
      }
      return
    }
    let descriptor = openat(folder, rawName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return node.remark("\(shown(text)): cannot be read") }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    // What it is may have changed since.
    guard Self.kind(of: descriptor) == kind else {
      return node.remark("\(shown(text)): changed while it was read")
    }
    if mayBeArchive, kind == S_IFREG {
      // an archive is known by its first bytes, whatever its name
      let start = (try? handle.read(upToCount: Interest.signatureBytes)) ?? nil
      guard let start, Interest.isArchive(start) else {
        return node.add(Node(name: text, kind: .file))
      }
      isArchive = true
    }
    if kind == S_IFDIR {
      let child = Node(name: text, kind: .folder)
      node.add(child)
      var own = maximumEntries
      if isTop {
        fill(child, from: descriptor, path: path + [text], left: &own)
      } else {
        fill(child, from: descriptor, path: path + [text], left: &left)
      }
    } else if isArchive {
      let tree = ArchiveTree(interest: interest, budget: budget)
      node.add(tree.read(handle, name: text, at: path + [text]))
    } else {
      let limit = Interest.maximumBytes(text)
      guard let data = try? handle.read(upToCount: limit + 1) ?? Data() else {
        return node.remark("\(shown(text)) cannot be read: not used")
      }
      guard data.count <= limit else {
        return node.remark("\(shown(text)) is larger than \(limit >> 20) MiB: not used")
      }
      guard budget.keep(data.count, at: path + [text]) else {
        return node.remark(DeliveryBudget.sentence(shown(text)))
      }
      node.add(Node(name: text, kind: .file, contents: [UInt8](data)))
    }
    withExtendedLifetime(handle) {}
  }

  private static func kind(of descriptor: Int32) -> mode_t {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  /// The names in an open folder, as bytes; nil where it cannot be listed.
  private static func names(in folder: Int32) -> [[UInt8]]? {
    // A duplicate, because closing the listing closes the descriptor it was made of.
    let copy = fcntl(folder, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return nil }
    guard let listing = fdopendir(copy) else {
      close(copy)
      return nil
    }
    defer { closedir(listing) }
    var names: [[UInt8]] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: UInt8.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
          [UInt8](
            UnsafeBufferPointer(
              start: $0, count: strlen(UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))))
        }
      }
      if name != [46] && name != [46, 46] { names.append(name) }
    }
    return names
  }
}
