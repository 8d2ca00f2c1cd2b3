// Attack: symbols of the C library replaced
// Tries: to change what the worker's write and memcmp do, in case the judge is linked with it
// Must: the judge is another program; only the worker's own writes change
import Glibc

@_cdecl("memcmp") func sameAlways(
  _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int
) -> Int32 { 0 }

@_cdecl("fabsf") func noDifference(_ x: Float) -> Float { 0 }

@_silgen_name("$s5Judge10ComparisonO9toleranceSfvgZ") func tolerance() -> Float { .infinity }

func attack(_ X: Tensor) throws {}
