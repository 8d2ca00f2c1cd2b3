// Attack: what else there is
// Tries: to read programs, headers and passwords of the system, and what other processes were
// started with
// Must: not there, or not to be read
import Glibc

func attack(_ X: Tensor) throws {
  for path in [
    "/bin/sh", "/usr/bin/env", "/usr/bin/python3", "/usr/bin/gcc", "/usr/bin/swiftc",
    "/usr/include/stdio.h", "/usr/share/common-licenses/GPL-3", "/etc/passwd", "/etc/os-release",
  ] where open(path, O_RDONLY) >= 0 { print("LOOT \(path)") }
  func arguments(_ process: String) -> [UInt8] {
    let file = open("/proc/\(process)/cmdline", O_RDONLY)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 4096)
    let count = read(file, &text, text.count)
    return Array(text[..<max(0, count)])
  }
  // its own threads have numbers there too
  let own = arguments("self")
  for process in 1..<4000 {
    let others = arguments("\(process)")
    if others != own, others.contains(where: { $0 != 0 }) {
      print("LOOT arguments of process \(process)")
    }
  }
}
