// Attack: a second entry point
// Tries: to be started in place of the worker
// Must: the linker refuses; the tasks of the other files keep their points
// Compiles: no
@_cdecl("main") func mine() -> Int32 { 0 }

func attack(_ X: Tensor) throws {}
