import TensorCore

/// How far a result may be from the exact one: `absolute + relative · |exact|`.
package struct Tolerance {
  package var absolute: Float
  package var relative: Float

  package init(absolute: Float, relative: Float) {
    self.absolute = absolute
    self.relative = relative
  }

  /// A few roundings of float32 (6e-8 each) over sums of at most some twenty terms of size one.
  package static let operation = Tolerance(absolute: 2e-6, relative: 1e-5)
}

/// How `got` differs from `expected`, in one sentence; `nil` when it does not. The shape is looked
/// at before the values.
package func difference(
  _ got: Tensor?, _ expected: FixtureTensor, _ name: String, _ tolerance: Tolerance = .operation
) -> String? {
  guard let got else { return "\(name): there is none" }
  guard got.shape.dimensions == expected.shape else {
    return "\(name): shape \(got.shape), expected \(Shape(expected.shape))"
  }
  return difference(got.array, expected.values, name, tolerance)
}

/// The first place where two lists of numbers differ, in one sentence. A NaN always differs.
package func difference(
  _ got: [Float], _ expected: [Float], _ name: String, _ tolerance: Tolerance = .operation
) -> String? {
  guard got.count == expected.count else {
    return "\(name): \(got.count) numbers, expected \(expected.count)"
  }
  for (index, (a, b)) in zip(got, expected).enumerated()
  where !(abs(a - b) <= tolerance.absolute + tolerance.relative * abs(b)) {
    return "\(name)[\(index)]: \(a), expected \(b)"
  }
  return nil
}

/// The text of the error that `body` throws; a sentence that says so when it throws none.
package func errorText(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "(nothing was thrown)"
  } catch { return "\(error)" }
}
