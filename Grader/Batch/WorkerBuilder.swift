import Foundation
import Sandbox
import Synchronization

/// How the build of one submission ended.
public enum BuildOutcome: Sendable, Equatable {
  /// The worker's path.
  case built(worker: String)
  /// The student's files do not compile: the compiler's errors, `LSTM.swift:41:9: error: …`.
  case rejected(errors: [String])
}

/// Compiles a unit's module from a student's files and ours, in the sandbox, into a worker.
///
/// Results are kept in a cache folder under the content of all sources and the core, so untouched
/// stubs and repeated runs cost nothing.
public final class WorkerBuilder: Sendable {
  private let unit: String
  private let stubs: [String: [UInt8]]
  private let provided: [String: [UInt8]]
  private let core: CoreProducts
  private let coreFingerprint: UInt64
  private let sandbox: Sandbox
  private let limits: Limits
  private let cacheFolder: String
  /// Links to the modules that may be imported, and nothing else.
  private let moduleFolder: String
  private let building = Mutex<[String: DispatchGroup]>([:])

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
    coreFingerprint = try core.fingerprint()
    self.sandbox = sandbox
    self.limits = limits
    self.cacheFolder = URL(fileURLWithPath: cacheFolder).path
    // The compiler lists the folder it looks for modules in. The core's own also holds the
    // solutions' module, and without namespaces what it must not read would stop it.
    moduleFolder = self.cacheFolder + "/modules-" + String(coreFingerprint, radix: 16)
    try AtomicFile.createFolder(moduleFolder)
    for path in core.modulePaths {
      let link = moduleFolder + "/" + URL(fileURLWithPath: path).lastPathComponent
      // another run may have made it at the same time
      guard symlink(path, link) == 0 || errno == EEXIST else {
        throw BatchError.cannotWrite(path: link, reason: String(cString: strerror(errno)))
      }
    }
  }

  /// Builds a worker on its own, outside a run.
  ///
  /// - Throws: `BatchError.buildFailed` where the fault is not the student's, `SandboxError`.
  public func build(_ files: [String: [UInt8]] = [:]) throws -> BuildOutcome {
    try build(files, children: Children())
  }

  /// Builds the worker of a submission, or finds it in the cache.
  ///
  /// - Throws: `BatchError.buildFailed` where the fault is not the student's, `SandboxError`.
  func build(_ files: [String: [UInt8]], children: Children) throws -> BuildOutcome {
    let own = files.filter { stubs[$0.key] != nil }
    let sources = provided.merging(stubs) { $1 }.merging(own) { $1 }
    var hash = Fingerprint()
    hash.add(Array("\(unit) \(coreFingerprint) \(sandbox.toolchain.root)".utf8))
    for (name, bytes) in sources.sorted(by: { $0.key < $1.key }) {
      hash.add(Array(name.utf8))
      hash.add(bytes)
    }
    let key = String(hash.value, radix: 16)
    let turn = takeTurn(key)
    defer {
      building.withLock { _ = $0.removeValue(forKey: key) }
      turn.leave()
    }
    let place = cacheFolder + "/" + key
    if let outcome = cached(place, sources) { return outcome }

    let work = cacheFolder + "/.building-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: work) }
    try AtomicFile.createFolder(work + "/sources")
    try AtomicFile.createFolder(work + "/product")
    try AtomicFile.createFolder(work + "/temporary")
    for (name, bytes) in sources {
      try AtomicFile.write(Data(bytes), to: work + "/sources/" + name)
    }
    var outcome = try compile(work, names: sources.keys.sorted(), children: children)
    if outcome.isCrash {
      // Seen once in hundreds of builds without the student's fault: only a second one counts.
      outcome = try compile(work, names: sources.keys.sorted(), children: children)
    }
    try? FileManager.default.removeItem(atPath: work + "/temporary")
    let record = Record(
      coreFingerprint: coreFingerprint, errors: outcome.errors, names: sources.keys.sorted())
    try AtomicFile.write(JSONEncoder().encode(record), to: work + "/record.json")
    // A folder with the same name but other contents would be a collision: it gives way.
    try? FileManager.default.removeItem(atPath: place)
    guard rename(work, place) == 0 else {
      throw BatchError.cannotWrite(path: place, reason: String(cString: strerror(errno)))
    }
    return outcome.errors.map { .rejected(errors: $0) } ?? .built(worker: place + "/product/worker")
  }

  // MARK: The cache

  private struct Record: Codable {
    let coreFingerprint: UInt64
    let errors: [String]?
    let names: [String]
  }

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

  private func cached(_ place: String, _ sources: [String: [UInt8]]) -> BuildOutcome? {
    guard let data = FileManager.default.contents(atPath: place + "/record.json"),
      let record = try? JSONDecoder().decode(Record.self, from: data),
      record.coreFingerprint == coreFingerprint, record.names == sources.keys.sorted()
    else { return nil }
    for (name, bytes) in sources {
      let stored = FileManager.default.contents(atPath: place + "/sources/" + name)
      guard stored.map({ [UInt8]($0) }) == bytes else { return nil }
    }
    if let errors = record.errors { return .rejected(errors: errors) }
    let worker = place + "/product/worker"
    return FileManager.default.isExecutableFile(atPath: worker) ? .built(worker: worker) : nil
  }

  // MARK: The compiler

  private struct Compilation {
    let errors: [String]?
    var isCrash = false
  }

  private func compile(
    _ work: String, names: [String], children: Children
  ) throws -> Compilation {
    let command =
      [
        sandbox.toolchain.compiler, "-swift-version", "6", "-Onone", "-g", "-wmo",
        "-suppress-warnings", "-diagnostic-style", "llvm", "-module-name", unit,
        // Backtraces and crash messages then name LSTM.swift and not our folders.
        "-file-prefix-map", work + "/sources/=", "-module-cache-path",
        work + "/temporary/modules",
        "-I", moduleFolder,
      ] + core.includeFlags + names + core.libraries + core.linkFlags
      + ["-o", work + "/product/worker"]
    let child = try ChildProcess(
      sandbox.confined(
        command, limits: limits,
        // Without a namespace of its own the compiler's processes find themselves in the common
        // /proc; no student's code runs here.
        readOnly: [work + "/sources", moduleFolder] + core.visiblePaths
          + (sandbox.tier == .landlock ? ["/proc"] : []),
        writable: [work + "/temporary", work + "/product"],
        workingDirectory: work + "/sources"))
    let ending = children.wait(for: child)
    if children.isCancelled { throw BatchError.buildFailed(reason: "the run was interrupted") }
    let text = child.standardError.text + child.standardOutput.text
    if ending.isSuccess {
      guard FileManager.default.isExecutableFile(atPath: work + "/product/worker") else {
        throw BatchError.buildFailed(reason: "the compiler wrote no worker")
      }
      return Compilation(errors: nil)
    }
    if let exceeded = ending.exceeded {
      return Compilation(errors: ["the compiler \(exceeded.sentence(limits)) on these files"])
    }
    if ["bwrap:", "prlimit:", "confine:"].contains(where: text.hasPrefix) {
      throw BatchError.buildFailed(reason: text.split(separator: "\n").first.map(String.init) ?? "")
    }
    if let signal = ending.signal {
      return Compilation(
        errors: ["the compiler crashed (signal \(signal)) on these files"]
          + CompilerMessages.errors(in: text, limit: 2),
        isCrash: true)
    }
    var errors = CompilerMessages.errors(in: text)
    if errors.isEmpty { errors = ["the compiler ended with \(ending.summary)"] }
    if let name = provided.keys.sorted().first(where: { errors[0].hasPrefix($0 + ":") }) {
      errors.append("(\(name) is the course's own file: it uses what your files should offer)")
    }
    return Compilation(errors: errors)
  }
}
