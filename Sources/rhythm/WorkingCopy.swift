import Assignment
import Building
import Files
import Foundation
import Sandbox

/// The working copy that this tool was built in: where its units are, and the core that workers
/// are built against.
struct WorkingCopy {
  /// The folder with `Package.swift`.
  let root: String
  /// This program.
  let tool: String
  /// The prebuilt core.
  let core: CoreProducts

  /// The working copy around the running program.
  ///
  /// - Throws: a sentence when the program was moved away from it.
  static func find() throws -> WorkingCopy {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    // ROOT/.build/TRIPLE/debug/rhythm
    let products = executable.deletingLastPathComponent()
    let root =
      ProcessInfo.processInfo.environment["RHYTHMLAB_ROOT"]
      ?? products.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let archive = products.path + "/libRhythmCore.a"
    guard FileManager.default.fileExists(atPath: archive) else {
      throw WorkingCopyError(
        description: "the core that workers are built with is not at \(archive); "
          + "start the tool as ./rhythm from its working copy, which builds it")
    }
    return WorkingCopy(
      root: root, tool: executable.path,
      core: CoreProducts(
        moduleDirectory: products.path + "/Modules",
        modules: ["Coursework", "Examples", "NeuralNetworks", "TensorCore"],
        hiddenModules: ["Metrics", "Optimisation", "Training", "WorkerPipe"],
        hiddenCModules: ["CKernels", "CRecurrentKernels", "COpenBLAS"], libraries: [archive],
        parts: ["RecurrentLayers": products.path + "/libRecurrentLayers.a"],
        linkFlags: try PackageConfiguration.flags("--libs", "openblas")))
  }

  /// A unit's folder of stubs.
  func assignment(_ unit: String) -> String { root + "/Assignments/" + unit }

  // BEGIN INSTRUCTOR: a student's copy has no Solutions
  /// A unit's folder of solutions.
  func solutions(_ unit: String) -> String { root + "/Solutions/" + unit }
  // END INSTRUCTOR

  /// The folder that a unit's worker is built from.
  func folder(_ unit: String, solutions: Bool) -> String {
    // BEGIN INSTRUCTOR: a student's copy has no Solutions
    if solutions { return self.solutions(unit) }
    // END INSTRUCTOR
    return assignment(unit)
  }

  /// Where built workers are kept: beside the build, or, where that is another user's or read-only, in
  /// the user's own cache.
  var buildCache: String {
    let own = root + "/.build/workers"
    let existing = FileManager.default.fileExists(atPath: own) ? own : root + "/.build"
    if access(existing, W_OK) == 0 { return own }
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? NSHomeDirectory()
    let caches = environment["XDG_CACHE_HOME"] ?? home + "/.cache"
    var hash = ContentHash()
    hash.add(root)
    return "\(caches)/rhythmlab/\(hash.hex.prefix(16))/workers"
  }

  /// The unit's worker, built from the student's files or the Solutions, by the means that submissions
  /// are built with.
  ///
  /// - Parameters:
  ///   - program: which of its programs; one with all parts of the core by default.
  ///   - warn: is told of each warning of the compiler's, with its line and what it means.
  /// - Throws: a sentence with the compiler's errors when the files do not compile.
  func worker(
    unit: String, solutions: Bool, manifest: AssignmentManifest, program: StudentProgram? = nil,
    warn: (String) -> Void = { _ in }
  ) throws -> String {
    let path = folder(unit, solutions: solutions)
    let builder = try WorkerBuilder(
      manifest, assignmentFolder: path, core: core,
      sandbox: Sandbox(tier: .none, toolchain: try Toolchain.find()), cacheFolder: buildCache)
    let outcome = try stoppable(builder.cancel, { try builder.build(program: program) })
    let folder = String(path.dropFirst(root.count + 1))
    let messages = CompilerText(manifest, root: root, folder: folder)
    switch outcome {
    case .built(let worker, let warnings):
      warnings.forEach { warn(messages.text($0)) }
      return worker
    case .rejected(let errors):
      throw WorkingCopyError(
        description: "\(folder) does not compile:\n" + messages.text(errors))
    case .usesReserved(let uses):
      throw WorkingCopyError(
        description: uses.map { use in
          "\(folder)/\(use.place?.description ?? use.file): \(use.sentence)"
        }.joined(separator: "\n"))
    }
  }
}

/// Why the working copy cannot be used; one sentence.
struct WorkingCopyError: Error, CustomStringConvertible {
  let description: String
}

/// pkg-config, which knows where a system library lies.
private enum PackageConfiguration {
  static func flags(_ kind: String, _ library: String) throws -> [String] {
    let environment = ProcessInfo.processInfo.environment
    let child = try ChildProcess(
      ["/usr/bin/env", "pkg-config", kind, library], environment: environment, limits: Limits())
    guard child.wait().isSuccess else {
      throw WorkingCopyError(
        description: "pkg-config does not know \(library); ./rhythm installs what is missing")
    }
    return child.standardOutput.text.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
