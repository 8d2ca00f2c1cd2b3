// Attack: a million empty files
// Tries: to use the kernel's memory with names and inodes, which the size of a folder does not count
// Must: there is nowhere to make one
import Glibc

func attack(_ X: Tensor) throws {
  var made = 0
  for folder in ["/tmp", "/", "/dev/shm", "/run", ".", "/var/tmp", "/dev", "/proc/self"] {
    for number in 0..<1000 {
      let file = open("\(folder)/attack-empty-\(number)", O_CREAT | O_WRONLY, 0o600)
      guard file >= 0 else { break }
      close(file)
      made += 1
    }
  }
  if made > 0 { print("LOOT \(made) empty files") }
}
