import CKernels

/// What a kernel keeps for its gradient: `count` structures of C, or doubles, in memory of the pool.
final class KernelRecords<Record> {
  private let memory: Storage

  /// The floats that so many records take the place of.
  static func numbers(_ count: Int) -> Int {
    count * (MemoryLayout<Record>.stride / MemoryLayout<Float>.stride)
  }

  /// Makes room for records that the kernel will write.
  init(count: Int, for operation: @autoclosure () -> String) {
    memory = Storage(count: Self.numbers(count), for: operation())
  }

  var pointer: UnsafeMutablePointer<Record> {
    UnsafeMutableRawPointer(memory.pointer).assumingMemoryBound(to: Record.self)
  }
}
