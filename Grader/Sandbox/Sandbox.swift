import Foundation

/// How a command is confined.
public enum SandboxTier: String, Codable, Sendable, CaseIterable {
  /// Own namespaces, no network, a read-only view of what the command needs.
  case bubblewrap
  /// Only limits; the command sees what the grader sees.
  case none
}

/// Turns a command into one that runs confined.
public struct Sandbox: Sendable {
  /// How commands are confined.
  public let tier: SandboxTier
  /// The toolchain that confined commands may read: its libraries, and its backtracer, which names
  /// the line where a worker trapped.
  public let toolchain: Toolchain

  /// The backtracer's settings for workers: the crashed thread only, no colours, never a prompt.
  public static let backtraceSetting =
    "enable=yes,color=no,interactive=no,sanitize=no,threads=crashed,registers=none,images=none"

  /// Creates a sandbox of a tier.
  public init(tier: SandboxTier, toolchain: Toolchain) {
    self.tier = tier
    self.toolchain = toolchain
  }

  /// The sandbox for a choice made on the command line: bubblewrap where a trial run works.
  ///
  /// - Parameter choice: nil means automatic. Automatic never falls back to no confinement, since
  ///   nobody would notice.
  /// - Throws: `SandboxError.unavailable`, `.noToolchain`.
  public static func select(_ choice: SandboxTier?) throws -> Sandbox {
    let toolchain = try Toolchain.find()
    if choice == SandboxTier.none { return Sandbox(tier: .none, toolchain: toolchain) }
    if let reason = probe() { throw SandboxError.unavailable(reason: reason) }
    return Sandbox(tier: .bubblewrap, toolchain: toolchain)
  }

  /// Runs a shell in bubblewrap: nil if that works, else the reason in a few words.
  public static func probe() -> String? {
    guard Executable.find("bwrap") != nil else { return "bwrap is not installed" }
    // The probe must take the very path that workers take, but needs no toolchain.
    let sandbox = Sandbox(tier: .bubblewrap, toolchain: Toolchain(root: "/usr"))
    do {
      let command = sandbox.confined(
        ["/bin/sh", "-c", "exit 0"], limits: Limits(wallSeconds: 20))
      let child = try ChildProcess(command)
      let ending = child.wait()
      if ending.isSuccess { return nil }
      let said = child.standardError.text.split(separator: "\n").first.map(String.init)
      return said ?? "it ended with \(ending.summary)"
    } catch {
      return "\(error)"
    }
  }

  /// The command that runs `command` confined, with its per-process limits.
  ///
  /// Descriptors other than 0 to 2 pass through. Limits on the whole (clock, processes, memory,
  /// output) are `ChildProcess`'s, which must be given the same `limits`.
  ///
  /// - Parameters:
  ///   - command: the program's absolute path and its arguments.
  ///   - readOnly: absolute paths to show inside under the same name.
  ///   - writable: absolute paths of folders the command may write; when the grader runs as root
  ///     they change hands to the command's user.
  ///   - workingDirectory: must be inside a visible path; `/tmp`, private and empty, by default.
  ///   - environment: the only variables besides `PATH`, `HOME`, `TMPDIR`, `LANG` and the
  ///     backtracer's setting.
  public func confined(
    _ command: [String], limits: Limits, readOnly: [String] = [], writable: [String] = [],
    workingDirectory: String? = nil, environment: [String: String] = [:]
  ) -> ConfinedCommand {
    var variables = [
      "PATH": toolchain.root + "/usr/bin:/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp",
      "LANG": "C.UTF-8", "SWIFT_BACKTRACE": Self.backtraceSetting,
    ]
    variables.merge(environment) { _, given in given }
    let limited = Self.limited(command, limits: limits, countsOwnProcesses: tier == .bubblewrap)
    guard tier == .bubblewrap, let program = Executable.find("bwrap") else {
      return ConfinedCommand(
        arguments: limited, environment: variables, workingDirectory: workingDirectory,
        limits: limits, wrappers: 0)
    }
    var arguments = [program, "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    var inner = limited
    if Self.isRoot {
      let user = Int.random(in: 1_000_000..<2_000_000_000)
      for path in writable { chown(path, uid_t(user), gid_t(user)) }
      for name in ["ipc", "pid", "net", "uts", "cgroup"] { arguments.append("--unshare-\(name)") }
      for name in ["SETUID", "SETGID", "SETPCAP"] { arguments += ["--cap-add", "CAP_" + name] }
      inner = Self.asUser(user) + limited
    } else {
      arguments.append("--unshare-all")
    }
    arguments += ["--hostname", "worker"] + Self.systemView()
    var shown = writable.map { ("--bind", $0) } + readOnly.map { ("--ro-bind", $0) }
    if !toolchain.root.hasPrefix("/usr") { shown.insert(("--ro-bind", toolchain.root), at: 0) }
    for (option, path) in shown {
      // Left to itself, bubblewrap makes the folders above a path for its own user only.
      for folder in Self.ancestors(path) { arguments += ["--dir", folder] }
      arguments += [option, path, path]
    }
    // The root is a small in-memory file system: without this a command could fill it.
    arguments += ["--remount-ro", "/", "--chdir", workingDirectory ?? "/tmp", "--clearenv"]
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      arguments += ["--setenv", name, value]
    }
    arguments += ["--"] + inner
    return ConfinedCommand(
      arguments: arguments, environment: ["PATH": "/usr/bin:/bin"], workingDirectory: nil,
      limits: limits, wrappers: 2)
  }

