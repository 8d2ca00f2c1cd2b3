import Foundation

/// How a command is confined.
public enum SandboxTier: String, Codable, Sendable, CaseIterable {
  /// Own namespaces (files, users, processes, network, IPC, names, control groups) and a filter of
  /// system calls.
  case bubblewrap
  /// Without namespaces: Landlock on files, TCP and signals, the filter, and no place to write.
  case landlock
  /// Only limits; the command sees what the grader sees.
  case none
}

/// Turns a command into one that runs confined.
public struct Sandbox: Sendable {
  /// How commands are confined.
  public let tier: SandboxTier
  /// The toolchain whose parts confined commands may read.
  public let toolchain: Toolchain
  /// What `selfTested()` has tried in vain, such as `network`; empty before.
  public internal(set) var proofs: [String] = []

  /// The backtracer's settings for workers: the crashed thread only, no colours, never a prompt.
  public static let backtraceSetting =
    "enable=yes,color=no,interactive=no,sanitize=no,threads=crashed,registers=none,images=none"

  /// Creates a sandbox of a tier.
  public init(tier: SandboxTier, toolchain: Toolchain) {
    self.tier = tier
    self.toolchain = toolchain
  }

  /// The tier and what was proven, as results and reports show it.
  public var summary: String {
    guard !proofs.isEmpty else { return tier.rawValue }
    let groups = ControlGroup.parent == nil ? "" : "; memory and processes by control groups too"
    return tier.rawValue + "; proven: " + proofs.joined(separator: ", ") + groups
  }

  /// The sandbox for a choice made on the command line.
  ///
  /// - Parameter choice: nil means the best of bubblewrap and Landlock that works here. It never
  ///   falls back to no confinement, and a tier that was asked for is never replaced by another.
  /// - Throws: `SandboxError.unavailable`, `.noToolchain`.
  public static func select(_ choice: SandboxTier?) throws -> Sandbox {
    let toolchain = try Toolchain.find()
    if choice == SandboxTier.none { return Sandbox(tier: .none, toolchain: toolchain) }
    var reasons: [String] = []
    for tier in choice.map({ [$0] }) ?? [.bubblewrap, .landlock] {
      guard let reason = probe(tier) else { return Sandbox(tier: tier, toolchain: toolchain) }
      reasons.append(reason)
    }
    throw SandboxError.unavailable(choice ?? .bubblewrap, reason: reasons.joined(separator: "; "))
  }

  /// Runs a program in the sandbox: nil if that works, else the reason in a few words.
  public static func probe(_ tier: SandboxTier = .bubblewrap) -> String? {
    guard tier != .none else { return nil }
    guard Confine.path != nil else { return "the program confine is not built" }
    if tier == .bubblewrap, Executable.find("bwrap") == nil { return "bwrap is not installed" }
    if tier == .landlock, Confine.landlockVersion < 3 {
      // Before, a file that may be read could be emptied.
      return "the kernel has version \(Confine.landlockVersion) of Landlock, 3 is needed"
    }
    // The probe must take the very path that workers take, but needs no toolchain.
    let sandbox = Sandbox(tier: tier, toolchain: Toolchain(root: "/"))
    do {
      let own = sandbox.ownProgram
      let command = sandbox.confined(
        own.command + ["--probe"], view: .program(libraries: []), limits: Limits(wallSeconds: 20),
        readOnly: own.paths)
      let child = try ChildProcess(command)
      let ending = child.wait()
      if ending.isSuccess { return nil }
      let said = child.standardError.text.split(separator: "\n").first.map(String.init)
      return said ?? "it ended with \(ending.summary)"
    } catch {
      return "\(error)"
    }
  }

  /// The program `confine` as a command, and what has to be shown for it.
  var ownProgram: (command: [String], paths: [String]) {
    guard let path = Confine.path else { return ([], []) }
    return tier == .bubblewrap ? ([Confine.insidePath], []) : ([path], [path])
  }

