import Assignment
import Files
import Foundation
import Sandbox

/// Turns the sources of one program into a worker: one command of the compiler, one of the linker,
/// each in a sandbox of its own.
///
/// Objects made from a student's files can carry options for a linker. This one is told everything by
/// us and reads none from objects: the compiler's driver, which would collect them, takes no part, and
/// the linker's own way of doing so is switched off.
struct WorkerCompiler: Sendable {
  /// How the compilation of a program ended.
  struct Compilation {
    let errors: [String]?
    /// Whether it failed in a way that need not be the sources' fault.
    var isDoubtful = false
    /// Whether it was stopped by what the rest of the submission had left of the common time: it says
    /// nothing of the sources by themselves.
    var isOfBudget = false
    /// What was warned of in the student's files.
    var warnings: [String] = []
    /// What the student's files use and are to write.
    var reserved: [ReservedUse] = []
    /// Of all processes of compiler and linker in the sandbox, and of the sandbox's own.
    var cpuSeconds = 0.0
  }

  private let unit: String
  /// The names of our own files.
  private let provided: [String]
  /// What of the core students' files may not use.
  private let reserved: [String]
  private let core: CoreProducts
  private let sandbox: Sandbox
  private let limits: Limits
  private let importable: ImportableModules
  private let modules: ModuleCache

  /// - Parameters:
  ///   - provided: the names of our own files.
  ///   - reserved: what of the core students' files may not use.
  init(
    unit: String, provided: [String], reserved: [String] = [], core: CoreProducts,
    coreHash: String, sandbox: Sandbox, limits: Limits, cacheFolder: String
  ) {
    self.unit = unit
    self.provided = provided
    self.reserved = reserved
    self.core = core
    self.sandbox = sandbox
    self.limits = limits
    // Both name the core's place and their own: a copy of the cache elsewhere begins anew.
    var hash = ContentHash()
    for part in [coreHash, cacheFolder, core.moduleDirectory] { hash.add(part) }
    let place = hash.hex.prefix(16)
    importable = ImportableModules(
      folder: cacheFolder + "/importable-" + place, core: core, sandbox: sandbox)
    modules = ModuleCache(
      folder: cacheFolder + "/modules-" + place, core: core, sandbox: sandbox,
      importable: importable)
  }

  /// Unoptimised, since a student's lines only call the core. Line tables name the line of a crash
  /// in `Layer.swift` and, unlike all of `-g`, need no second pass over the sources.
  private static let flags = [
    "-swift-version", "6", "-Onone", "-gline-tables-only", "-debug-info-format=dwarf",
    "-dwarf-version=4", "-no-color-diagnostics", "-diagnostic-style", "llvm",
  ]

  /// What makes the same sources another program: the toolchain, and how it is called.
  var identity: String {
    ([sandbox.toolchain.root] + Self.flags + ["|"] + reserved).joined(separator: " ")
  }

  /// A module of a program: files that are compiled at once.
  struct Module {
    let name: String
    let files: [String]
    /// More for the compiler, which may see and write the folder `object`.
    var options: [String] = []
    /// Lines of ours above a file's own, which messages do not count.
    var linesAbove = 0
    /// The files that may not use what is reserved.
    var students: [String] = []
  }

  /// Compiles and links files of the folder `sources` into `product/worker`.
  ///
  /// - Parameter students: those that may not use what is reserved.
  /// - Throws: `BuildError.failed` where the fault is not the sources', `BuildTimedOut`,
  ///   `SandboxError`.
  func compile(
    _ work: String, names: [String], students: [String], program: StudentProgram,
    children: Children, patience: Double, budget: CompilerBudget
  ) throws -> Compilation {
    try compile(
      work, [Module(name: unit, files: names, students: students)], program: program,
      children: children,
      patience: patience, budget: budget)
  }

