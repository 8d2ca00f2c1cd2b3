// Attack: memory that a limit on private data does not count
// Tries: shared mappings, files in memory, System V segments, files in /dev/shm
// Must: the calls are forbidden or the watcher sees the pages
import Glibc

func attack(_ X: Tensor) throws {
  if syscall(319, "loot", 0) >= 0 { print("LOOT memfd_create") }
  if shmget(0, 1 << 20, 0o600) >= 0 { print("LOOT shmget") }
  if open("/dev/shm/loot", O_CREAT | O_RDWR, 0o600) >= 0 { print("LOOT /dev/shm") }
  while true {
    let pages = mmap(nil, 64 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
    guard let pages, pages != MAP_FAILED else { break }
    memset(pages, 1, 64 << 20)
  }
}

@_silgen_name("syscall") func syscall(_ number: Int, _ name: UnsafePointer<CChar>, _ flags: Int)
  -> Int
