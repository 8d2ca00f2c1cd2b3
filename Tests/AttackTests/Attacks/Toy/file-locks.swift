// Attack: a channel between submissions
// Tries: to lock, lease or watch files that every worker has open
// Must: nothing that is shared can be locked
import Glibc

func attack(_ X: Tensor) throws {
  guard let maps = fopen("/proc/self/maps", "r") else { return }
  defer { fclose(maps) }
  var line = [CChar](repeating: 0, count: 1024)
  var files = ["/proc/self/exe", "/dev/null"]
  while fgets(&line, 1024, maps) != nil {
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if let start = text.firstIndex(of: "/") {
      files.append(String(text[start...].dropLast()))
    }
  }
  for path in Set(files) {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { continue }
    if flock(file, LOCK_SH | LOCK_NB) == 0 { print("LOOT flock \(path)") }
    var lock = Glibc.flock()
    lock.l_type = Int16(F_RDLCK)
    if fcntl(file, F_SETLK, &lock) == 0 { print("LOOT a lock on \(path)") }
    if fcntl(file, 1024, F_RDLCK) == 0 { print("LOOT a lease of \(path)") }
    close(file)
  }
}
