// Attack: a clean exit in the middle of a check
// Tries: to end with status 0, as a program does that has passed
// Must: the exit status decides nothing
import Glibc

func attack(_ X: Tensor) throws { _exit(0) }
