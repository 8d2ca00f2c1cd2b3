import Examples
import WorkerPipe

/// What a submission's seed makes of a kind's disguise: the same changes for all examples that it sees.
public struct DrawnDisguise: Sendable {
  /// What is done to the numbers of an input.
  private enum Change: Sendable {
    case none
    /// The place that each feature comes from, and its gain and its offset.
    case features(order: [Int], gains: [Float], offsets: [Float])
    /// Each example has a gain of its own.
    case signal(gains: ClosedRange<Float>, sign: Float)
    /// The place that each signal of a row comes from, and its gain.
    case channels(order: [Int], gains: [Float])
    /// The rows of an orthogonal matrix.
    case rotated([[Float]])
    /// The new number of each; larger ones are kept.
    case renumbered([Int])
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
    changes = set.inputs.map { Self.change(disguise.rows[$0.name] ?? .kept, of: $0, &numbers) }
    orders = set.inputs.map { input -> [Int]? in
      guard let steps = disguise.steps[input.name], case .window(let count) = input.extent else {
        return nil
      }
      switch steps {
      case .permuted: return numbers.permutation(count)
      case .reversed: return numbers.integer(0...1) == 1 ? (0..<count).reversed() : nil
      }
    }
    if disguise.permutesClasses, let count = set.targets.classCount {
      // two have one other order, which half of the seeds give
      classes =
        count == 2
        ? numbers.integer(0...1) == 1 ? [1, 0] : [0, 1] : numbers.permutation(count).map(Int32.init)
    }
    self.numbers = numbers
  }

  private static func change(
    _ rows: Disguise.Rows, of input: ExampleSet.Input, _ numbers: inout SeededNumbers
  ) -> Change {
    switch rows {
    case .kept: return .none
    case .features(let gainRange, let offsetRange):
      let order = numbers.permutation(input.table.rowSize)
      let gains = order.map { _ in numbers.number(gainRange) }
      let offsets = order.map { _ in numbers.number(offsetRange) }
      return .features(order: order, gains: gains, offsets: offsets)
    case .signal(let gains, let isUpright):
      return .signal(gains: gains, sign: isUpright || numbers.integer(0...1) == 0 ? 1 : -1)
    case .channels(let gainRange):
      let order = numbers.permutation(input.table.rowShape.first ?? 1)
      return .channels(order: order, gains: order.map { _ in numbers.number(gainRange) })
    case .rotated: return .rotated(orthogonalMatrix(input.table.rowSize, &numbers))
    case .renumbered:
      let values = input.table.values
      let largest = input.firstRows.reduce(-1) { max($0, Int(values[$1])) }
      return .renumbered(numbers.permutation(largest + 1))
    }
  }

  /// A random orthogonal matrix: rows of normally distributed numbers, each less its part along those before, divided by
  /// its length (Gram and Schmidt, twice, so that rounding leaves nothing).
  private static func orthogonalMatrix(
    _ width: Int, _ numbers: inout SeededNumbers
  ) -> [[Float]] {
    var rows: [[Double]] = []
    while rows.count < width {
      var row = numbers.normal("row", [width]).values.map(Double.init)
      for _ in 0..<2 {
        for other in rows {
          let part = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
          for place in row.indices { row[place] -= part * other[place] }
        }
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 1e-3 { rows.append(row.map { $0 / length }) }
    }
    return rows.map { $0.map { Float($0) } }
  }

  /// Examples as the submission sees them, in their order and without their names.
  ///
  /// - Parameter numbers: gains of single examples are drawn from it.
  public func disguised(_ set: ExampleSet, _ numbers: inout SeededNumbers) -> ExampleSet {
    let inputs = set.inputs.indices.map { index in
      let input = changed(set.inputs[index], changes[index], &numbers)
      return orders[index].map { input.withSteps(inOrder: $0) } ?? input
    }
    return ExampleSet(inputs, targets: disguised(set.targets))
  }

  private func disguised(_ targets: Targets) -> Targets {
    guard let classes else { return targets }
    switch targets {
    case .classes(let labels, let count):
      return .classes(labels.map { classes[Int($0)] }, count: count)
    case .labelSets(let flags, let count):
      var changed = flags
      for start in stride(from: 0, to: flags.count, by: count) {
        for label in 0..<count { changed[start + Int(classes[label])] = flags[start + label] }
      }
      return .labelSets(changed, count: count)
    case .none, .numbers: return targets
    }
  }

  /// A vector as the submission sees those of an input that is turned; the same where it is not.
  ///
  /// - Parameter input: its place among the inputs.
  public func disguised(_ vector: [Float], ofInput input: Int) -> [Float] {
    guard case .rotated(let matrix) = changes[input] else { return vector }
    return Self.product(matrix, vector[...])
  }

  private static func product(_ matrix: [[Float]], _ vector: ArraySlice<Float>) -> [Float] {
    matrix.map { row in
      var sum = 0.0
      for (place, value) in vector.enumerated() { sum += Double(row[place]) * Double(value) }
      return Float(sum)
    }
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
    case .channels(let order, let gains):
      return input.changed { values in
        let length = values.count / order.count
        return order.indices.flatMap { place in
          values[(values.startIndex + order[place] * length)...].prefix(length)
            .map { $0 * gains[place] }
        }
      }
    case .rotated(let matrix): return input.changed { Self.product(matrix, $0) }
    case .renumbered(let new):
      return input.changed { values in
        values.map { value in
          let number = Int(value)
          return new.indices.contains(number) ? Float(new[number]) : value
        }
      }
    }
  }
}
