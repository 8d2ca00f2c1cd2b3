extension Array {
  /// The columns of rows that stand one after the other.
  ///
  /// - Returns: none where the rows are not of so many elements each.
  package func columns(_ width: Int) -> [[Element]] {
    guard width > 0, count % width == 0 else { return [] }
    return (0..<width).map { column in
      stride(from: column, to: count, by: width).map { self[$0] }
    }
  }
}

extension Collection<Double> {
  /// The mean; nil of no numbers.
  package var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
