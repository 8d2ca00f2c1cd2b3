// Attack: a worker that stops itself
// Tries: to stand still for ever, as it would under a debugger
// Must: the clock ends it
import Glibc

func attack(_ X: Tensor) throws { raise(SIGSTOP) }
