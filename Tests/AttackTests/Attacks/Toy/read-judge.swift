// Attack: the judge's memory and descriptors
// Tries: /proc/PID/mem, environ, fd and maps of every number, ptrace-like calls, its own descriptors
// Must: no other process is there, and the two pipes are all that is open
import Glibc

func attack(_ X: Tensor) throws {
  let own = getpid()
  for number in [getppid(), 1, 2, attackJudge] + Array(own - 20..<own)
  where number > 0 && number != own {
    for name in ["mem", "environ", "maps", "fd/3", "fd/5"] {
      let file = open("/proc/\(number)/\(name)", O_RDWR)
      let readable = file >= 0 ? file : open("/proc/\(number)/\(name)", O_RDONLY)
      var bytes = [UInt8](repeating: 0, count: 64)
      if readable >= 0, read(readable, &bytes, 64) > 0 { print("LOOT \(name) of \(number)") }
    }
  }
  for descriptor in Int32(5)..<1024 where fcntl(descriptor, F_GETFD) >= 0 {
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      print("LOOT descriptor \(descriptor)")
    }
  }
}
