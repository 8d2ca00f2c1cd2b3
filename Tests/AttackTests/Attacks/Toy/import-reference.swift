// Attack: the solutions' module imported
// Tries: to compile against what lies beside the core
// Must: the compiler does not see it
// Compiles: no
import ToyReference

func attack(_ X: Tensor) throws {}
