import Foundation
import Sandbox
import Synchronization

/// The C modules below the core and the system's libraries, as the compiler prepares them.
///
/// In every sandbox anew this would take longer than compiling a student's files. The compiler
/// prepares them once for sources of our own; builds of students' files see the folder read-only.
final class ModuleCache: Sendable {
  /// Where they are. The compiler notes this path in them, so they cannot be moved.
  let folder: String
  private let core: CoreProducts
  private let sandbox: Sandbox
  /// Where the compiler finds the modules that may be imported.
  private let moduleFolder: String
  private let state = Mutex<Bool?>(nil)

  init(folder: String, core: CoreProducts, sandbox: Sandbox, moduleFolder: String) {
    self.folder = folder
    self.core = core
    self.sandbox = sandbox
    self.moduleFolder = moduleFolder
  }

  /// The folder, filled on the first call; nil where that does not work and every build has to
  /// prepare its own.
  func ready(_ children: Children) -> String? {
    state.withLock { isReady in
      // another process that keeps the cache small may have taken it away
      if isReady == true, !FileManager.default.fileExists(atPath: mark) { isReady = nil }
      let ready = isReady ?? (try? fill(children)) ?? false
      if ready { CacheLimit.touch(folder) }
      isReady = ready
      return ready ? folder : nil
    }
  }

  /// A file that is written when the folder is full.
  private var mark: String { folder + "/complete" }

  private func fill(_ children: Children) throws -> Bool {
    if FileManager.default.fileExists(atPath: mark) { return true }
    try AtomicFile.createFolder(folder)
    let sources = Leftovers.name(
      in: (folder as NSString).deletingLastPathComponent, prefix: WorkerBuilder.leftover)
    defer { try? FileManager.default.removeItem(atPath: sources) }
    try AtomicFile.createFolder(sources)
    let imports = (core.modules + ["Foundation", "Dispatch", "Glibc", "Synchronization"]).map {
      "#if canImport(\($0))\nimport \($0)\n#endif\n"
    }
    try AtomicFile.write(Data(imports.joined().utf8), to: sources + "/imports.swift")
    let child = try ChildProcess(
      sandbox.confined(
        [
          sandbox.toolchain.compiler, "-swift-version", "6", "-typecheck", "-suppress-warnings",
          "-module-cache-path", folder, "-I", moduleFolder,
        ] + core.includeFlags + ["imports.swift"],
        view: .compiler, limits: .build,
        readOnly: [sources, moduleFolder] + core.visiblePaths,
        writable: [folder],
        workingDirectory: sources))
    guard children.wait(for: child).isSuccess else { return false }
    try AtomicFile.write(Data(), to: mark)
    return true
  }
}
