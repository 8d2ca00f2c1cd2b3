// Attack: abort
// Tries: to end by a signal in the middle of a check
// Must: it costs its own checks and nothing else
import Glibc

func attack(_ X: Tensor) throws { abort() }
