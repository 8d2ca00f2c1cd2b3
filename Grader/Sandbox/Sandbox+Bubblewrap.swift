import Foundation

extension Sandbox {
  /// bubblewrap's arguments: namespaces, what is visible, and the program that finishes the job
  /// inside with another user, limits and the filter.
  func inNamespaces(
    _ inner: [String], confine: String, isRoot: Bool, readOnly: [String], writable: [String],
    workingDirectory: String, variables: [String: String]
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
    arguments += ["--hostname", "worker"] + Self.systemView()
    arguments += ["--dir", "/run", "--ro-bind", confine, Confine.insidePath]
    var shown = writable.map { ("--bind", $0) } + readOnly.map { ("--ro-bind", $0) }
    if !toolchain.root.hasPrefix("/usr") { shown.insert(("--ro-bind", toolchain.root), at: 0) }
    for (option, path) in shown {
      // Left to itself, bubblewrap makes the folders above a path for its own user only.
      for folder in Self.ancestors(path) { arguments += ["--dir", folder] }
      arguments += [option, path, path]
    }
    // Both are small in-memory file systems without a limit of ours: a command could fill them.
    arguments += ["--remount-ro", "/", "--remount-ro", "/dev"]
    arguments += ["--chdir", workingDirectory, "--clearenv"]
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      arguments += ["--setenv", name, value]
    }
    return arguments + ["--", Confine.insidePath] + inner
  }

  private static func ancestors(_ path: String) -> [String] {
    let parts = path.split(separator: "/").dropLast()
    return parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
      .filter { $0 != "/tmp" }
  }

  /// What every confined command sees of the system: libraries and programs, never settings,
  /// homes or data.
  private static func systemView() -> [String] {
    var arguments = ["--ro-bind", "/usr", "/usr"]
    for name in ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"] {
      var status = stat()
      guard lstat(name, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFLNK,
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: name)
      {
        arguments += ["--symlink", target, name]
      } else {
        arguments += ["--ro-bind", name, name]
      }
    }
    // Debian's libraries of several makes (OpenBLAS is one) are links through /etc/alternatives.
    arguments += ["--dir", "/etc"]
    for name in ["/etc/ld.so.cache", "/etc/alternatives"] {
      arguments += ["--ro-bind-try", name, name]
    }
    return arguments + [
      "--dev", "/dev", "--proc", "/proc", "--perms", "1777", "--size", "\(256 << 20)",
      "--tmpfs", "/tmp",
    ]
  }
}
