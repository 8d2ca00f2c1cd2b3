// Attack: the instructor's files
// Tries: to read the reference, the data with the labels, other submissions and a key, by their
// absolute paths, by a link and through /proc
// Must: none of them is there
import Glibc

func attack(_ X: Tensor) throws {
  let paths = [
    "@CANARY@", "@REFERENCE@", "@DATA@", "@ASSIGNMENT@/assignment.yml",
    "@CLASS@/ann/WeightedMeans.swift",
    "/etc/passwd", "/etc/shadow", "/proc/1/root@CANARY@", "/proc/self/root@CANARY@",
    "/proc/self/cwd/../../../../../../@CANARY@",
  ]
  for path in paths where open(path, O_RDONLY) >= 0 { print("LOOT \(path)") }
  if symlink("@CANARY@", "/tmp/link") == 0, open("/tmp/link", O_RDONLY) >= 0 {
    print("LOOT by a link")
  }
}
