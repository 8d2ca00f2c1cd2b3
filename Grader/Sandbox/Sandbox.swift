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

  /// Runs `true` in bubblewrap: nil if that works, else the reason in a few words.
  public static func probe() -> String? {
    guard let program = Executable.find("bwrap") else { return "bwrap is not installed" }
    let command =
      [program, "--unshare-all", "--die-with-parent", "--new-session"] + systemView()
      + ["--", "true"]
    do {
      let child = try ChildProcess(
        command, environment: ["PATH": "/usr/bin:/bin"], limits: Limits(wallSeconds: 20))
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
  ///   - writable: absolute paths of folders the command may write.
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
    var arguments = [
      program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
      "--hostname", "worker",
    ]
    arguments += Self.systemView()
    if !toolchain.root.hasPrefix("/usr") && toolchain.root != "/" {
      arguments += ["--ro-bind", toolchain.root, toolchain.root]
    }
    for path in readOnly { arguments += ["--ro-bind", path, path] }
    for path in writable { arguments += ["--bind", path, path] }
    // The root is a small in-memory file system: without this a command could fill it.
    arguments += ["--remount-ro", "/", "--chdir", workingDirectory ?? "/tmp", "--clearenv"]
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      arguments += ["--setenv", name, value]
    }
    arguments += ["--"] + limited
    return ConfinedCommand(
      arguments: arguments, environment: ["PATH": "/usr/bin:/bin"], workingDirectory: nil,
      limits: limits, wrappers: 2)
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
    for name in ["/etc/ld.so.cache", "/etc/alternatives"] {
      arguments += ["--ro-bind-try", name, name]
    }
    return arguments + [
      "--dev", "/dev", "--proc", "/proc", "--size", "\(256 << 20)", "--tmpfs", "/tmp",
    ]
  }

  /// Puts the per-process limits in front: prlimit(1), or the shell's `ulimit` where there is none.
  ///
  /// It goes inside the namespaces, because there the number of processes is counted apart from
  /// the user's others. (For root the kernel counts nothing; `ChildProcess` counts for itself.)
  private static func limited(
    _ command: [String], limits: Limits, countsOwnProcesses: Bool
  ) -> [String] {
    // One second more than the whole may use: the watcher's word comes first and says why.
    let cpu = Int(limits.cpuSeconds.rounded(.up)) + 1
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
