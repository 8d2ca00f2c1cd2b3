import WorkerPipe

/// Finds tensors that have numbers in common, in whatever order and with whatever sign: of independent
/// draws hardly any is another's to the last bit.
struct SharedNumbers: Equatable {
  /// The tensors.
  var first, second: String
  /// How many numbers of the second the first has too.
  var count: Int

  /// The first two tensors with common numbers.
  ///
  /// The course's generator has 2²⁴ uniform numbers, so that a number of one tensor is among the n
  /// magnitudes of another by chance with a probability below n / 2²³; a twentieth more than twice that is
  /// no chance.
  static func first(_ tensors: [PipeTensor]) -> SharedNumbers? {
    let magnitudes = tensors.map { tensor in
      Set(tensor.values.lazy.filter { $0 != 0 }.map(\.magnitude.bitPattern))
    }
    for second in tensors.indices {
      let count = tensors[second].values.count
      for first in tensors.indices.prefix(second) where count >= 64 {
        let common = tensors[second].values.count {
          magnitudes[first].contains($0.magnitude.bitPattern)
        }
        let expected = Double(count) * Double(magnitudes[first].count) / Double(1 << 23)
        if Double(common) > 2 * expected + Double(count) / 20 {
          return SharedNumbers(
            first: tensors[first].name, second: tensors[second].name, count: common)
        }
      }
    }
    return nil
  }
}
