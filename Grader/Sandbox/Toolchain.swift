import Foundation

/// The Swift toolchain that the search path leads to.
public struct Toolchain: Sendable, Equatable {
  /// The folder that holds `usr/bin/swiftc`.
  public let root: String
  /// The compiler's path.
  public var compiler: String { root + "/usr/bin/swiftc" }

  /// Its `usr`.
  var folder: String { (root == "/" ? "" : root) + "/usr" }
  /// Where its programs are.
  var programs: String { folder + "/bin" }
  /// The libraries that Swift programs load.
  var runtime: String { folder + "/lib/swift/linux" }
  /// Whether it has a linker of its own.
  var hasLinker: Bool { FileManager.default.isExecutableFile(atPath: programs + "/ld.lld") }
  /// The program that names the line where a worker trapped: the one without libraries, if there.
  var backtracer: String? {
    ["swift-backtrace-static", "swift-backtrace"]
      .map { folder + "/libexec/swift/linux/" + $0 }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Finds `swiftc` on a search path and follows links (a version manager's among them).
  ///
  /// - Parameter searchPath: folders separated by colons; the environment's `PATH` by default.
  /// - Throws: `SandboxError.noToolchain`.
  public static func find(searchPath: String? = nil) throws -> Toolchain {
    let path = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    guard let compiler = Executable.find("swiftc", searchPath: path) else {
      throw SandboxError.noToolchain
    }
    // The link is resolved a folder at a time: usr/bin/swiftc is itself a link to swift-frontend
    // or swift-driver in the same folder, and only the folder matters.
    let resolved = URL(fileURLWithPath: compiler).resolvingSymlinksInPath()
    let root = resolved.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    guard FileManager.default.isExecutableFile(atPath: root + "/usr/bin/swiftc") else {
      throw SandboxError.noToolchain
    }
    return Toolchain(root: root == "" ? "/" : root)
  }
}

enum Executable {
  /// The path of a program, or nil.
  static func find(_ name: String, searchPath: String? = nil) -> String? {
    let path =
      searchPath ?? ((ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/bin:/bin")
    return path.split(separator: ":").lazy.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
