import WorkerPipe

/// Finds numbers that stand in several tensors, or several times in one, in whatever order and with whatever
/// sign: of independent draws hardly any is another's to the last bit.
package struct SharedNumbers: Equatable {
  /// The tensors; the same for one that has numbers several times.
  package var first, second: String
  /// How many numbers of the second the first has too, or how many stand there several times.
  package var count: Int

  /// The first two tensors with common numbers, or the first that repeats its own.
  ///
  /// The course's generator has 2²⁴ uniform numbers, so that a number of one tensor is among the n
  /// magnitudes of another by chance with a probability below n / 2²³; a twentieth more than twice that is
  /// no chance.
  package static func first(_ tensors: [PipeTensor]) -> SharedNumbers? {
    // by magnitude, the tensors that have one side by side
    var entries = tensors.enumerated().flatMap { index, tensor in
      tensor.values.lazy.filter { $0 != 0 }.map {
        UInt64($0.magnitude.bitPattern) << 32 | UInt64(index)
      }
    }
    entries.sort()
    var common = [Int](repeating: 0, count: tensors.count * tensors.count)
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
      if end - start > 1 {
        let owners = entries[start..<end].map { Int($0 & 0xffff_ffff) }
        for first in Set(owners) {
          for second in owners where second > first { common[first * tensors.count + second] += 1 }
          let own = owners.count { $0 == first }
          if own > 1 { common[first * tensors.count + first] += own }
        }
      }
      start = end
    }
    for second in tensors.indices {
      let count = tensors[second].values.count
      for first in tensors.indices.prefix(second + 1) where count >= 64 {
        let found = common[first * tensors.count + second]
        let expected = Double(count) * Double(tensors[first].values.count) / Double(1 << 23)
        if Double(found) > 2 * expected + Double(count) / 20 {
          return SharedNumbers(
            first: tensors[first].name, second: tensors[second].name, count: found)
        }
      }
    }
    return nil
  }
}
