// Attack: its own program
// Tries: to overwrite, replace or remove the worker that later checks are run with
// Must: nothing it can reach is writable
import Glibc

func attack(_ X: Tensor) throws {
  var path = [CChar](repeating: 0, count: 4096)
  _ = readlink("/proc/self/exe", &path, 4095)
  if open("/proc/self/exe", O_WRONLY) >= 0 { print("LOOT its program by /proc") }
  if open(path, O_WRONLY | O_TRUNC) >= 0 { print("LOOT its program") }
  if unlink(path) == 0 { print("LOOT removed its program") }
  if rename(path, "/tmp/worker") == 0 { print("LOOT moved its program") }
  if chmod(path, 0o777) == 0 { print("LOOT its program's mode") }
}
