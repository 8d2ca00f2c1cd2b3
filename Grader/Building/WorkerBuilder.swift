import Assignment
import Files
import Foundation
import Sandbox
import Synchronization

/// Compiles a unit's module from a student's files and ours, in the sandbox, and links it into a
/// worker: one for each program of the assignment, with its parts of the core and no others.
///
/// Results are kept in a cache folder under the hash of all sources, the core and the toolchain, so
/// identical files are built once, whoever hands them in and whenever. Several processes may share
/// the folder.
public final class WorkerBuilder: Sendable {
  private let manifest: AssignmentManifest
  private let stubs: [String: [UInt8]]
  private let provided: [String: [UInt8]]
  private let core: CoreProducts
  /// The hash of the core.
  package let coreHash: String
  /// The hash of the unit's own files, stubs included.
  package let courseHash: String
  private let compiler: WorkerCompiler
  private let sandbox: Sandbox
  private let cacheFolder: String
  private let building = Mutex<[String: DispatchGroup]>([:])
  /// The compiler of a build outside a run.
  private let alone = Children()

  /// Reads the unit's own files.
  ///
  /// - Parameters:
  ///   - assignmentFolder: all its `.swift` files take part; the manifest's are stubs, which a
  ///     student's file replaces.
  /// - Throws: `FileError`.
  public init(
    _ manifest: AssignmentManifest, assignmentFolder: String, core: CoreProducts,
    sandbox: Sandbox, cacheFolder: String
  ) throws {
    let sources = try UnitSources(manifest, folder: assignmentFolder)
    (stubs, provided) = (sources.students, sources.provided)
    self.manifest = manifest
    self.core = core
    coreHash = try core.fingerprint()
    courseHash = Self.hash(stubs.merging(provided) { $1 }, [])
    self.sandbox = sandbox
    self.cacheFolder = URL(fileURLWithPath: cacheFolder).path
    try AtomicFile.createFolder(self.cacheFolder)
    Self.letEverybodyEnter(self.cacheFolder)
    CacheUse.begin(self.cacheFolder)
    compiler = WorkerCompiler(
      unit: manifest.unit, provided: provided.keys.sorted(), reserved: manifest.reserved ?? [],
      core: core, coreHash: coreHash, sandbox: sandbox, limits: manifest.limits.build,
      cacheFolder: self.cacheFolder)
    Leftovers.remove(in: self.cacheFolder, prefix: Self.leftover)
  }

  /// Builds a worker with all parts of the core on its own, outside a run.
  ///
  /// - Parameter program: another program.
  /// - Throws: `BuildError.failed` where the fault is not the student's, `SandboxError`,
  ///   `CancellationError` after `cancel()`.
  public func build(
    _ files: [String: [UInt8]] = [:], program: StudentProgram? = nil
  ) throws -> BuildOutcome {
    defer { CacheLimit.keep(cacheFolder) }
    do {
      return try build(files, program: program ?? manifest.wholeProgram, children: alone)
    } catch {
      throw alone.isCancelled ? CancellationError() : error
    }
  }

  /// Stops a build outside a run as soon as possible.
  public func cancel() { alone.cancel() }

