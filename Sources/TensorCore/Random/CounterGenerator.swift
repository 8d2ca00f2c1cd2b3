import CKernels

/// Random bits that follow from a key and a place, so that any of them can be drawn by any thread, and again:
/// Philox 4×32 with ten rounds (Salmon, Moraes, Dror and Shaw 2011, Parallel Random Numbers: As Easy as
/// 1, 2, 3).
package struct CounterGenerator: Sendable {
  let key: UInt64

  /// The generator of a key; one of another key gives other bits.
  package init(key: UInt64) { self.key = key }

  /// The numbers of the counters 0, 1, 2 …, four each.
  package func words(_ count: Int) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: count) { buffer, initialised in
      if let start = buffer.baseAddress { rk_philox(start, count, key) }
      initialised = count
    }
  }
}
