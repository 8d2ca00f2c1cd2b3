// Attack: two submissions that talk, the first one
// Tries: to leave a message where the second can find it
// Must: each has a place of its own
import Glibc

func attack(_ X: Tensor) throws {
  for folder in ["/tmp", "/var/tmp", "/dev/shm", "/run"] {
    let file = open("\(folder)/attack-message", O_CREAT | O_WRONLY, 0o666)
    if file >= 0 { _ = write(file, "answers", 7) }
  }
}
