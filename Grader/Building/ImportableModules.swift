import Assignment
import Files
import Foundation
import Sandbox

/// The folders in which the compiler of students' files looks for modules: for each program links to
/// the modules that it may import, and empty ones in the place of what those are built on.
///
/// A module that a program may not use is not there, and one that students have no use for is there
/// in name only: an importing file finds no declaration in it, and no function body.
struct ImportableModules: Sendable {
  /// All of the folders.
  let folder: String
  private let core: CoreProducts
  private let sandbox: Sandbox

  init(folder: String, core: CoreProducts, sandbox: Sandbox) {
    self.folder = folder
    self.core = core
    self.sandbox = sandbox
  }

  private var hiddenFolder: String { folder + "/hidden" }
  private var moduleMap: String { hiddenFolder + "/module.modulemap" }

  private func folder(_ program: StudentProgram) -> String { folder + "/" + program.name }

  /// What the compiler needs to be told.
  func flags(_ program: StudentProgram) -> [String] {
    ["-I", folder(program), "-I", hiddenFolder, "-Xcc", "-fmodule-map-file=" + moduleMap]
  }

  /// What it needs to see.
  func paths(_ program: StudentProgram) -> [String] {
    [folder(program), hiddenFolder] + (core.modules + program.parts).map(core.modulePath)
  }

  /// Fills the folders, and notes that they are in use. Done before each build: another process that
  /// keeps the cache small may have taken them away, and a student's file must not be blamed for that.
  ///
  /// - Throws: `BuildError` and `FileError` when they cannot be made, `SandboxError`.
  func fill(_ program: StudentProgram, _ children: Children) throws {
    for module in program.parts where core.parts[module] == nil {
      throw BuildError.failed(
        reason: "assignment.yml lists the part \(module) of the core, and there is none")
    }
    if !FileManager.default.fileExists(atPath: moduleMap) { try makeHidden(children) }
    try AtomicFile.createFolder(folder(program))
    for module in core.modules + program.parts {
      let link = "\(folder(program))/\(module).swiftmodule"
      // another run may have made it at the same time
      guard symlink(core.modulePath(module), link) == 0 || errno == EEXIST else {
        throw FileError.cannotWrite(path: link, reason: String(cString: strerror(errno)))
      }
    }
    CacheLimit.touch(folder)
  }

  /// Makes the empty modules, in a folder that then takes its place as a whole.
  private func makeHidden(_ children: Children) throws {
    let parent = (folder as NSString).deletingLastPathComponent
    let work = Leftovers.name(in: parent, prefix: WorkerBuilder.leftover)
    defer { try? FileManager.default.removeItem(atPath: work) }
    try AtomicFile.createFolder(work + "/hidden")
    try AtomicFile.write(Data(), to: work + "/empty.swift")
    try AtomicFile.write(Data(), to: work + "/hidden/empty.h")
    let map = core.hiddenCModules.map { "module \($0) { header \"empty.h\" }\n" }.joined()
    try AtomicFile.write(Data(map.utf8), to: work + "/hidden/module.modulemap")
    for module in core.hiddenModules {
      let child = try ChildProcess(
        [sandbox.toolchain.compiler, "-swift-version", "6", "-module-name", module]
          + ["-parse-as-library", "-emit-module", "-emit-module-path"]
          + ["\(work)/hidden/\(module).swiftmodule", work + "/empty.swift"],
        environment: ["PATH": "/usr/bin:/bin", "TMPDIR": work, "HOME": work], limits: .build)
      guard children.wait(for: child).isSuccess else {
        throw BuildError.failed(
          reason: "an empty module \(module) does not compile: \(child.standardError.text)")
      }
    }
    try AtomicFile.createFolder(folder)
    // Another process may have been quicker.
    guard rename(work + "/hidden", hiddenFolder) == 0 || [EEXIST, ENOTEMPTY].contains(errno) else {
      throw FileError.cannotWrite(path: hiddenFolder, reason: String(cString: strerror(errno)))
    }
  }
}