  /// Whether this is the real root, whom the kernel exempts from the limit on processes.
  private static let isRoot: Bool = {
    guard geteuid() == 0 else { return false }
    // In a user namespace (a rootless container) root is an ordinary user in disguise.
    let map = (try? String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8)) ?? ""
    return map.split(whereSeparator: \.isWhitespace) == ["0", "0", "4294967295"]
  }()

  /// Becomes a user whom nobody else is, so that its processes are counted apart from all others
  /// and files are not root's to it.
  private static func asUser(_ user: Int) -> [String] {
    [
      Executable.find("setpriv") ?? "/usr/bin/setpriv", "--reuid", "\(user)",
      "--regid", "\(user)", "--clear-groups", "--inh-caps=-all", "--ambient-caps=-all",
      "--bounding-set=-all", "--no-new-privs", "--",
    ]
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

  /// Puts the per-process limits in front: prlimit(1), or the shell's `ulimit` where there is none.
  ///
  /// It goes inside the namespaces, because there the number of processes is counted apart from
  /// the user's others. `ChildProcess` counts as well, for the tier without namespaces.
  private static func limited(
    _ command: [String], limits: Limits, countsOwnProcesses: Bool
  ) -> [String] {
    // Three seconds more than the whole may use: the watcher's word comes first and says why, and a
    // backtrace where a worker hangs takes its time too.
    let cpu = Int(limits.cpuSeconds.rounded(.up)) + 3
    if let program = Executable.find("prlimit") {
      var arguments = [
        program, "--core=0", "--cpu=\(cpu):\(cpu + 1)", "--data=\(limits.memoryBytes)",
        "--fsize=\(limits.fileBytes)", "--nofile=\(limits.openFiles)",
      ]
      if countsOwnProcesses { arguments.append("--nproc=\(limits.processes)") }
      return arguments + ["--"] + command
    }
    let script =
      "ulimit -c 0 -t \(cpu) -d \(limits.memoryBytes >> 10) -f \(limits.fileBytes >> 9) "
      + "-n \(limits.openFiles) && exec \"$@\""
    return ["/bin/sh", "-c", script, "sh"] + command
  }
}

/// A command ready for `ChildProcess`.
public struct ConfinedCommand: Sendable {
  /// Program and arguments.
  public let arguments: [String]
  /// All variables.
  public let environment: [String: String]
  /// Where it starts; nil for the caller's own.
  public let workingDirectory: String?
  /// What it may use.
  public let limits: Limits
  /// How many processes lie between the started one and the command (bubblewrap's two).
  public let wrappers: Int
}
