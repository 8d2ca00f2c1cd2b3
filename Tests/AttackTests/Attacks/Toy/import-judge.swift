// Attack: the judge's and the checks' modules imported
// Tries: to compile against what lies beside the core, where it is there
// Must: the compiler does not see them, so the condition is false
#if canImport(Judge) || canImport(ToyChecks) || canImport(Sandbox)
  func attack(_ X: Tensor) throws { print("LOOT a module of the grader") }
#else
  func attack(_ X: Tensor) throws {}
#endif
