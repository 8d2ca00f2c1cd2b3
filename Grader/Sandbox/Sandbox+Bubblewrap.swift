import Foundation

extension Sandbox {
  /// bubblewrap's arguments: namespaces, what is visible, and the program that finishes the job
  /// inside with another user, limits and the filter.
  ///
  /// That program is the first process of the namespace: bubblewrap's own would show its arguments,
  /// which name places of the machine.
  func inNamespaces(
    _ inner: [String], confine: String, isRoot: Bool, system: [String], readOnly: [ShownPath],
    writable: [String], workingDirectory: String, variables: [String: String]
  ) -> [String] {
    var arguments = [
      Executable.find("bwrap") ?? "bwrap", "--die-with-parent", "--new-session", "--cap-drop",
      "ALL",
    ]
    if isRoot {
      // A user of its own takes the user namespace's place: only root can give it one, and the
      // kernel counts its processes, which it does not for root in a user namespace.
      for name in ["ipc", "pid", "net", "uts", "cgroup"] { arguments.append("--unshare-\(name)") }
      for name in ["SETUID", "SETGID", "SETPCAP"] { arguments += ["--cap-add", "CAP_" + name] }
    } else {
      arguments.append("--unshare-all")
    }
    arguments += ["--as-pid-1", "--hostname", "worker"] + Self.linkedFolders()
    var shown =
      system.map { ("--ro-bind", SystemFiles.resolved($0), $0) }
      + writable.map { ("--bind", $0, $0) } + readOnly.map { ("--ro-bind", $0.place, $0.name) }
    shown.append(("--ro-bind", confine, Confine.insidePath))
    // No terminals, no shared memory: what is here holds nothing.
    shown += ["/dev/null", "/dev/urandom"].map { ("--dev-bind", $0, $0) }
    var made: Set<String> = []
    for (option, place, path) in shown {
      // Left to itself, bubblewrap makes the folders above a path for its own user only.
      for folder in Self.ancestors(path) where made.insert(folder).inserted {
        arguments += ["--dir", folder]
      }
      arguments += [option, place, path]
    }
    // The root is a small file system in memory without a limit of ours: a command could fill it.
    arguments += ["--proc", "/proc", "--remount-ro", "/"]
    arguments += ["--chdir", workingDirectory, "--clearenv"]
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      arguments += ["--setenv", name, value]
    }
    return arguments + ["--", Confine.insidePath, "--supervise"] + inner
  }

  /// What is shown of the machine, and where.
  struct ShownPath {
    let place, name: String
  }

  /// Where a student's program and what is shown beside it get other names inside: those in the
  /// command follow.
  func underOtherNames(
    _ command: [String], _ paths: [String]
  ) -> (command: [String], shown: [ShownPath]) {
    let shown = paths.enumerated().map { number, path in
      ShownPath(place: path, name: Confine.insidePath(program: number))
    }
    let renamed = command.map { word in
      let path = shown.first { word == $0.place || word.hasPrefix($0.place + "/") }
      return path.map { $0.name + word.dropFirst($0.place.count) } ?? word
    }
    return (renamed, shown)
  }

  private static func ancestors(_ path: String) -> [String] {
    let parts = path.split(separator: "/").dropLast()
    return parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
  }

  /// The links from `/lib` and the like to folders of `/usr`, where the system has them.
  private static func linkedFolders() -> [String] {
    ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"].flatMap { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: name)
      return target.map { ["--symlink", $0, name] } ?? []
    }
  }
}
