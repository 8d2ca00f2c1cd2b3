import Foundation

/// The system's dynamic loader, asked what it would load.
enum Loader {
  #if arch(arm64)
    static let path = "/lib/ld-linux-aarch64.so.1"
  #else
    static let path = "/lib64/ld-linux-x86-64.so.2"
  #endif

  /// The loader, and all libraries that programs and libraries need, as paths.
  ///
  /// - Parameters:
  ///   - programs: trusted programs, as paths.
  ///   - libraries: trusted libraries, by the names under which the loader finds them in the
  ///     toolchain's runtime or the system.
  static func libraries(
    programs: [String] = [], libraries: [String] = [], _ toolchain: Toolchain
  ) -> [String] {
    var found: Set<String> = [path]
    // Libraries are listed as if a program asked for them; our own is as good as any.
    let preloaded = libraries.isEmpty ? [] : ["--preload", libraries.joined(separator: " ")]
    let own = Confine.path.map { [preloaded + ["--list", $0]] } ?? []
    let others = programs.filter(FileManager.default.isExecutableFile).map { ["--list", $0] }
    for arguments in own + others {
      guard
        let child = try? ChildProcess(
          [path, "--library-path", toolchain.runtime] + arguments, environment: [:],
          limits: Limits(outputBytes: 1 << 20))
      else { continue }
      _ = child.wait()
      for line in child.standardOutput.text.split(separator: "\n") {
        // "NAME => PATH (ADDRESS)" or "PATH (ADDRESS)"
        let words = line.split(whereSeparator: \.isWhitespace)
        let place = words.count > 2 && words[1] == "=>" ? words[2] : words.first ?? ""
        if place.hasPrefix("/") { found.insert(String(place)) }
      }
    }
    return found.sorted()
  }
}