  /// Builds the worker of a submission, or finds it in the cache.
  ///
  /// - Parameters:
  ///   - program: which of the assignment's programs; files that are not its own are left out.
  ///   - standIns: files of ours in place of a student's.
  ///   - patience: how many times the limit on the clock may pass. Only beyond 1 is a compiler that
  ///     did not finish in time taken for an answer: the machine may have been busy.
  ///   - budget: what the compiler may still take for the submission; it is told what it took, now or
  ///     when it built the same sources.
  /// - Throws: `BuildError.failed` where the fault is not the student's, `BuildTimedOut`,
  ///   `SandboxError`.
  package func build(
    _ files: [String: [UInt8]], program: StudentProgram, standIns: [String: [UInt8]] = [:],
    children: Children, patience: Double = 1, budget: CompilerBudget = .init()
  ) throws -> BuildOutcome {
    let own = files.filter { manifest.belongs($0.key, to: program) && stubs[$0.key] != nil }
    let sources = untouched(program).merging(own) { $1 }.merging(standIns) { $1 }
    let key = Self.hash(
      sources,
      [manifest.unit, program.name, coreHash, compiler.identity] + standIns.keys.sorted())
    let turn = takeTurn(key)
    defer {
      building.withLock { _ = $0.removeValue(forKey: key) }
      turn.leave()
    }
    let place = cacheFolder + "/" + key
    switch cached(place, sources) {
    // That our own files do not compile is the machine's fault, which may be mended by now.
    case (.rejected, _)? where own.isEmpty && standIns.isEmpty: break
    case let (outcome, seconds)?:
      budget.take(seconds)
      return outcome
    case nil: break
    }

    let work = try workFolder(sources)
    defer { try? FileManager.default.removeItem(atPath: work) }
    func compiled() throws -> WorkerCompiler.Compilation {
      try compiler.compile(
        work, names: sources.keys.sorted(),
        // a stand-in of ours may be a line that calls the core
        students: sources.keys.filter { stubs[$0] != nil && standIns[$0] == nil }.sorted(),
        program: program, children: children, patience: patience, budget: budget)
    }
    var compilation = try compiled()
    if compilation.isDoubtful {
      // What is not said of a line of the sources may be no fault of theirs: a full disk, a core that
      // is being built anew. Only a second time counts, and only where our own files do compile.
      if !own.isEmpty { try requireUntouched(program, children, patience) }
      compilation = try compiled()
    }
    // Others with the same sources have more time, and so has their author the next time.
    if compilation.isOfBudget { return .rejected(errors: compilation.errors ?? []) }
    let record = Record(
      coreHash: coreHash, errors: compilation.errors, reserved: compilation.reserved,
      warnings: compilation.warnings, names: sources.keys.sorted(),
      cpuSeconds: compilation.cpuSeconds)
    try AtomicFile.write(JSONEncoder().encode(record), to: work + "/record.json")
    // Another process may have built the same meanwhile, and be running it.
    if let (outcome, _) = cached(place, sources), case .built = outcome { return outcome }
    try? FileManager.default.removeItem(atPath: place)
    guard rename(work, place) == 0 else {
      throw FileError.cannotWrite(path: place, reason: String(cString: strerror(errno)))
    }
    if let errors = compilation.errors { return .rejected(errors: errors) }
    guard compilation.reserved.isEmpty else { return .usesReserved(compilation.reserved) }
    return .built(worker: place + "/product/worker", warnings: compilation.warnings)
  }

  // MARK: The cache

  /// The hash of files with their names, and of what else counts.
  package static func hash(_ files: [String: [UInt8]], _ parts: [String]) -> String {
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
    let reserved: [ReservedUse]
    let warnings: [String]
    let names: [String]
    let cpuSeconds: Double
  }

  /// How the names of folders begin that are being filled.
  package static let leftover = ".building-"

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
    guard record.reserved.isEmpty else {
      return (.usesReserved(record.reserved), record.cpuSeconds)
    }
    let worker = place + "/product/worker"
    return FileManager.default.isExecutableFile(atPath: worker)
      ? (.built(worker: worker, warnings: record.warnings), record.cpuSeconds) : nil
  }

  /// Compiles the unit's own files, whatever the cache says of them.
  ///
  /// - Throws: `BuildError.failed` when they do not compile.
  private func requireUntouched(
    _ program: StudentProgram, _ children: Children, _ patience: Double
  ) throws {
    let sources = untouched(program)
    let work = try workFolder(sources)
    defer { try? FileManager.default.removeItem(atPath: work) }
    let compilation = try compiler.compile(
      work, names: sources.keys.sorted(), students: [], program: program, children: children,
      patience: patience, budget: CompilerBudget())
    if let errors = compilation.errors {
      throw BuildError.untouchedFails(unit: manifest.unit, errors)
    }
  }

  /// The unit's own files of a program.
  private func untouched(_ program: StudentProgram) -> [String: [UInt8]] {
    provided.merging(stubs) { $1 }.filter { manifest.belongs($0.key, to: program) }
  }

  /// A command in the Landlock tier goes through these folders as a user of its own.
  private static func letEverybodyEnter(_ folder: String) {
    if geteuid() == 0 { chmod(folder, 0o755) }
  }

  /// A new folder with sources.
  private func workFolder(_ sources: [String: [UInt8]]) throws -> String {
    let work = Leftovers.name(in: cacheFolder, prefix: Self.leftover)
    try AtomicFile.createFolder(work + "/sources")
    Self.letEverybodyEnter(work)
    for (name, bytes) in sources {
      try AtomicFile.write(Data(bytes), to: work + "/sources/" + name)
    }
    return work
  }
}
