// Attack: its own limits raised
// Tries: to set the limits it runs under, and those of the judge
// Must: refused by the kernel
import Glibc

func attack(_ X: Tensor) throws {
  var free = rlimit(rlim_cur: .max, rlim_max: .max)
  for resource in Int32(0)..<16
  where setrlimit(__rlimit_resource_t(UInt32(resource)), &free) == 0 {
    // only what was without limit before may stay so
    if [0, 1, 2, 6, 7].contains(resource) { print("LOOT limit \(resource)") }
  }
  // below one byte, and a program of the system's would take a dump
  var none = rlimit()
  if setrlimit(__rlimit_resource_t(4), &none) == 0 { print("LOOT the limit on dumps") }
  if change(attackJudge, 7, &free, 0) == 0 { print("LOOT the judge's limit") }
}

@_silgen_name("prlimit64") private func change(
  _ process: Int32, _ resource: Int32, _ limit: UnsafePointer<rlimit>, _ old: Int
) -> Int32
