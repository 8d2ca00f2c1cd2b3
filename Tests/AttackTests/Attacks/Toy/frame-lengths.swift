// Attack: a frame of impossible length
// Tries: to make the judge allocate 16 EiB, or wait for it
// Must: refused before anything is allocated
import Glibc

func attack(_ X: Tensor) throws {
  _ = write(4, [UInt8](repeating: 0xff, count: 12), 12)
  sleep(1)
  exit(0)
}
