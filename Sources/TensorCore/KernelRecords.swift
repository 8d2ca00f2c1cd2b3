import CKernels

/// What a kernel keeps for its gradient: `count` structures of C, or doubles, in memory of the pool.
final class KernelRecords<Record> {
  private let memory: Storage

  /// Makes room for records that the kernel will write.
  init(count: Int, for operation: @autoclosure () -> String) {
    memory = Storage(
      count: count * MemoryLayout<Record>.stride / MemoryLayout<Float>.stride, for: operation())
  }

  var pointer: UnsafeMutablePointer<Record> {
    UnsafeMutableRawPointer(memory.pointer).assumingMemoryBound(to: Record.self)
  }
}
