// Attack: other processes
// Tries: to end or stop the judge, its parent and everybody
// Must: it reaches only itself
import Glibc

func attack(_ X: Tensor) throws {
  for number in [getppid(), attackJudge, 1, -1] where number != getpid() {
    _ = kill(number, SIGSTOP)
    _ = kill(number, SIGKILL)
  }
}