  /// The same of several modules, each of which may import those before it.
  func compile(
    _ work: String, _ parts: [Module], program: StudentProgram, children: Children,
    patience: Double, budget: CompilerBudget
  ) throws -> Compilation {
    let names = parts.flatMap(\.files)
    try importable.fill(program, children)
    // what an earlier try left there is not this one's to overwrite
    for folder in ["/object", "/product", "/temporary"] {
      try? FileManager.default.removeItem(atPath: work + folder)
      try AtomicFile.createFolder(work + folder)
    }
    defer {
      for folder in ["/object", "/temporary"] {
        try? FileManager.default.removeItem(atPath: work + folder)
      }
    }
    var run = Run(
      limits: limits, patience: patience, budget: budget, children: children,
      sources: work + "/sources", names: names, provided: provided)
    run.linesAbove = Dictionary(
      parts.flatMap { part in part.files.map { ($0, part.linesAbove) } }
    ) { first, _ in first }
    let libraryFlags = try modules.prepare(children)
    func compiled(_ module: Module, _ prepared: String?) throws -> Compilation? {
      try run(
        sandbox.confined(
          compilerCommand(work, module, program, prepared), view: .compiler,
          limits: run.remaining,
          readOnly: [work + "/sources"] + importable.paths(program) + (prepared.map { [$0] } ?? []),
          writable: [work + "/temporary", work + "/object"], workingDirectory: work + "/sources"))
    }
    var warnings: [String] = []
    for module in parts {
      var failure = try compiled(module, modules.folder)
      if failure != nil, run.text.contains(modules.folder) {
        // The sources import what is not among the prebuilt modules, and those cannot be added to.
        failure = try compiled(module, nil)
      }
      if let failure { return failure }
      warnings += CompilerMessages.warnings(
        in: run.text, about: Set(names).subtracting(provided))
    }
    var uses: [ReservedUse] = []
    for module in parts where isCompiledByFiles(module) {
      for file in module.students {
        do {
          if let use = try reservedUse(in: file, module, work, &run) { uses.append(use) }
        } catch let error as UnreadableSymbols {
          // as a file's error: who calls symbols so that the reader ends does not end the class
          return Compilation(
            errors: ["\(file):1:1: error: the file's symbols cannot be read: \(error)"],
            warnings: warnings, cpuSeconds: run.cpuSeconds)
        }
      }
    }
    guard uses.isEmpty else {
      return Compilation(
        errors: nil, warnings: warnings, reserved: uses, cpuSeconds: run.cpuSeconds)
    }
    if let failure = try run(
      sandbox.confined(
        linkerCommand(work, parts, program, libraryFlags), view: .linker(flags: core.linkFlags),
        limits: run.remaining, readOnly: [work + "/object"] + libraries(program),
        writable: [work + "/temporary", work + "/product"], workingDirectory: "/"))
    {
      return failure
    }
    guard FileManager.default.isExecutableFile(atPath: work + "/product/worker") else {
      throw BuildError.failed(reason: "the linker wrote no worker")
    }
    return Compilation(errors: nil, warnings: warnings, cpuSeconds: run.cpuSeconds)
  }

  /// What a student's file uses and is to write, the first of it.
  ///
  /// - Throws: `UnreadableSymbols`, and what `Run` throws.
  private func reservedUse(
    in file: String, _ module: Module, _ work: String, _ run: inout Run
  ) throws -> ReservedUse? {
    let object = object(of: file, module, work)
    var own = run
    defer { run = own }
    let symbols = SymbolReader(sandbox.toolchain) { command in
      let failure = try own(
        sandbox.confined(
          command, view: .symbols, limits: own.remaining, readOnly: [object],
          writable: [work + "/temporary"], workingDirectory: "/"))
      if let failure {
        throw UnreadableSymbols(description: failure.errors?.first ?? "no reason was given")
      }
      return own.output
    }
    guard
      let name = try ReservedNames(reserved).first(in: object, ofModule: module.name, symbols)
    else { return nil }
    let text = try? String(contentsOfFile: "\(work)/sources/\(file)", encoding: .utf8)
    return ReservedUse(file: file, name: name, in: text ?? "")
  }

  /// Whether each file has an object of its own: only then it shows which one uses what.
  private func isCompiledByFiles(_ module: Module) -> Bool {
    !reserved.isEmpty && !module.students.isEmpty
  }

  private func object(of file: String, _ module: Module, _ work: String) -> String {
    "\(work)/object/\(module.name).\(file).o"
  }

  private func objects(_ module: Module, _ work: String) -> [String] {
    isCompiledByFiles(module)
      ? module.files.map { object(of: $0, module, work) } : ["\(work)/object/\(module.name).o"]
  }

  private func compilerCommand(
    _ work: String, _ module: Module, _ program: StudentProgram, _ prepared: String?
  ) -> [String] {
    [sandbox.toolchain.root + "/usr/bin/swift-frontend", "-frontend", "-c"] + Self.flags
      // Backtraces and crash messages then name Layer.swift and not our folders.
      + ["-module-name", module.name, "-file-prefix-map", work + "/sources/="]
      + ["-module-cache-path", prepared ?? work + "/temporary/modules"]
      + importable.flags(program) + module.options + module.files
      // with a number of threads, even one, the compiler writes an object for each file
      + (isCompiledByFiles(module) ? ["-num-threads", "1"] : [])
      + objects(module, work).flatMap { ["-o", $0] }
  }

