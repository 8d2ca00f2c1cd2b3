// Attack: shared memory that is given back
// Tries: pages that nothing maps any more, and that stay in use because their mapping stays
// Must: a worker gets no shared memory
import Glibc

func attack(_ X: Tensor) throws {
  let size = 64 << 20
  for number in 1...12 {
    let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
    guard let pages, pages != MAP_FAILED else { return }
    memset(pages, 1, size)
    madvise(pages, size, Int32(MADV_DONTNEED))
    if number == 12 {
      usleep(300_000)
      print("LOOT \(12 * size >> 20) MiB")
    }
  }
}
