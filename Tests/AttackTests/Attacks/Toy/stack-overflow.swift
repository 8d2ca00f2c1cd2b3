// Attack: endless recursion
// Tries: to use up the stack
// Must: it costs its own checks and nothing else
func attack(_ X: Tensor) throws { if deeper(1) == 0 { print("never") } }

private func deeper(_ n: Int) -> Int { n == 0 ? 0 : deeper(n + 1) + 1 }
