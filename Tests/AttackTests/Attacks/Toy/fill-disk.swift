// Attack: the disk filled
// Tries: to write files until nothing is left
// Must: its private space is small, and nothing else is writable
import Glibc

func attack(_ X: Tensor) throws {
  let block = [UInt8](repeating: 1, count: 1 << 20)
  var total = 0
  signal(SIGXFSZ, SIG_IGN)
  for number in 0..<2000 {
    for folder in ["/tmp", "/var/tmp", "/dev/shm", "/run", ".", "/home"] {
      // appending: two names of one folder must not count twice
      let file = open("\(folder)/attack-fill-\(number)", O_CREAT | O_WRONLY | O_APPEND, 0o600)
      guard file >= 0 else { continue }
      while total < 1 << 31 {
        let count = write(file, block, block.count)
        guard count > 0 else { break }
        total += count
      }
      close(file)
    }
    if number > 20, total == 0 { break }
  }
  if total > 300 << 20 { print("LOOT \(total >> 20) MiB written") }
}
