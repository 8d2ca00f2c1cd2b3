// Attack: a process that outlives its run
// Tries: to fork twice, to leave session and group, to be deaf to signals, to answer later
// Must: it ends with the worker
import Glibc

@_silgen_name("fork") func forkProcess() -> Int32

func attack(_ X: Tensor) throws {
  if forkProcess() == 0 {
    setsid()
    for number in Int32(1)..<65 { signal(number, SIG_IGN) }
    if forkProcess() != 0 { _exit(0) }
    while true {
      sleep(1)
      _ = write(4, "late", 4)
    }
  }
}
