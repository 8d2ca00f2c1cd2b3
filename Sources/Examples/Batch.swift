import TensorCore

/// Some examples of a set as tensors: what one step of a training is made on.
public struct Batch {
  /// The inputs: `[N] + rowShape`, or `[N, steps] + rowShape` where an example has several rows.
  public let inputs: NamedTensors
  /// For inputs whose examples differ in length: the number of rows of each that are no filling.
  public let lengths: [String: [Int]]
  /// The targets.
  public let targets: Targets
  /// The number of examples.
  public let count: Int

  /// The first input, which most networks have no other than.
  public var X: Tensor { inputs.entries[0].tensor }

  /// The class of each example; empty where the targets are no classes.
  public var labels: [Int32] {
    if case .classes(let labels, _) = targets { labels } else { [] }
  }

  /// The input of that name.
  ///
  /// - Throws: when there is none.
  public subscript(_ name: String) -> Tensor {
    get throws(TensorError) { try inputs[name] }
  }
}

extension ExampleSet {
  /// The examples at `indices` as tensors.
  public func batch(_ indices: ArraySlice<Int>) -> Batch {
    check(indices, "batch")
    var lengths: [String: [Int]] = [:]
    for input in inputs {
      if case .stretches(let counts) = input.extent {
        lengths[input.name] = indices.map { counts[$0] }
      }
    }
    return Batch(
      inputs: NamedTensors(inputs.map { ($0.name, $0.tensor(indices)) }, kind: "input"),
      lengths: lengths,
      targets: targets.selecting(indices), count: indices.count)
  }

  /// Index batches of one epoch in random order, for `batch(_:)`.
  public func batches(
    of size: Int, shuffledBy generator: inout MersenneTwister
  ) -> [ArraySlice<Int>] {
    BatchSampler(count: count, batchSize: size).shuffled(by: &generator)
  }

  /// Index batches in the order of the set.
  public func batches(of size: Int) -> [ArraySlice<Int>] {
    BatchSampler(count: count, batchSize: size).inOrder()
  }
}

extension ExampleSet {
  /// How many examples to look at together where it matters to nobody, 1 to 512: the longer they are the fewer, so
  /// that a network of hundreds of channels has room for what it makes of them.
  package var countInMemory: Int {
    let size = inputs.reduce(1) { size, input in
      size + input.table.rowSize * ((0..<count).map(input.rowCount).max() ?? 0)
    }
    return min(max((1 << 17) / size, 1), 512)
  }
}

extension ExampleSet.Input {
  /// The rows of the examples at `indices`, with zeros where one is shorter than the longest.
  fileprivate func tensor(_ indices: ArraySlice<Int>) -> Tensor {
    let steps = indices.reduce(0) { max($0, rowCount($1)) }
    let (size, first) = (steps * table.rowSize, indices.startIndex)
    let X = Storage(count: Shape([indices.count, size]).count, for: "batch")
    inParts(indices.count, cost: size) { range in
      for place in range {
        let (index, target) = (indices[first + place], X.pointer + place * size)
        let (start, filled) = (firstRows[index] * table.rowSize, rowCount(index) * table.rowSize)
        table.numbers.read(start..<(start + filled), to: target)
        (target + filled).update(repeating: 0, count: size - filled)
      }
    }
    let shape = (extent == .row ? [indices.count] : [indices.count, steps]) + table.rowShape
    return Tensor(X, Shape(shape))
  }
}
