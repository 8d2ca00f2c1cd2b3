import Foundation
import Synchronization

/// The files and folders of a system that a view consists of.
///
/// They follow from the toolchain and the system alone, never from a student's files: what a program
/// asks for that was linked from those is not there unless it is on this list.
struct SystemFiles: Sendable, Equatable {
  /// Where they are seen, without links in the folder's path; a file's may be a link.
  private(set) var paths: [String] = []
  /// Folders whose names are listed though not all in them is seen.
  private(set) var listed: [String] = []

  private static let found = Mutex<[Key: SystemFiles]>([:])

  private struct Key: Hashable {
    let view: SystemView
    let root: String
  }

  /// Looks them up, once for each view and toolchain.
  static func of(_ view: SystemView, _ toolchain: Toolchain) -> SystemFiles {
    let key = Key(view: view, root: toolchain.root)
    if let known = found.withLock({ $0[key] }) { return known }
    let files = SystemFiles(view, toolchain)
    found.withLock { $0[key] = files }
    return files
  }

  private init(_ view: SystemView, _ toolchain: Toolchain) {
    switch view {
    case .program(let libraries): addProgram(libraries, toolchain)
    case .compiler: addCompiler(toolchain)
    case .linker(let flags): addLinker(flags, toolchain)
    case .symbols: addSymbolReaders(toolchain)
    case .system:
      // Where these are links to folders of /usr, every view has the links.
      let folders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
      add(
        ["/usr", "/etc/alternatives", toolchain.folder] + folders.filter { Self.resolved($0) == $0 }
      )
    }
    add(["/etc/ld.so.cache"])
    paths = Self.withoutParts(paths)
  }

  // MARK: The views

  private mutating func addProgram(_ libraries: [String], _ toolchain: Toolchain) {
    add([toolchain.runtime])
    // What a computation does not use brings more of the system's libraries: networking, XML, mirrors
    // of other processes, tests.
    let others = [
      "libFoundationNetworking", "libFoundationXML", "lib_InternalSwiftStaticMirror",
      "libswiftRemoteMirror", "libXCTest", "libTesting", "lib_Test",
    ]
    let runtime = Self.names(in: toolchain.runtime).filter { name in
      name.hasSuffix(".so") && !others.contains { name.hasPrefix($0) }
    }
    add(Loader.libraries(libraries: runtime + Self.sharedNames(libraries), toolchain))
  }

  private mutating func addCompiler(_ toolchain: Toolchain) {
    let programs = ["swiftc", "swift-driver", "swift-frontend"].map {
      toolchain.programs + "/" + $0
    }
    add(programs + Loader.libraries(programs: programs, toolchain))
    add(["lib/swift", "lib/clang", "share/swift", "include"].map { toolchain.folder + "/" + $0 })
    // Debian's headers of several makes (OpenBLAS is one) are links through /etc/alternatives.
    add(["/usr/include", "/usr/local/include", "/etc/alternatives"])
    // The compiler looks for gcc's versions, and knows one by this file.
    add(Self.compilers.flatMap { [$0 + "/include", $0 + "/crtbegin.o"] })
    listed = ["/usr/lib/gcc"]
  }

  private mutating func addLinker(_ flags: [String], _ toolchain: Toolchain) {
    let programs = [
      "swiftc", "swift-driver", "swift-frontend", "swift-autolink-extract", "clang", "ld.lld",
    ].map { toolchain.programs + "/" + $0 }
    // A link to another program of the same folder is run by that program's name.
    let targets = programs.compactMap(Self.target)
    let ofSystem = toolchain.hasLinker ? [] : ["/usr/bin/ld", "/usr/bin/ld.gold"]
    add(programs + targets + ofSystem + [toolchain.folder + "/share/swift", toolchain.runtime])
    add([toolchain.folder + "/lib/swift/host/compiler"])
    let clang = toolchain.folder + "/lib/clang"
    add(Self.names(in: clang).map { "\(clang)/\($0)/lib" })
    listed = ["/usr/lib/gcc"]
    // What starts a program, and the parts of the C library that are linked in.
    let parts = ["crt1.o", "crti.o", "crtn.o"]
    let libraries = ["c", "m", "mvec", "dl", "pthread", "rt", "util", "stdc++", "gcc_s", "gcc"]
    let wanted = libraries + flags.filter { $0.hasPrefix("-l") }.map { String($0.dropFirst(2)) }
    let folders =
      Self.searched + Self.compilers
      + flags.filter { $0.hasPrefix("-L") }.map { String($0.dropFirst(2)) }
    for folder in Set(folders.map(Self.resolved)) {
      let names = Self.names(in: folder).filter { name in
        parts.contains { name.hasSuffix($0) } || name.hasPrefix("crtbegin")
          || name.hasPrefix("crtend")
          || wanted.contains { library in
            name.hasPrefix("lib\(library).so") || name == "lib\(library).a"
              || name == "lib\(library)_nonshared.a" || name == "lib\(library)_eh.a"
          }
      }
      add(names.map { folder + "/" + $0 })
    }
    add(
      Loader.libraries(
        programs: programs + ofSystem, libraries: Self.sharedNames(wanted), toolchain))
  }

  private mutating func addSymbolReaders(_ toolchain: Toolchain) {
    let programs = ["llvm-nm", "swift-demangle"].map { toolchain.programs + "/" + $0 }
    add(programs + programs.compactMap(Self.target))
    add(Loader.libraries(programs: programs, toolchain))
  }

  // MARK: Where things are

  #if arch(arm64)
    private static let multiarch = "aarch64-linux-gnu"
  #else
    private static let multiarch = "x86_64-linux-gnu"
  #endif

  /// Where the loader and the linker look: Debian's and Ubuntu's folders, then the others'.
  private static let searched = [
    "/usr/lib/" + multiarch, "/lib/" + multiarch, "/usr/lib64", "/lib64", "/usr/lib", "/lib",
  ].reduce(into: [String]()) { folders, folder in
    let real = resolved(folder)
    if !folders.contains(real) { folders.append(real) }
  }

  /// gcc's folders, one a version, of this machine's make.
  private static let compilers: [String] = names(in: "/usr/lib/gcc").filter {
    $0.hasPrefix(multiarch.prefix { $0 != "-" })
  }.flatMap { make in names(in: "/usr/lib/gcc/" + make).map { "/usr/lib/gcc/\(make)/\($0)" } }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// The names under which programs ask for libraries: `openblas` → `libopenblas.so.0`.
  private static func sharedNames(_ libraries: [String]) -> [String] {
    let all = Set(searched.flatMap(names))
    return libraries.flatMap { library in all.filter { $0.hasPrefix("lib\(library).so.") } }
      .sorted()
  }

  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Where a link to a name in the same folder leads, if it is one.
  private static func target(_ path: String) -> String? {
    guard let name = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
      !name.contains("/")
    else { return nil }
    return (path as NSString).deletingLastPathComponent + "/" + name
  }

  /// Adds what is there. Links above it are resolved, so that each has one name only.
  private mutating func add(_ more: [String]) {
    for path in more where FileManager.default.fileExists(atPath: path) {
      let folder = Self.resolved((path as NSString).deletingLastPathComponent)
      paths.append((folder == "/" ? "" : folder) + "/" + (path as NSString).lastPathComponent)
    }
  }

  /// Each once, and none that lies in another.
  private static func withoutParts(_ paths: [String]) -> [String] {
    var kept: [String] = []
    for path in Set(paths).sorted() where !kept.contains(where: { path.hasPrefix($0 + "/") }) {
      kept.append(path)
    }
    return kept
  }
}
