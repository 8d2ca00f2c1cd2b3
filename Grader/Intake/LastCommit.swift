import Foundation
import Sandbox

/// When the last commit of a repository was made, by the clock of whoever made it.
///
/// Everything in a repository may be its student's word, so none of it is run and none of its settings are
/// read: the branch that is checked out is looked up here, and git reads the one commit with a repository
/// and settings of our own, to which the student's objects are lent. A commit bears any time that its
/// author likes; no other time is in a repository, since the log of what happened to it is that of the
/// clone.
struct LastCommit {
  private static let maximumReferences = 4 << 20
  /// An empty repository, whose settings git goes by.
  private let own: String

  /// Makes the repository that commits are read with; nil where it cannot be made.
  init?() {
    own = NSTemporaryDirectory() + "/rhythm-git-" + UUID().uuidString
    do {
      for folder in ["objects", "refs"] {
        try FileManager.default.createDirectory(
          atPath: own + "/" + folder, withIntermediateDirectories: true)
      }
      try "ref: refs/heads/none\n".write(
        toFile: own + "/HEAD", atomically: false, encoding: .utf8)
    } catch {
      remove()
      return nil
    }
  }

  /// Takes it away.
  func remove() { try? FileManager.default.removeItem(atPath: own) }

  /// The time of the commit that is checked out in a folder; nil where none can be read.
  func time(in folder: String) -> Date? {
    let repository = open(
      folder + "/.git", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard repository >= 0 else { return nil }
    defer { close(repository) }
    guard let commit = Self.commit(in: repository) else { return nil }
    let objects = openat(repository, "objects", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard objects >= 0 else { return nil }
    defer { close(objects) }
    return time(of: commit, objects)
  }

  /// The commit that `HEAD` names.
  private static func commit(in repository: Int32) -> String? {
    guard let head = text("HEAD", in: repository, limit: 1024) else { return nil }
    if isHash(head) { return head }
    guard let match = head.wholeMatch(of: /ref: (refs\/heads\/[A-Za-z0-9._\/+@#-]{1,200})/),
      !match.1.contains("..")
    else { return nil }
    let name = String(match.1)
    if let hash = text(name, in: repository, limit: 1024) { return isHash(hash) ? hash : nil }
    guard let packed = text("packed-refs", in: repository, limit: maximumReferences) else {
      return nil
    }
    let line = packed.split(separator: "\n").first { $0.hasSuffix(" " + name) }
    guard let hash = line?.prefix(while: { $0 != " " }), isHash(String(hash)) else { return nil }
    return String(hash)
  }

  private static func isHash(_ text: String) -> Bool {
    text.wholeMatch(of: /[0-9a-f]{40}/) != nil
  }

  /// A small file below an open folder, to which no link leads.
  private static func text(_ path: String, in folder: Int32, limit: Int) -> String? {
    var place = dup(folder)
    let names = path.split(separator: "/").map(String.init)
    for (index, name) in names.enumerated() {
      let kind = index + 1 < names.count ? O_DIRECTORY : O_NONBLOCK
      let next = openat(place, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind)
      close(place)
      guard next >= 0 else { return nil }
      place = next
    }
    let handle = FileHandle(fileDescriptor: place, closeOnDealloc: true)
    var status = stat()
    guard fstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let data = try? handle.read(upToCount: limit + 1), data.count <= limit
    else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Asks git for a commit's time.
  private func time(of commit: String, _ objects: Int32) -> Date? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let child = try? ChildProcess(
      [
        "/usr/bin/env", "git", "-c", "core.commitGraph=false", "-c", "protocol.allow=never",
        "rev-list", "--no-walk", "--timestamp", commit,
      ],
      environment: [
        "PATH": path, "HOME": "/nonexistent", "LC_ALL": "C", "GIT_DIR": own,
        "GIT_OBJECT_DIRECTORY": "/proc/self/fd/3", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0",
      ],
      workingDirectory: own,
      limits: Limits(cpuSeconds: 10, wallSeconds: 20, memoryBytes: 1 << 30, outputBytes: 4096),
      descriptors: [3: objects])
    guard let child, child.wait().isSuccess,
      let match = child.standardOutput.text.wholeMatch(of: /(\d{1,11}) ([0-9a-f]{40})\n/),
      match.2 == commit, let seconds = Double(match.1)
    else { return nil }
    return Date(timeIntervalSince1970: seconds)
  }
}
