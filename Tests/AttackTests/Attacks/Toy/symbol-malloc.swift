// Attack: the allocator replaced
// Tries: to break whoever allocates
// Must: only the worker itself breaks
@_cdecl("malloc") func noMemory(_ count: Int) -> UnsafeMutableRawPointer? { nil }

func attack(_ X: Tensor) throws {}
