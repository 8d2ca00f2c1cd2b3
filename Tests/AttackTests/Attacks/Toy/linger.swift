// Attack: a closed pipe and a program that goes on
// Tries: to close its side of the pipe and to stay, deaf, so that each check waits for it
// Must: a moment for each check, and nothing is left
import Glibc

func attack(_ X: Tensor) throws {
  for number in Int32(1)..<65 { signal(number, SIG_IGN) }
  for descriptor in Int32(0)..<5 { close(descriptor) }
  while true { sleep(1) }
}