  /// The command that runs `command` confined, with its per-process limits.
  ///
  /// Descriptors other than 0 to 2 pass through. Limits on the whole (clock, processes, memory,
  /// output, files) are kept by `ChildProcess`.
  ///
  /// - Parameters:
  ///   - command: the program's absolute path and its arguments.
  ///   - view: what it sees of the system and may ask of the kernel.
  ///   - readOnly: absolute paths to show inside: to a student's program in bubblewrap under neutral
  ///     names, which `command` then has too, else under the same. When the grader runs as root
  ///     everybody may read them then, whatever the umask was when they were made.
  ///   - writable: absolute paths of folders the command may write; when the grader runs as root
  ///     they change hands to the command's user. The first is its temporary folder. A student's
  ///     program has none: nothing is writable to it whatever is given here.
  ///   - workingDirectory: must be inside a visible path; `/` by default.
  ///   - environment: the only variables besides `PATH`, `HOME`, `TMPDIR`, `LANG` and the
  ///     backtracer's setting.
  public func confined(
    _ command: [String], view: SystemView, limits: Limits, readOnly: [String] = [],
    writable: [String] = [], workingDirectory: String? = nil, environment: [String: String] = [:]
  ) -> ConfinedCommand {
    let writable = view.runsStudentCode && tier != .none ? [] : writable
    let temporary = writable.first ?? (tier == .none ? "/tmp" : "/nonexistent")
    // Under Landlock the backtracer would read its own folder in /proc, which has no rule: it is not
    // there yet when the rules are made, and a rule for all of /proc would show every process.
    let backtracer = tier == .landlock ? nil : toolchain.backtracer
    var variables = [
      "PATH": toolchain.programs + ":/usr/bin:/bin", "HOME": temporary, "TMPDIR": temporary,
      "LANG": "C.UTF-8",
      "SWIFT_BACKTRACE": backtracer.map { Self.backtraceSetting + ",swift-backtrace=" + $0 }
        ?? "enable=no",
    ]
    variables.merge(environment) { _, given in given }
    // As root: a user whom nobody else is, so that its processes are counted apart from all others
    // and files are not root's to it.
    let user = Self.isRoot ? Int.random(in: 1_000_000..<2_000_000_000) : nil
    if tier != .none, let user {
      for path in writable { chown(path, uid_t(user), gid_t(user)) }
      // It reads what root made under any umask.
      for path in readOnly { Permissions.letEverybodyRead(path) }
    }
    let isStudents = view.runsStudentCode
    let filter = !isStudents ? "tools" : backtracer == nil ? "worker" : "backtraced"
    let system = tier == .none ? nil : SystemFiles.of(view, toolchain)
    switch (tier, Confine.path) {
    case (.bubblewrap, let confine?):
      let shown = (system?.paths ?? []) + (isStudents ? [backtracer].compactMap { $0 } : [])
      let own =
        isStudents
        ? underOtherNames(command, readOnly)
        : (command: command, shown: readOnly.map { ShownPath(place: $0, name: $0) })
      return ConfinedCommand(
        arguments: inNamespaces(
          Confine.command(
            own.command, limits, filter: filter, user: user, processes: limits.processes),
          confine: confine, isRoot: user != nil, system: shown, readOnly: own.shown,
          writable: writable, workingDirectory: workingDirectory ?? "/", variables: variables),
        environment: ["PATH": "/usr/bin:/bin"], workingDirectory: nil, limits: limits,
        writable: writable, wrappers: 2)
    case (.landlock, let confine?):
      // Without a user of its own the command is counted together with all that the user runs.
      let processes = user == nil ? Self.ownTasks() + limits.processes + 1024 : limits.processes
      return ConfinedCommand(
        arguments: [confine, "--supervise", "--landlock"]
          + ((system?.paths ?? []) + readOnly).flatMap { ["--read", $0] }
          + (system?.listed ?? []).flatMap { ["--list", $0] }
          + writable.flatMap { ["--write", $0] }
          + Confine.command(command, limits, filter: filter, user: user, processes: processes),
        environment: variables, workingDirectory: workingDirectory ?? "/", limits: limits,
        writable: writable, wrappers: 1)
    default:
      return ConfinedCommand(
        arguments: Self.limited(command, limits: limits), environment: variables,
        workingDirectory: workingDirectory, limits: limits, writable: writable, wrappers: 0)
    }
  }

  /// Whether this is the real root, whom the kernel exempts from the limit on processes.
  private static let isRoot: Bool = {
    guard geteuid() == 0 else { return false }
    // In a user namespace (a rootless container) root is an ordinary user in disguise.
    let map = (try? String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8)) ?? ""
    return map.split(whereSeparator: \.isWhitespace) == ["0", "0", "4294967295"]
  }()

  /// Processes and threads of this user, everywhere.
  private static func ownTasks() -> Int {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.reduce(0) { sum, name in
      var status = stat()
      guard Int(name) != nil, stat("/proc/\(name)/task", &status) == 0,
        status.st_uid == getuid()
      else { return sum }
      // a folder has a link from each of its folders, besides its own two
      return sum + max(1, Int(status.st_nlink) - 2)
    }
  }

  /// Puts the per-process limits in front: prlimit(1), or the shell's `ulimit` where there is none.
  private static func limited(_ command: [String], limits: Limits) -> [String] {
    let cpu = limits.kernelSeconds
    if let program = Executable.find("prlimit") {
      return [
        program, "--core=1", "--cpu=\(cpu):\(cpu + 1)", "--data=\(limits.memoryBytes)",
        "--fsize=\(limits.fileBytes)", "--nofile=\(limits.openFiles)", "--",
      ] + command
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
  /// The folders it may write, where files are counted.
  public let writable: [String]
  /// How many processes lie between the started one and the command: bubblewrap's two, or the one
  /// supervisor of the Landlock tier.
  public let wrappers: Int
}
