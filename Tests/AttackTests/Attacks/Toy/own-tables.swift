// Attack: threads with descriptors that nobody sees
// Tries: a table of descriptors of its own for a thread, by clone and by close_range, full of sockets
// Must: the kernel refuses both, since the watcher counts the table of the process
import Glibc

@_silgen_name("syscall") func callOfTables(_ number: Int, _ a: Int, _ b: Int, _ c: Int) -> Int
@_silgen_name("clone") func cloneForTables(
  _ body: @convention(c) (UnsafeMutableRawPointer?) -> Int32, _ stack: UnsafeMutableRawPointer,
  _ flags: Int32, _ argument: UnsafeMutableRawPointer?
) -> Int32

func fillTable(_ argument: UnsafeMutableRawPointer?) -> Int32 {
  while true { usleep(100_000) }
}

func attack(_ X: Tensor) throws {
  let stack = UnsafeMutableRawPointer.allocate(byteCount: 1 << 16, alignment: 16)
  // as pthread_create, but for CLONE_FILES
  if cloneForTables(fillTable, stack + (1 << 16), 0x50b00, nil) >= 0 { print("LOOT by clone") }
  // x86-64's and arm64's number; CLOSE_RANGE_UNSHARE, of a range that holds nothing
  if callOfTables(436, 1 << 20, 1 << 20, 2) >= 0 { print("LOOT by close_range") }
}
