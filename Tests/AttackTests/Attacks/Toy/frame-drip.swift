// Attack: endless reports of progress
// Tries: to keep the judge listening for ever
// Must: the time limit is for the whole answer
import Glibc

func attack(_ X: Tensor) throws {
  while true {
    send([], .progress)
    usleep(20_000)
  }
}
