import Foundation
import Sandbox
import Synchronization

/// Compiles a unit's module from a student's files and ours, in the sandbox, into a worker.
///
/// Results are kept in a cache folder under the hash of all sources, the core and the toolchain, so
/// identical files are built once, whoever hands them in and whenever. Several processes may share
/// the folder.
public final class WorkerBuilder: Sendable {
  private let unit: String
  private let stubs: [String: [UInt8]]
  private let provided: [String: [UInt8]]
  private let core: CoreProducts
  /// The hash of the core.
  let coreHash: String
  /// The hash of the unit's own files, stubs included.
  let courseHash: String
  private let sandbox: Sandbox
  private let limits: Limits
  private let cacheFolder: String
  private let modules: ModuleCache
  /// Links to the modules that may be imported, and nothing else.
  private let moduleFolder: String
  private let building = Mutex<[String: DispatchGroup]>([:])
  /// The compiler of a build outside a run.
  private let alone = Children()

  /// Reads the unit's own files.
  ///
  /// - Parameters:
  ///   - unit: the module's name.
  ///   - assignmentFolder: all its `.swift` files take part; those named in `studentFiles` are
  ///     stubs, which a student's file replaces.
  /// - Throws: `BatchError`.
  public init(
    unit: String, assignmentFolder: String, studentFiles: [String], core: CoreProducts,
    sandbox: Sandbox, limits: Limits, cacheFolder: String
  ) throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: assignmentFolder) else {
      throw BatchError.cannotRead(path: assignmentFolder, reason: "no such unit")
    }
    var stubs: [String: [UInt8]] = [:]
    var provided: [String: [UInt8]] = [:]
    for name in names where name.hasSuffix(".swift") && !name.hasPrefix(".") {
      guard let data = FileManager.default.contents(atPath: assignmentFolder + "/" + name) else {
        throw BatchError.cannotRead(path: assignmentFolder + "/" + name, reason: "no permission")
      }
      if studentFiles.contains(name) {
        stubs[name] = [UInt8](data)
      } else {
        provided[name] = [UInt8](data)
      }
    }
    for name in studentFiles where stubs[name] == nil {
      throw BatchError.cannotRead(
        path: assignmentFolder + "/" + name, reason: "assignment.yml names it, but it is not there")
    }
    self.unit = unit
    self.stubs = stubs
    self.provided = provided
    self.core = core
    coreHash = try core.fingerprint()
    courseHash = Self.hash(stubs.merging(provided) { $1 }, [])
    self.sandbox = sandbox
    self.limits = limits
    self.cacheFolder = URL(fileURLWithPath: cacheFolder).path
    try AtomicFile.createFolder(self.cacheFolder)
    CacheUse.begin(self.cacheFolder)
    // The compiler lists the folder it looks for modules in. The core's own also holds the
    // solutions' module, and without namespaces what it must not read would stop it.
    moduleFolder = self.cacheFolder + "/importable-" + coreHash.prefix(16)
    modules = ModuleCache(
      folder: self.cacheFolder + "/modules-" + coreHash.prefix(16), core: core, sandbox: sandbox,
      moduleFolder: moduleFolder)
    Leftovers.remove(in: self.cacheFolder, prefix: Self.leftover)
    try linkModules()
  }

  /// Fills the folder of the modules that may be imported, and notes that it is in use. Done before
  /// each build: another process that keeps the cache small may have taken it away, and a student's
  /// file must not be blamed for that.
  private func linkModules() throws {
    try AtomicFile.createFolder(moduleFolder)
    for path in core.modulePaths {
      let link = moduleFolder + "/" + URL(fileURLWithPath: path).lastPathComponent
      // another run may have made it at the same time
      guard symlink(path, link) == 0 || errno == EEXIST else {
        throw BatchError.cannotWrite(path: link, reason: String(cString: strerror(errno)))
      }
    }
    CacheLimit.touch(moduleFolder)
  }

  /// Builds a worker on its own, outside a run.
  ///
  /// - Throws: `BatchError.buildFailed` where the fault is not the student's, `SandboxError`,
  ///   `CancellationError` after `cancel()`.
  public func build(_ files: [String: [UInt8]] = [:]) throws -> BuildOutcome {
    defer { CacheLimit.keep(cacheFolder) }
    do {
      return try build(files, children: alone)
    } catch {
      throw alone.isCancelled ? CancellationError() : error
    }
  }

  /// Stops a build outside a run as soon as possible.
  public func cancel() { alone.cancel() }

  /// Builds the worker of a submission, or finds it in the cache.
  ///
  /// - Parameters:
  ///   - patience: how many times the limit on the clock may pass. Only beyond 1 is a compiler that
  ///     did not finish in time taken for an answer: the machine may have been busy.
  ///   - spent: is told the processor seconds that the compiler took, now or when it built the same
  ///     sources.
  /// - Throws: `BatchError.buildFailed` where the fault is not the student's, `BuildTimedOut`,
  ///   `SandboxError`.
  func build(
    _ files: [String: [UInt8]], children: Children, patience: Double = 1,
    spent: (Double) -> Void = { _ in }
  ) throws -> BuildOutcome {
    let own = files.filter { stubs[$0.key] != nil }
    let sources = provided.merging(stubs) { $1 }.merging(own) { $1 }
    let key = Self.hash(
      sources, [unit, coreHash, sandbox.toolchain.root, Self.flags.joined(separator: " ")])
    let turn = takeTurn(key)
    defer {
      building.withLock { _ = $0.removeValue(forKey: key) }
      turn.leave()
    }
    let place = cacheFolder + "/" + key
    if let (outcome, seconds) = cached(place, sources) {
      spent(seconds)
      return outcome
    }

    let work = try workFolder(sources)
    defer { try? FileManager.default.removeItem(atPath: work) }
    func compiled() throws -> Compilation {
      try compile(work, names: sources.keys.sorted(), children: children, patience: patience)
    }
    var compilation = try compiled()
    if compilation.isDoubtful {
      // What is not said of a line of the sources may be no fault of theirs: a full disk, a core that
      // is being built anew. Only a second time counts, and only where our own files do compile.
      if !own.isEmpty { try requireUntouched(children, patience) }
      compilation = try compiled()
    }
    try? FileManager.default.removeItem(atPath: work + "/temporary")
    spent(compilation.cpuSeconds)
    let record = Record(
      coreHash: coreHash, errors: compilation.errors, names: sources.keys.sorted(),
      cpuSeconds: compilation.cpuSeconds)
    try AtomicFile.write(JSONEncoder().encode(record), to: work + "/record.json")
    // Another process may have built the same meanwhile, and be running it.
    if let (outcome, _) = cached(place, sources) { return outcome }
    try? FileManager.default.removeItem(atPath: place)
    guard rename(work, place) == 0 else {
      throw BatchError.cannotWrite(path: place, reason: String(cString: strerror(errno)))
    }
    return compilation.errors.map { .rejected(errors: $0) }
      ?? .built(worker: place + "/product/worker")
  }

  // MARK: The cache

  /// The hash of files with their names, and of what else counts.
  static func hash(_ files: [String: [UInt8]], _ parts: [String]) -> String {
    var hash = ContentHash()
    for part in parts { hash.add(part) }
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      hash.add(name)
      hash.add(bytes)
    }
    return hash.hex
  }

  private struct Record: Codable {
    let coreHash: String
    let errors: [String]?
    let names: [String]
    let cpuSeconds: Double
  }

  /// How the names of folders begin that are being filled.
  static let leftover = ".building-"

  /// Waits until nobody else builds the same sources, then lets others wait.
  private func takeTurn(_ key: String) -> DispatchGroup {
    while true {
      let (group, isOurs) = building.withLock { running in
        if let other = running[key] { return (other, false) }
        let own = DispatchGroup()
        own.enter()
        running[key] = own
        return (own, true)
      }
      if isOurs { return group }
      group.wait()
    }
  }

  private func cached(
    _ place: String, _ sources: [String: [UInt8]]
  ) -> (outcome: BuildOutcome, cpuSeconds: Double)? {
    guard let data = FileManager.default.contents(atPath: place + "/record.json"),
      let record = try? JSONDecoder().decode(Record.self, from: data),
      record.coreHash == coreHash, record.names == sources.keys.sorted()
    else { return nil }
    for (name, bytes) in sources {
      let stored = FileManager.default.contents(atPath: place + "/sources/" + name)
      guard stored.map({ [UInt8]($0) }) == bytes else { return nil }
    }
    CacheLimit.touch(place)
    if let errors = record.errors { return (.rejected(errors: errors), record.cpuSeconds) }
    let worker = place + "/product/worker"
    return FileManager.default.isExecutableFile(atPath: worker)
      ? (.built(worker: worker), record.cpuSeconds) : nil
  }

  // MARK: The compiler

  private struct Compilation {
    let errors: [String]?
    /// Whether it failed in a way that need not be the sources' fault.
    var isDoubtful = false
    /// Of all the compiler's processes in the sandbox, and of the sandbox's own.
    let cpuSeconds: Double
  }

  /// Unoptimised, since a student's lines only call the core. Line tables name the line of a crash
  /// in `LSTM.swift` and, unlike all of `-g`, need no second pass over the sources.
  private static let flags = [
    "-swift-version", "6", "-Onone", "-gline-tables-only", "-wmo", "-suppress-warnings",
    "-diagnostic-style", "llvm",
  ]

  private func compile(
    _ work: String, names: [String], children: Children, patience: Double
  ) throws -> Compilation {
    var limits = limits
    limits.wallSeconds *= patience
    var (ending, text) = try run(work, names, modules.ready(children), limits, children)
    if !ending.isSuccess, text.contains(modules.folder) {
      // The sources import what is not among the prebuilt modules, and those cannot be added to.
      (ending, text) = try run(work, names, nil, limits, children)
    }
    let seconds = ending.cpuSeconds
    if ending.isSuccess {
      guard FileManager.default.isExecutableFile(atPath: work + "/product/worker") else {
        throw BatchError.buildFailed(reason: "the compiler wrote no worker")
      }
      return Compilation(errors: nil, cpuSeconds: seconds)
    }
    if let exceeded = ending.exceeded {
      let sentence = "the compiler \(exceeded.sentence(limits)) on these files"
      if exceeded == .wallSeconds, patience <= 1 { throw BuildTimedOut(description: sentence) }
      return Compilation(errors: [sentence], cpuSeconds: seconds)
    }
    if ["bwrap:", "prlimit:", "confine:"].contains(where: text.hasPrefix) {
      throw BatchError.buildFailed(reason: text.split(separator: "\n").first.map(String.init) ?? "")
    }
    if let signal = ending.signal {
      return Compilation(
        errors: ["the compiler crashed (signal \(signal)) on these files"]
          + CompilerMessages.errors(in: text, limit: 2),
        isDoubtful: true, cpuSeconds: seconds)
    }
    var errors = CompilerMessages.errors(in: text)
    if errors.isEmpty { errors = ["the compiler ended with \(ending.summary)"] }
    if let name = provided.keys.sorted().first(where: { errors[0].hasPrefix($0 + ":") }) {
      errors.append("(\(name) is the course's own file: it uses what your files should offer)")
    }
    return Compilation(
      errors: errors, isDoubtful: !CompilerMessages.blamesSources(text, names: names),
      cpuSeconds: seconds)
  }

  /// Compiles the unit's own files, whatever the cache says of them.
  ///
  /// - Throws: `BatchError.buildFailed` when they do not compile.
  private func requireUntouched(_ children: Children, _ patience: Double) throws {
    let sources = provided.merging(stubs) { $1 }
    let work = try workFolder(sources)
    defer { try? FileManager.default.removeItem(atPath: work) }
    let compilation = try compile(
      work, names: sources.keys.sorted(), children: children, patience: patience)
    if let errors = compilation.errors {
      throw BatchError.untouchedFails(unit: unit, errors)
    }
  }

  /// A new folder with sources.
  private func workFolder(_ sources: [String: [UInt8]]) throws -> String {
    let work = Leftovers.name(in: cacheFolder, prefix: Self.leftover)
    try AtomicFile.createFolder(work + "/sources")
    for (name, bytes) in sources {
      try AtomicFile.write(Data(bytes), to: work + "/sources/" + name)
    }
    return work
  }

  /// Runs the compiler once.
  private func run(
    _ work: String, _ names: [String], _ modules: String?, _ limits: Limits, _ children: Children
  ) throws -> (ending: Ending, text: String) {
    try linkModules()
    // what an earlier run left there is not this one's to overwrite
    for folder in ["/product", "/temporary"] {
      try? FileManager.default.removeItem(atPath: work + folder)
      try AtomicFile.createFolder(work + folder)
    }
    // The toolchain's lld takes a fifth of the time of the system's linker.
    let linker = FileManager.default.isExecutableFile(
      atPath: sandbox.toolchain.root + "/usr/bin/ld.lld")
    let command =
      [sandbox.toolchain.compiler] + Self.flags + ["-module-name", unit]
      // Backtraces and crash messages then name LSTM.swift and not our folders.
      + ["-file-prefix-map", work + "/sources/="]
      + ["-module-cache-path", modules ?? work + "/temporary/modules", "-I", moduleFolder]
      + core.includeFlags + names + core.libraries + core.linkFlags
      + (linker ? ["-use-ld=lld"] : []) + ["-o", work + "/product/worker"]
    let child = try ChildProcess(
      sandbox.confined(
        command, view: .build(flags: core.linkFlags), limits: limits,
        readOnly: [work + "/sources", moduleFolder] + core.visiblePaths
          + (modules.map { [$0] } ?? []),
        writable: [work + "/temporary", work + "/product"], workingDirectory: work + "/sources"))
    let ending = children.wait(for: child)
    if children.isCancelled { throw BatchError.buildFailed(reason: "the run was interrupted") }
    return (ending, child.standardError.text + child.standardOutput.text)
  }
}
