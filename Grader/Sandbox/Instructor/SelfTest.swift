import Foundation

extension Sandbox {
  /// Tries to break out, and to use more than the limits allow.
  ///
  /// A program of ours runs as student code does and really tries: to read a file, to reach a port
  /// and to kill a process that were made for it, to write, to keep processes alive.
  ///
  /// - Returns: this sandbox with `proofs`; unchanged for the tier none, which promises nothing.
  /// - Throws: `SandboxError.leaks` with the first thing that succeeded.
  public func selfTested() throws -> Sandbox {
    guard tier != .none, let program = Confine.path else { return self }
    let bait = try Bait()
    defer { bait.remove() }
    let general = ["canary=\(bait.file)", "port=\(bait.port)", "victim=\(bait.victim)"]
    let looks = [
      try start(program, bait, ["view=worker"] + general, .worker),
      try start(program, bait, general, .compiler),
    ]
    // All at once: most of them wait for a limit to strike.
    let large = 192 << 20
    let made = bait.folder + "/writable"
    func trial(
      _ name: String, _ argument: String, _ view: SystemView = .worker,
      limit: ExceededLimit? = nil, _ change: (inout Limits) -> Void
    ) throws -> (name: String, child: ChildProcess, limit: ExceededLimit?) {
      (
        name,
        try start(program, bait, argument.split(separator: " ").map(String.init), view, change),
        limit
      )
    }
    let trials = [
      try trial("memory", "memory=\(large)") { $0.memoryBytes = large / 2 },
      try trial("memory", "shared=\(large)", .compiler) { $0.memoryBytes = large / 2 },
      try trial("memory", "tables=\(large)") { $0.memoryBytes = large / 2 },
      try trial("memory", "leaderless=1 tables=\(large)") { $0.memoryBytes = large / 2 },
      try trial("sockets", "sockets=100") {
        $0.memoryBytes = 40 << 20
        $0.openFiles = 256
      },
      try trial("process count", "forks=300", .compiler) { $0.processes = 32 },
      try trial("file size", "file=\(made)/file/large", .compiler) { $0.fileBytes = 1 << 20 },
      try trial("files written", "empty=\(made)/empty", .compiler, limit: .writtenFiles) {
        $0.writtenFiles = 1000
      },
      try trial("files written", "many=\(made)/many", .compiler, limit: .writtenBytes) {
        $0.writtenBytes = 20 << 20
      },
      try trial("processor time", "spin=1", limit: .cpuSeconds) { $0.cpuSeconds = 0.2 },
      try trial("clock", "sleep=1", limit: .wallSeconds) { $0.wallSeconds = 0.3 },
    ]
    var proofs: [String] = []
    func require(_ held: Bool, _ name: String, _ what: String) throws {
      guard held else { throw SandboxError.leaks(tier, what: what) }
      if !proofs.contains(name) { proofs.append(name) }
    }
    for look in looks {
      let ending = look.wait()
      let lines = look.standardOutput.text.split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
      for line in lines where line.count == 3 && line[0] != "done" {
        try require(line[1] == "held", line[0], "\(line[0]): \(line[2]) succeeded")
      }
      guard ending.isSuccess, lines.last?.first == "done" else {
        let said = look.standardError.text.prefix(200)
        throw SandboxError.leaks(tier, what: "the self-test ended with \(ending.summary): \(said)")
      }
    }
    try require(bait.victimLives, "processes", "processes: killing another one succeeded")
    for trial in trials {
      let ending = trial.child.wait()
      let leaked = trial.child.standardOutput.text.contains("\tleaked\t")
      try require(
        !leaked && (trial.limit == nil || ending.exceeded == trial.limit), trial.name,
        "the limit on \(trial.name) did not strike")
    }
    try require(
      bait.leftovers.isEmpty, "leftovers", "processes \(bait.leftovers) outlived their run")
    var tested = self
    tested.proofs = proofs
    return tested
  }

  private func start(
    _ program: String, _ bait: Bait, _ arguments: [String], _ view: SystemView,
    _ change: (inout Limits) -> Void = { _ in }
  ) throws -> ChildProcess {
    var limits = Limits(cpuSeconds: 10, wallSeconds: 20)
    change(&limits)
    let own = ownProgram
    return try ChildProcess(
      confined(
        own.command + ["--probe", "secret=\(bait.secret)"] + arguments, view: view,
        limits: limits, readOnly: own.paths,
        writable: try arguments.compactMap { try bait.place(for: $0) }))
  }
}

/// What the self-test tries to reach: a file, a port, a process, a variable, all with a secret.
private final class Bait {
  let secret = UUID().uuidString
  let folder: String
  let port: UInt16
  private let listener: Int32
  private let process: ChildProcess

  var file: String { folder + "/canary" }
  var victim: pid_t { process.identifier }
  var victimLives: Bool { process.wait(timeout: 0.01) == nil }

  /// The folder that a trial writes in, one for each: `file=FOLDER/NAME`, `empty=FOLDER`.
  func place(for argument: String) throws -> String? {
    guard let path = argument.split(separator: "=").last, path.hasPrefix(folder + "/writable")
    else {
      return nil
    }
    let place =
      argument.hasPrefix("file=")
      ? (String(path) as NSString).deletingLastPathComponent : String(path)
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    return place
  }

  init() throws {
    folder =
      URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
      + "/rhythm-self-test-" + secret
    try FileManager.default.createDirectory(
      atPath: folder + "/writable", withIntermediateDirectories: true)
    // Open to all under any umask: the sandbox must hide it, not the permissions.
    chmod(folder, 0o755)
    try Data(secret.utf8).write(to: URL(fileURLWithPath: folder + "/canary"))
    chmod(folder + "/canary", 0o666)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listens = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard listens else {
      throw SandboxError.system(
        operation: "listening for the self-test", reason: String(cString: strerror(errno)))
    }
    port = UInt16(bigEndian: address.sin_port)
    process = try ChildProcess(
      ChildProcess.endingWithParent(["/bin/sleep", "600"]), environment: ["SECRET": secret],
      limits: Limits(cpuSeconds: 600, wallSeconds: 600))
    setenv("RHYTHM_SELF_TEST", secret, 1)
  }

  /// Processes that the probes left behind: their arguments hold the secret.
  var leftovers: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { name in
      Int(name) != nil
        && (FileManager.default.contents(atPath: "/proc/\(name)/cmdline").map {
          String(decoding: $0, as: UTF8.self).contains(secret)
        } ?? false)
    }
  }

  func remove() {
    unsetenv("RHYTHM_SELF_TEST")
    process.terminate()
    _ = process.wait()
    close(listener)
    try? FileManager.default.removeItem(atPath: folder)
  }
}
