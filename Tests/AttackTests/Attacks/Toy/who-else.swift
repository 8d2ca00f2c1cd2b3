// Attack: what another process is like, and what is in the kernel's memory
// Tries: the supervisor's group, session, processors, scheduler, priority, limits and processor time; to take pages of a shared file from the kernel's memory, which the next program would feel
// Must: refused
import Glibc

@_silgen_name("syscall") func callOfOthers(_ number: Int, _ a: Int, _ b: Int, _ c: Int, _ d: Int)
  -> Int

func attack(_ X: Tensor) throws {
  let other = Int(getppid())
  let space = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 4096)
  let place = Int(bitPattern: space)
  // x86-64's numbers; on another machine they are other calls
  let calls = [
    ("getpgid", 121, other, 0, 0, 0), ("getsid", 124, other, 0, 0, 0),
    ("sched_getaffinity", 204, other, 128, place, 0),
    ("sched_getscheduler", 145, other, 0, 0, 0), ("sched_getparam", 143, other, place, 0, 0),
    ("getpriority", 140, 0, other, 0, 0), ("ioprio_get", 252, 1, other, 0, 0),
    ("prlimit64", 302, other, 7, 0, place), ("kill", 62, other, 0, 0, 0),
    ("clock_gettime", 228, ~other << 3 | 2, place, 0, 0),
  ]
  for (name, number, a, b, c, d) in calls where callOfOthers(number, a, b, c, d) >= 0 {
    print("LOOT \(name)")
  }
  let file = open(CommandLine.arguments[0], O_RDONLY)
  if file >= 0, posix_fadvise(file, 0, 4096, 4) == 0 { print("LOOT fadvise") }
  let page = mmap(nil, 4096, PROT_READ, MAP_PRIVATE, file, 0)
  if let page, page != MAP_FAILED {
    if callOfOthers(27, Int(bitPattern: page), 4096, place, 0) >= 0 { print("LOOT mincore") }
    if madvise(page, 4096, 21) == 0 { print("LOOT pageout") }
  }
}
