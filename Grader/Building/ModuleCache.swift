import Assignment
import Files
import Foundation
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
  private let state = Mutex<[String]?>(nil)

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

  /// Fills the folder on the first call.
  ///
  /// - Returns: the flags for the libraries that the core and the toolchain's modules need, as the
  ///   compiler notes them in their objects.
  /// - Throws: `BuildError.failed` when our own imports do not compile, `SandboxError`.
  func prepare(_ children: Children) throws -> [String] {
    try state.withLock { flags in
      // another process that keeps the cache small may have taken it away
      if let flags, FileManager.default.fileExists(atPath: mark) {
        CacheLimit.touch(folder)
        return flags
      }
      // one process at a time; the others find it full
      let place = URL(fileURLWithPath: folder)
      let path =
        place.deletingLastPathComponent().path + "/.\(place.lastPathComponent).lock"
      // Another user's can be read, which is enough for a lock.
      var lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      if lock < 0 { lock = open(path, O_RDONLY | O_CLOEXEC) }
      defer { close(lock) }
      guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
        throw FileError.cannotWrite(
          path: path, reason: String(cString: strerror(errno)))
      }
      if !FileManager.default.fileExists(atPath: mark) { try fill(children) }
      let text = try String(contentsOfFile: mark, encoding: .utf8)
      let found = text.split(whereSeparator: \.isWhitespace).map(String.init)
      CacheLimit.touch(folder)
      flags = found
      return found
    }
  }

  /// A file with the libraries, which is written when the folder is full.
  private var mark: String { folder + "/libraries" }

  private func fill(_ children: Children) throws {
    let program = StudentProgram(parts: [])
    // what an earlier try left belongs to another user of the sandbox
    try? FileManager.default.removeItem(atPath: folder)
    try AtomicFile.createFolder(folder)
    try importable.fill(program, children)
    let work = Leftovers.name(
      in: (folder as NSString).deletingLastPathComponent, prefix: WorkerBuilder.leftover)
    defer { try? FileManager.default.removeItem(atPath: work) }
    for name in ["/product", "/sources"] { try AtomicFile.createFolder(work + name) }
    let imports = (core.modules + Self.systemModules).map {
      "#if canImport(\($0))\nimport \($0)\n#endif\n"
    }
    try AtomicFile.write(Data(imports.joined().utf8), to: work + "/sources/imports.swift")
    let tools = sandbox.toolchain.root + "/usr/bin/"
    let commands: [(view: SystemView, arguments: [String])] = [
      (
        .compiler,
        [tools + "swift-frontend", "-frontend", "-c", "-swift-version", "6", "-Onone"]
          + ["-suppress-warnings", "-module-name", "Imports", "-module-cache-path", folder]
          + importable.flags(program) + ["imports.swift", "-o", work + "/product/imports.o"]
      ),
      (
        .linker(flags: core.linkFlags),
        [tools + "swift-autolink-extract", work + "/product/imports.o"] + core.libraries
          + core.parts.values.sorted() + ["-o", work + "/product/libraries"]
      ),
    ]
    for (view, command) in commands {
      let child = try ChildProcess(
        sandbox.confined(
          command, view: view, limits: .build,
          readOnly: [work + "/sources"] + importable.paths(program) + core.libraries
            + core.parts.values.sorted(),
          writable: [folder, work + "/product"], workingDirectory: work + "/sources"))
      let ending = children.wait(for: child)
      guard ending.isSuccess else {
        let said = CompilerMessages.errors(in: child.standardError.text, limit: 1).first
        throw BuildError.failed(
          reason: "imports of the core alone do not compile: \(said ?? ending.summary)")
      }
    }
    let found = try String(contentsOfFile: work + "/product/libraries", encoding: .utf8)
    let flags = found.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("-l") }
    try AtomicFile.write(Data(flags.joined(separator: "\n").utf8), to: mark)
  }
}
