// Attack: two submissions that talk, the second one
// Tries: to find what the first has left
// Must: each has a place of its own
import Glibc

func attack(_ X: Tensor) throws {
  for folder in ["/tmp", "/var/tmp", "/dev/shm", "/run"]
  where open("\(folder)/attack-message", O_RDONLY) >= 0 {
    print("LOOT a message in \(folder)")
  }
}
