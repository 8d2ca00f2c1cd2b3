import Foundation
import Judge
import Sandbox
import Synchronization

/// What the compiler and the linker prepare once for all submissions, from sources of our own: the
/// system's C modules, and the libraries that a program needs.
///
/// In every sandbox anew preparing the modules would take longer than compiling a student's files;
/// builds of these see the folder read-only. The list of libraries comes from our own objects, since
/// that of a student's objects would be options that a student gives the linker.
final class ModuleCache: Sendable {
  /// Where they are. The compiler notes this path in them, so they cannot be moved.
  let folder: String
  private let core: CoreProducts
  private let sandbox: Sandbox
  private let importable: ImportableModules
  private let state = Mutex<Bool?>(nil)

  init(folder: String, core: CoreProducts, sandbox: Sandbox, importable: ImportableModules) {
    self.folder = folder
    self.core = core
    self.sandbox = sandbox
    self.importable = importable
  }

  /// The modules of the toolchain that are prepared, and linked where they are used.
  private static let systemModules = [
    "Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Synchronization", "RegexBuilder",
    "Observation",
  ]

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

  /// The flags for the libraries that the core and the toolchain's modules need, as the compiler notes
  /// them in their objects.
  ///
  /// - Throws: `BatchError.buildFailed` when they cannot be found out.
  func libraryFlags(_ children: Children) throws -> [String] {
    guard ready(children) != nil,
      let text = try? String(contentsOfFile: mark, encoding: .utf8)
    else {
      throw BatchError.buildFailed(reason: "the compiler does not compile a file of imports")
    }
    return text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// A file with the libraries, which is written when the folder is full.
  private var mark: String { folder + "/libraries" }

  private func fill(_ children: Children) throws -> Bool {
    let program = StudentProgram(parts: [])
    if FileManager.default.fileExists(atPath: mark) { return true }
    try AtomicFile.createFolder(folder)
    try importable.fill(program, children)
    let work = Leftovers.name(
      in: (folder as NSString).deletingLastPathComponent, prefix: WorkerBuilder.leftover)
    defer { try? FileManager.default.removeItem(atPath: work) }
    try AtomicFile.createFolder(work + "/product")
    let imports = (core.modules + Self.systemModules).map {
      "#if canImport(\($0))\nimport \($0)\n#endif\n"
    }
    try AtomicFile.write(Data(imports.joined().utf8), to: work + "/imports.swift")
    let commands = [
      [
        sandbox.toolchain.root + "/usr/bin/swift-frontend", "-frontend", "-c", "-swift-version",
        "6",
      ]
        + ["-Onone", "-suppress-warnings", "-module-name", "Imports", "-module-cache-path", folder]
        + importable.flags(program) + ["imports.swift", "-o", work + "/product/imports.o"],
      [sandbox.toolchain.root + "/usr/bin/swift-autolink-extract", work + "/product/imports.o"]
        + core.libraries + core.parts.values.sorted()
        + ["-o", work + "/product/libraries"],
    ]
    for command in commands {
      let child = try ChildProcess(
        sandbox.confined(
          command, limits: .build,
          readOnly: [work] + importable.paths(program) + core.libraries
            + core.parts.values.sorted() + sandbox.compilerPaths,
          writable: [folder, work + "/product"], workingDirectory: work))
      guard children.wait(for: child).isSuccess else { return false }
    }
    let found = try String(contentsOfFile: work + "/product/libraries", encoding: .utf8)
    let flags = found.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("-l") }
    try AtomicFile.write(Data(flags.joined(separator: "\n").utf8), to: mark)
    return true
  }
}
