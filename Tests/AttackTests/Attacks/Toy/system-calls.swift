// Attack: ways out through the kernel
// Tries: namespaces, mounts, tracing, keys, io_uring, userfaultfd, BPF
// Must: forbidden
import Glibc

@_silgen_name("syscall") func call(_ number: Int, _ a: Int, _ b: Int, _ c: Int) -> Int

func attack(_ X: Tensor) throws {
  // x86-64's numbers; on another machine they are other calls
  let calls = [
    ("unshare", 272, 0x1000_0000), ("ptrace", 101, 0), ("keyctl", 250, 0), ("io_uring", 425, 1),
    ("userfaultfd", 323, 0), ("memfd", 319, 0), ("setns", 308, 0), ("pidfd_open", 434, 1),
  ]
  for (name, number, argument) in calls where call(number, argument, 0, 0) >= 0 {
    print("LOOT \(name)")
  }
}
