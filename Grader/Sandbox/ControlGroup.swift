import Foundation
import Synchronization

/// A control group (cgroup v2) of one command's own, where the kernel itself limits what all its
/// processes together use: memory in every form, the kernel's too, and the number of processes.
///
/// Groups can be made where a group above the grader's own hands `memory` and `pids` down and the
/// grader may write: as root under systemd, or as a user in `systemd-run --user --scope`. Elsewhere
/// there are none, and the watcher and the limits of each process hold alone. Version 1 is not used:
/// its groups are not handed down, so that they belong to whoever runs the machine.
/// (https://docs.kernel.org/admin-guide/cgroup-v2.html)
struct ControlGroup: Sendable {
  /// Its folder.
  let folder: String

  /// In which group groups are made; nil where that does not work. What graders left there that were
  /// killed is removed.
  static let parent: String? = {
    let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
    let own = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    guard let root = root(mounts), let parent = parent(root: root, own: own) else { return nil }
    removeLeftovers(in: parent)
    return parent
  }()

  private static let prefix = "rhythm-"
  private static let number = Atomic(0)

  /// Makes a group; nil where that does not work.
  init?(_ limits: Limits, parent: String? = Self.parent) {
    guard let parent else { return nil }
    let number = Self.number.wrappingAdd(1, ordering: .relaxed).newValue
    folder = "\(parent)/\(Self.prefix)\(getpid())-\(number)"
    guard mkdir(folder, 0o755) == 0 else { return nil }
    // An eighth more: the watcher's word comes first and says why. bubblewrap's own processes count.
    let bytes = limits.memoryBytes + limits.memoryBytes / 8
    guard write("\(bytes)", "memory.max"), write("\(limits.processes + 4)", "pids.max") else {
      remove()
      return nil
    }
    // not on every system
    _ = write("0", "memory.swap.max")
    _ = write("1", "memory.oom.group")
  }

  /// The file through which a process joins.
  var processes: String { folder + "/cgroup.procs" }

  /// Whether the kernel ended something in it for want of memory.
  var ranOutOfMemory: Bool {
    let events = try? String(contentsOfFile: folder + "/memory.events", encoding: .utf8)
    return events?.split(separator: "\n").contains { line in
      let words = line.split(separator: " ")
      return words.count == 2 && words[0] == "oom_kill" && words[1] != "0"
    } ?? false
  }

  /// Ends what is left in it and removes it. What does not end at once is left for the next start.
  func remove() {
    _ = write("1", "cgroup.kill")
    for _ in 0..<100 where rmdir(folder) != 0 && errno == EBUSY { usleep(1000) }
  }

  private func write(_ text: String, _ name: String) -> Bool {
    let file = open(folder + "/" + name, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return Glibc.write(file, text, text.utf8.count) == text.utf8.count
  }

  // MARK: Where groups can be made

  /// Where version 2 is mounted.
  static func root(_ mountinfo: String) -> String? {
    mountinfo.split(separator: "\n").lazy.compactMap { line -> String? in
      // proc_pid_mountinfo(5): the fifth field is the place, the type follows a hyphen
      let words = line.split(separator: " ")
      guard let hyphen = words.firstIndex(of: "-"), words.count > hyphen + 1, words.count > 4,
        words[hyphen + 1] == "cgroup2"
      else { return nil }
      return String(words[4])
    }.first
  }

  /// The nearest group, from the grader's own upwards, whose children have both controllers and in
  /// which the grader may make one and move its processes.
  ///
  /// - Parameter own: the text of `/proc/self/cgroup`: version 2 is the line `0::PATH`.
  static func parent(root: String, own: String) -> String? {
    guard let line = own.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else {
      return nil
    }
    var parts = line.dropFirst(3).split(separator: "/").map(String.init)
    guard !parts.contains("..") else { return nil }
    while true {
      let folder = ([root] + parts).joined(separator: "/")
      let controllers =
        (try? String(contentsOfFile: folder + "/cgroup.subtree_control", encoding: .utf8)) ?? ""
      let names = controllers.split(whereSeparator: \.isWhitespace)
      if names.contains("memory"), names.contains("pids") {
        let isOurs = access(folder, W_OK) == 0 && access(folder + "/cgroup.procs", W_OK) == 0
        return isOurs ? folder : nil
      }
      if parts.popLast() == nil { return nil }
    }
  }

  /// Removes the groups of processes that are no more.
  static func removeLeftovers(in parent: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
      guard name.hasPrefix(prefix),
        let process = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({
          pid_t($0)
        }), kill(process, 0) != 0, errno == ESRCH
      else { continue }
      ControlGroup(folder: parent + "/" + name).remove()
    }
  }

  private init(folder: String) { self.folder = folder }
}
