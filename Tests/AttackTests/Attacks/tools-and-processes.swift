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
  var text = [UInt8](repeating: 0, count: 4096)
  for process in 1..<4000 where process != Int(getpid()) {
    let file = open("/proc/\(process)/cmdline", O_RDONLY)
    guard file >= 0 else { continue }
    let count = read(file, &text, text.count)
    if count > 0, text[..<count].contains(where: { $0 != 0 }) {
      print("LOOT arguments of process \(process)")
    }
    close(file)
  }
}
