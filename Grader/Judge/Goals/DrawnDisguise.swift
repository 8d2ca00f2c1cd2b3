import Examples

/// What a submission's seed makes of a kind's disguise: the same changes for all examples that it sees.
public struct DrawnDisguise: Sendable {
  /// What is done to the numbers of an input.
  private enum Change: Sendable {
    case none
    /// The place that each feature comes from, and its gain and its offset.
    case features(order: [Int], gains: [Float], offsets: [Float])
    /// Each example has a gain of its own.
    case signal(gains: ClosedRange<Float>, sign: Float)
  }

  private var changes: [Change] = []
  /// The rows of each input in their new order; nil for those that keep it.
  private var orders: [[Int]?] = []
  /// The new number of each class; nil where they keep theirs.
  public private(set) var classes: [Int32]?
  /// Where the seed's numbers go on.
  let numbers: SeededNumbers

  /// Draws what is done to examples like those of a set.
  public init(_ disguise: Disguise, of set: ExampleSet, seed: UInt64) {
    var numbers = SeededNumbers(seed: seed, name: "disguise")
    changes = set.inputs.map {
      Self.change(disguise.rows[$0.name] ?? .kept, width: $0.table.rowSize, &numbers)
    }
    orders = set.inputs.map { input -> [Int]? in
      guard let steps = disguise.steps[input.name], case .window(let count) = input.extent else {
        return nil
      }
      switch steps {
      case .permuted: return numbers.permutation(count)
      case .reversed: return numbers.integer(0...1) == 1 ? (0..<count).reversed() : nil
      }
    }
    if disguise.permutesClasses, case .classes(_, let count) = set.targets {
      // two have one other order, which half of the seeds give
      classes =
        count == 2
        ? numbers.integer(0...1) == 1 ? [1, 0] : [0, 1] : numbers.permutation(count).map(Int32.init)
    }
    self.numbers = numbers
  }

  private static func change(
    _ rows: Disguise.Rows, width: Int, _ numbers: inout SeededNumbers
  ) -> Change {
    switch rows {
    case .kept: return .none
    case .features(let gainRange, let offsetRange):
      let order = numbers.permutation(width)
      let gains = order.map { _ in numbers.number(gainRange) }
      let offsets = order.map { _ in numbers.number(offsetRange) }
      return .features(order: order, gains: gains, offsets: offsets)
    case .signal(let gains, let isUpright):
      return .signal(gains: gains, sign: isUpright || numbers.integer(0...1) == 0 ? 1 : -1)
    }
  }

  /// Examples as the submission sees them, in their order and without their names.
  ///
  /// - Parameter numbers: gains of single examples are drawn from it.
  public func disguised(_ set: ExampleSet, _ numbers: inout SeededNumbers) -> ExampleSet {
    let inputs = set.inputs.indices.map { index in
      let input = changed(set.inputs[index], changes[index], &numbers)
      return orders[index].map { input.withSteps(inOrder: $0) } ?? input
    }
    guard let classes, case .classes(let labels, let count) = set.targets else {
      return ExampleSet(inputs, targets: set.targets)
    }
    return ExampleSet(
      inputs, targets: .classes(labels.map { classes[Int($0)] }, count: count))
  }

  /// What was said of each step of a disguised input, in the order that the steps had before.
  ///
  /// - Parameters:
  ///   - values: one for each step.
  ///   - input: its place among the inputs.
  public func inOldOrder(_ values: [Float], of input: Int = 0) -> [Float] {
    guard let order = orders[input], order.count == values.count else { return values }
    var old = values
    for (place, step) in order.enumerated() { old[step] = values[place] }
    return old
  }

  private func changed(
    _ input: ExampleSet.Input, _ change: Change, _ numbers: inout SeededNumbers
  ) -> ExampleSet.Input {
    switch change {
    case .none: return input
    case .features(let order, let gains, let offsets):
      let values = input.table.values
      var changed = values
      for row in stride(from: 0, to: values.count, by: order.count) {
        for (place, feature) in order.enumerated() {
          changed[row + place] = values[row + feature] * gains[place] + offsets[place]
        }
      }
      return ExampleSet.Input(
        Table(changed, rowShape: input.table.rowShape), name: input.name,
        firstRows: input.firstRows, extent: input.extent)
    case .signal(let gains, let sign):
      return input.changed { values in
        let gain = sign * numbers.number(gains)
        return values.map { $0 * gain }
      }
    }
  }
}
