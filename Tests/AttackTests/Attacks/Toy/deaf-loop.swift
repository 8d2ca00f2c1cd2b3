// Attack: a loop that ignores signals
// Tries: to go on when asked to end
// Must: killed when its time is used up
import Glibc

func attack(_ X: Tensor) throws {
  for number in Int32(1)..<65 { signal(number, SIG_IGN) }
  while true {}
}
