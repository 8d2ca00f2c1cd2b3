import CKernels

/// A buffer of floats that goes back to the pool when nobody refers to it any more.
///
/// Buffers are written once, by the operation that made them; only optimisers and gradient
/// accumulation write again, and only to buffers that are theirs alone.
package final class Storage {
  package let pointer: UnsafeMutablePointer<Float>
  package let count: Int

  /// Makes a buffer with undefined contents.
  package init(count: Int) {
    guard let pointer = rk_allocate(count) else {
      preconditionFailure("out of memory: no room for a tensor of \(count) elements")
    }
    self.pointer = pointer
    self.count = count
  }

  package convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
    }
  }

  package convenience init(count: Int, filledWith value: Float) {
    self.init(count: count)
    rk_fill(pointer, value, count)
  }

  deinit { rk_release(pointer, count) }

  package var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  package func copy() -> Storage {
    let result = Storage(count: count)
    result.pointer.update(from: pointer, count: count)
    return result
  }
}

/// Figures on the memory that tensors hold, for tests that prove that nothing leaks.
public enum TensorMemory {
  /// The number of buffers in use: those of tensors, gradients and saved intermediate results.
  public static var liveBuffers: Int { Int(rk_live_buffers()) }
}

/// The threads that kernels use. Results do not depend on their number.
public enum KernelThreads {
  /// How many threads a kernel may use, the caller's included. Starts as the number of processors.
  public static var count: Int {
    get { Int(rk_thread_count()) }
    set { rk_set_thread_count(Int32(clamping: newValue)) }
  }
}
