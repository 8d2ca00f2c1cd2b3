// Attack: closed descriptors
// Tries: to leave the judge waiting for a pipe that nobody writes to
// Must: a closed pipe is no answer
import Glibc

func attack(_ X: Tensor) throws {
  for descriptor in Int32(0)..<64 { close(descriptor) }
  sleep(1000)
}
