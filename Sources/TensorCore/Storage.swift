import CKernels

/// A buffer of floats that goes back to the pool when nobody refers to it any more.
///
/// Buffers are written once, by the operation that made them; only optimisers and gradient
/// accumulation write again, and only to buffers that are theirs alone.
package final class Storage {
  package let pointer: UnsafeMutablePointer<Float>
  package let count: Int
  /// The buffer that this is a part of.
  private let whole: Storage?
  /// The elements as a matrix in the order that products read it in, for as long as they stay as
  /// they are: a recurrence multiplies with the same weights at every step.
  private var packed: (plain: PackedMatrix?, transposed: PackedMatrix?)

  /// Makes a buffer with undefined contents. Without memory for it the program ends with a sentence: a
  /// function that throws asks `checkRoom` first.
  ///
  /// - Parameter operation: who asks for it, in that sentence.
  package init(count: Int, for operation: @autoclosure () -> String = #function) {
    pointer = Self.allocate(count, operation)
    self.count = count
    whole = nil
  }

  private init(
    _ whole: Storage, _ pointer: UnsafeMutablePointer<Float>, count: Int
  ) {
    self.pointer = pointer
    self.count = count
    self.whole = whole
  }

  /// Elements that follow one another, without a copy.
  func part(_ offset: Int, count: Int) -> Storage {
    count == self.count ? self : Storage(self.whole ?? self, pointer + offset, count: count)
  }

  /// Outside of `init`: an optimised one releases what it had not yet made before it stopped.
  private static func allocate(
    _ count: Int, _ operation: () -> String
  ) -> UnsafeMutablePointer<Float> {
    guard count >= 0, let pointer = rk_allocate(count) else {
      // of a function its name without the labels
      let name = String(operation().prefix { $0 != "(" })
      stop(name, "\(count) elements take \(Memory.shortage(count))")
    }
    return pointer
  }

  package convenience init(
    _ values: [Float], for operation: @autoclosure () -> String = #function
  ) {
    self.init(count: values.count, for: operation())
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
    }
  }

  package convenience init(
    count: Int, filledWith value: Float, for operation: @autoclosure () -> String = #function
  ) {
    self.init(count: count, for: operation())
    rk_fill(pointer, value, count)
  }

  /// No elements: what a tensor has while its own are changed.
  nonisolated(unsafe) static let none = Storage(count: 0)

  deinit { if whole == nil { rk_release(pointer, count) } }

  /// The matrix [k, n], or [n, k] where it is to be transposed, in the order that products of m
  /// rows read it in; nil when they are as quick without.
  func packed(transposed: Bool, m: Int, n: Int, k: Int) -> UnsafePointer<Float>? {
    guard rk_packing_pays(m, n, k) else { return nil }
    if let matrix = transposed ? packed.transposed : packed.plain, matrix.n == n, matrix.k == k {
      return UnsafePointer(matrix.pointer)
    }
    let matrix = PackedMatrix(pointer, transposed, n: n, k: k)
    if transposed { packed.transposed = matrix } else { packed.plain = matrix }
    return UnsafePointer(matrix.pointer)
  }

  package var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// To be called before elements are changed in place: makes a copy unless `storage` is the only
  /// reference to a buffer.
  static func makeOwn(_ storage: inout Storage) {
    if !isKnownUniquelyReferenced(&storage) || storage.whole != nil { storage = storage.copy() }
    storage.packed = (nil, nil)
  }

  /// The elements that lie as the layout says, in row-major order.
  func copy(_ layout: Layout, _ shape: Shape) -> Storage {
    let result = Storage(count: shape.count, for: "Tensor")
    rk_copy_strided(
      result.pointer, pointer + layout.offset, Int32(shape.rank), shape.dimensions.map(Int64.init),
      layout.strides.map(Int64.init))
    return result
  }

  package func copy() -> Storage {
    let result = Storage(count: count, for: "Tensor")
    result.pointer.update(from: pointer, count: count)
    return result
  }
}

/// A copy of a matrix in the order of `rk_pack`.
private final class PackedMatrix {
  let pointer: UnsafeMutablePointer<Float>
  let n: Int
  let k: Int

  init(_ elements: UnsafePointer<Float>, _ transposed: Bool, n: Int, k: Int) {
    pointer = Self.allocate(n: n, k: k)
    rk_pack(pointer, elements, transposed, k, n)
    self.n = n
    self.k = k
  }

  private static func allocate(n: Int, k: Int) -> UnsafeMutablePointer<Float> {
    guard let pointer = rk_allocate(n * k) else {
      stop("matmul", "a matrix [\(k), \(n)] takes \(Memory.shortage(n * k))")
    }
    return pointer
  }

  deinit { rk_release(pointer, n * k) }
}

/// Figures on the memory that tensors hold, for tests that prove that nothing leaks.
public enum TensorMemory {
  /// The number of buffers in use: those of tensors, gradients and saved intermediate results.
  public static var liveBuffers: Int { Int(rk_live_buffers()) }

  /// The bytes of buffers that are kept for reuse, and the most that may be.
  package static var keptBytes: (now: Int, most: Int) {
    var most = 0
    let now = rk_kept_bytes(&most)
    return (now, most)
  }

  /// From now on no buffer of more bytes is to be had, as if there were no more memory; `nil` ends the
  /// pretence. For tests.
  package static func pretendAvailable(bytes: Int?) {
    rk_pretend_available_memory(bytes ?? Int(bitPattern: UInt.max))
  }
}

/// The threads that kernels use. Results do not depend on their number.
public enum KernelThreads {
  /// How many threads a kernel may use, the caller's included. Starts as the number of processors.
  public static var count: Int {
    get { Int(rk_thread_count()) }
    set { rk_set_thread_count(Int32(clamping: newValue)) }
  }
}
