import Foundation

/// The program `confine`, which lies beside the running one: limits, user, Landlock, seccomp.
enum Confine {
  /// Where it is; nil where it is not built, as in students' copies.
  static let path: String? = {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let path = own.deletingLastPathComponent().appendingPathComponent("confine").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Where it is inside bubblewrap.
  static let insidePath = "/run/confine"

  /// Where a student's program lies inside bubblewrap: the names of its folder and of those above it
  /// are the machine's.
  static func insidePath(program number: Int) -> String { "/run/program\(number)" }

  /// The kernel's version of Landlock, 0 for none. Files need 3; what 4 (TCP) and 6 (signals) add, the
  /// filter forbids as well.
  static let landlockVersion: Int = {
    guard let path,
      let child = try? ChildProcess(
        [path, "--landlock-version"], environment: [:], limits: Limits())
    else { return 0 }
    _ = child.wait()
    return Int(child.standardOutput.text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }()

  /// Its arguments for a command.
  static func command(
    _ command: [String], _ limits: Limits, filter: String, user: Int?, processes: Int
  ) -> [String] {
    let cpu = limits.kernelSeconds
    let values = [
      "cpu=\(cpu):\(cpu + 1)", "data=\(limits.memoryBytes):\(limits.memoryBytes)",
      "fsize=\(limits.fileBytes):\(limits.fileBytes)",
      "nofile=\(limits.openFiles):\(limits.openFiles)", "nproc=\(processes):\(processes)",
    ]
    return values.flatMap { ["--limit", $0] } + (user.map { ["--user", "\($0)"] } ?? [])
      + ["--filter", filter, "--"] + command
  }
}
