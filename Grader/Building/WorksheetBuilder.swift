import Assignment
import Files
import Foundation
import Sandbox

/// Compiles a file of lines that run one after the other, a worksheet, on top of a unit's files: what a student
/// has declared can be called.
///
/// The compiler itself says what each line has given, by what it has for playgrounds. That is no part of the
/// language: where it fails on lines that are right, the worksheet shows only what it prints.
public final class WorksheetBuilder: Sendable {
  private let manifest: AssignmentManifest
  private let assignmentFolder: String
  private let cacheFolder: String
  private let compiler: WorkerCompiler
  private let children = Children()

  /// Prepares for a unit's worksheets.
  ///
  /// - Parameter assignmentFolder: the unit's files, which are read anew for each worksheet.
  /// - Throws: `FileError`.
  public init(
    _ manifest: AssignmentManifest, assignmentFolder: String, core: CoreProducts,
    sandbox: Sandbox, cacheFolder: String
  ) throws {
    self.manifest = manifest
    self.assignmentFolder = assignmentFolder
    self.cacheFolder = URL(fileURLWithPath: cacheFolder).path
    try AtomicFile.createFolder(self.cacheFolder)
    CacheUse.begin(self.cacheFolder)
    compiler = WorkerCompiler(
      unit: manifest.unit, provided: [], core: core, coreHash: try core.fingerprint(),
      sandbox: sandbox, limits: manifest.limits.build, cacheFolder: self.cacheFolder)
    Leftovers.remove(in: self.cacheFolder, prefix: WorkerBuilder.leftover)
  }

  /// Stops a build as soon as possible.
  public func cancel() { children.cancel() }

  /// Builds a worksheet's program.
  ///
  /// - Parameter name: what the compiler calls the file in its messages.
  /// - Throws: `BuildError.failed` where the fault is not the files', `FileError`, `SandboxError`,
  ///   `CancellationError` after `cancel()`.
  public func build(_ text: String, name: String) throws -> WorksheetOutcome {
    do {
      let unit = try UnitSources(manifest, folder: assignmentFolder)
      let own = unit.students.merging(unit.provided) { $1 }.filter { !Self.isMain($0.value) }
      let whole = try outcome(text, name, with: own)
      guard case .rejected(let errors) = whole,
        !errors.contains(where: { $0.hasPrefix(name + ":") }),
        case .built(let alone) = try outcome(text, name, with: [:])
      else { return whole }
      // what is in the middle of being written is no reason not to try a line
      alone.errorsOfUnit = errors
      return .built(alone)
    } catch {
      throw children.isCancelled ? CancellationError() : error
    }
  }

  /// Builds the unit's worker so that it can say what the variables of its files hold.
  ///
  /// - Throws: as `build`.
  public func talkingWorker() throws -> WorksheetOutcome {
    do {
      let unit = try UnitSources(manifest, folder: assignmentFolder)
      let own = unit.students.merging(unit.provided) { $1 }
      let worker = BuiltWorksheet(
        folder: Leftovers.name(in: cacheFolder, prefix: WorkerBuilder.leftover), showsValues: true)
      for (file, bytes) in own {
        try AtomicFile.prepare(for: "\(worker.folder)/sources/\(file)")
        try AtomicFile.write(Data(bytes), to: "\(worker.folder)/sources/\(file)")
      }
      let compilation = try compiler.compile(
        worker.folder,
        [
          WorkerCompiler.Module(
            name: manifest.unit, files: own.keys.sorted(),
            options: ["-playground", "-import-module", "Coursework"])
        ], program: manifest.wholeProgram, children: children, patience: 1,
        budget: CompilerBudget())
      return compilation.errors.map { .rejected(errors: $0) } ?? .built(worker)
    } catch {
      throw children.isCancelled ? CancellationError() : error
    }
  }

  private func outcome(
    _ text: String, _ name: String, with own: [String: [UInt8]]
  ) throws -> WorksheetOutcome {
    let (first, worksheet) = try compile(text, name, with: own, showsValues: true)
    guard let errors = first.errors else { return .built(worksheet) }
    // not said of the lines: it may be said of what the compiler has made of them
    guard first.isDoubtful || errors.contains(where: { $0.contains("__builtin") }) else {
      return .rejected(errors: errors)
    }
    let (plain, silent) = try compile(text, name, with: own, showsValues: false)
    return plain.errors.map { .rejected(errors: $0) } ?? .built(silent)
  }

  private func compile(
    _ text: String, _ name: String, with own: [String: [UInt8]], showsValues: Bool
  ) throws -> (WorkerCompiler.Compilation, BuiltWorksheet) {
    let worksheet = BuiltWorksheet(
      folder: Leftovers.name(in: cacheFolder, prefix: WorkerBuilder.leftover),
      showsValues: showsValues)
    let work = worksheet.folder
    try AtomicFile.createFolder(work + "/sources")
    // Lines of a file of its own keep their numbers.
    let lines = "Worksheet.begin()\n#sourceLocation(file: \"\(name)\", line: 1)\n" + text
    for (file, bytes) in own.merging([name: Array(lines.utf8)], uniquingKeysWith: { $1 }) {
      try AtomicFile.write(Data(bytes), to: "\(work)/sources/\(file)")
    }
    let unit = WorkerCompiler.Module(
      name: manifest.unit, files: own.keys.sorted(),
      options: [
        "-parse-as-library", "-enable-testing", "-emit-module-path",
        "\(work)/object/\(manifest.unit).swiftmodule",
      ])
    // By the rules of Swift 5 a function may use the variables above it, as in every playground.
    let lone = WorkerCompiler.Module(
      name: "Worksheet", files: [name],
      // That a value is not used is the rule here, and no reason to warn.
      options: ["-swift-version", "5", "-suppress-warnings", "-import-module", "Coursework"]
        + (own.isEmpty ? [] : ["-testable-import-module", manifest.unit, "-I", work + "/object"])
        + (showsValues ? ["-playground"] : []), linesAbove: 2)
    let compilation = try compiler.compile(
      work, own.isEmpty ? [lone] : [unit, lone], program: manifest.wholeProgram,
      children: children, patience: 1, budget: CompilerBudget())
    worksheet.warnings = compilation.warnings
    return (compilation, worksheet)
  }

  /// Whether a file is where a program begins: there can be but one.
  private static func isMain(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains {
      $0.drop { $0 == " " }.hasPrefix("@main")
    }
  }
}

/// How the build of a worksheet ended.
public enum WorksheetOutcome {
  /// Its program.
  case built(BuiltWorksheet)
  /// The compiler's errors, `Scratch.swift:4:9: error: …`.
  case rejected(errors: [String])
}

/// A worksheet's program, which is there as long as this is.
public final class BuiltWorksheet {
  fileprivate let folder: String
  /// Whether it says what each line has given.
  public let showsValues: Bool
  /// What the compiler warned of in the unit's files.
  public fileprivate(set) var warnings: [String] = []
  /// Why the unit's own files are not in it; empty where they are.
  public fileprivate(set) var errorsOfUnit: [String] = []

  /// The program's path.
  public var program: String { folder + "/product/worker" }

  fileprivate init(folder: String, showsValues: Bool) {
    self.folder = folder
    self.showsValues = showsValues
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
