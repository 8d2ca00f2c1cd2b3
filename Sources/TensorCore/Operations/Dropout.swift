import CKernels

extension Tensor {
  /// Zeros in place of some elements, and the others times 1 / (1 − probability). The gradient goes the same
  /// way; what is dropped is found again by the generator and kept nowhere.
  ///
  /// - Parameters:
  ///   - probability: of an element to be dropped, in [0, 1); exact to 2⁻³².
  ///   - generator: element i is dropped by word i mod 64 / 16 of counter 16 ⌊i / 64⌋ + i mod 16.
  package func dropout(
    _ probability: Float, _ generator: CounterGenerator
  ) throws(TensorError) -> Tensor {
    try shape.checkRoom("Dropout", operandDescription)
    func dropped(_ x: Storage, _ count: Int) -> Storage {
      let result = Storage(count: count, for: "Dropout")
      rk_dropout(
        result.pointer, x.pointer, count, generator.key, Double(probability), 1 / (1 - probability))
      return result
    }
    let count = count
    return Self.make("Dropout", dropped(storage, count), shape, from: [self]) { g in
      [.whole(dropped(g, count))]
    }
  }
}