  private func libraries(_ program: StudentProgram) -> [String] {
    program.parts.compactMap { core.parts[$0] } + core.libraries
  }

  private func linkerCommand(
    _ work: String, _ parts: [Module], _ program: StudentProgram, _ libraryFlags: [String]
  ) -> [String] {
    let tools = sandbox.toolchain.root + "/usr/bin/"
    let runtime = sandbox.toolchain.root + "/usr/lib/swift/linux"
    // The toolchain's lld takes a fifth of the time of the system's linker, which does not know
    // libraries that objects ask for.
    let ours = FileManager.default.isExecutableFile(atPath: tools + "ld.lld")
    return [tools + "clang", "-pie", "-Wl,--as-needed"]
      + (ours ? ["-fuse-ld=lld", "-Wl,--no-dependent-libraries"] : [])
      + ["-Wl,-rpath,\(runtime)", "\(runtime)/\(Self.architecture)/swiftrt.o"]
      + parts.flatMap { objects($0, work) } + libraries(program)
      + ["-L", runtime] + libraryFlags + ["-lswiftCore"] + core.linkFlags
      + ["-o", work + "/product/worker"]
  }

  #if arch(arm64)
    private static let architecture = "aarch64"
  #else
    private static let architecture = "x86_64"
  #endif
}

extension WorkerCompiler {
  /// The commands of one compilation, which share a limit.
  private struct Run {
    let limits: Limits
    let patience: Double
    let budget: CompilerBudget
    let children: Children
    let sources: String
    let names: [String]
    let provided: [String]
    var linesAbove: [String: Int] = [:]
    private(set) var cpuSeconds = 0.0
    /// What the last command said.
    private(set) var text = ""
    /// What it printed where a program's results go.
    private(set) var output = ""

    init(
      limits: Limits, patience: Double, budget: CompilerBudget, children: Children,
      sources: String, names: [String], provided: [String]
    ) {
      self.limits = limits
      self.patience = patience
      self.budget = budget
      self.children = children
      self.sources = sources
      self.names = names
      self.provided = provided
    }

    /// The limits of the next command.
    var remaining: Limits {
      var limits = limits
      limits.cpuSeconds = max(0.01, min(limits.cpuSeconds - cpuSeconds, budget.left))
      limits.wallSeconds *= patience
      return limits
    }

    /// Runs a command: nil where it succeeds.
    mutating func callAsFunction(_ command: ConfinedCommand) throws -> Compilation? {
      let isLast = budget.left < limits.cpuSeconds - cpuSeconds
      let child = try ChildProcess(command)
      let ending = children.wait(for: child)
      if children.isCancelled { throw BuildError.failed(reason: "the run was interrupted") }
      cpuSeconds += ending.cpuSeconds
      budget.take(ending.cpuSeconds)
      output = child.standardOutput.text
      text = child.standardError.text + output
      if ending.isSuccess { return nil }
      if let exceeded = ending.exceeded {
        let sentence = "the compiler \(exceeded.sentence(limits)) on these files"
        if exceeded == .wallSeconds, patience <= 1 { throw BuildTimedOut(description: sentence) }
        let whole =
          "the compiler used all the time that the files of one submission may take together"
        let isOfBudget = exceeded == .cpuSeconds && isLast
        return Compilation(
          errors: [isOfBudget ? whole : sentence], isOfBudget: isOfBudget, cpuSeconds: cpuSeconds)
      }
      if ["bwrap:", "prlimit:", "confine:"].contains(where: text.hasPrefix) {
        throw BuildError.failed(
          reason: text.split(separator: "\n").first.map(String.init) ?? "")
      }
      if let signal = ending.signal {
        return Compilation(
          errors: ["the compiler crashed (signal \(signal)) on these files"]
            + CompilerMessages.errors(in: text, limit: 2),
          isDoubtful: true, cpuSeconds: cpuSeconds)
      }
      var errors = CompilerMessages.explained(CompilerMessages.errors(in: text)) { file, number in
        guard names.contains(file),
          let text = try? String(contentsOfFile: sources + "/" + file, encoding: .utf8)
        else { return nil }
        return text.components(separatedBy: "\n")
          .dropFirst(linesAbove[file, default: 0] + number - 1).first
      }
      if errors.isEmpty { errors = ["the compiler ended with \(ending.summary)"] }
      if let name = provided.first(where: { errors[0].hasPrefix($0 + ":") }) {
        errors.append(
          "(\(name) is the course's own file: it uses what your files should offer)")
      }
      return Compilation(
        errors: errors, isDoubtful: !CompilerMessages.blamesSources(text, names: names),
        cpuSeconds: cpuSeconds)
    }
  }
}
