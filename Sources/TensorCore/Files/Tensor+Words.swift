// 32-bit words in a tensor `[count, 2]`, the high and the low half of each: floats hold 16 bits
// exactly, and a checkpoint is then nothing but tensors.

extension Tensor {
  /// A tensor that holds the words.
  package static func words(_ words: [UInt32]) -> Tensor {
    Tensor(
      Storage(words.flatMap { [Float($0 >> 16), Float($0 & 0xFFFF)] }), [words.count, 2])
  }

  /// The words, or nil when the tensor holds anything else.
  package var words: [UInt32]? {
    guard rank == 2, shape[1] == 2 else { return nil }
    let halves = array
    guard halves.allSatisfy({ $0 >= 0 && $0 < 65_536 && $0 == $0.rounded() }) else { return nil }
    return stride(from: 0, to: halves.count, by: 2).map {
      UInt32(halves[$0]) << 16 | UInt32(halves[$0 + 1])
    }
  }
}
