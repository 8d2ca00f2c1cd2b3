import TensorCore

/// Examples with their targets. The numbers stay in tables that sets share, and are not copied until a
/// batch is made.
public struct ExampleSet: Sendable {
  /// One of the inputs that every example has.
  public struct Input: Sendable {
    /// How many rows of the table an example has.
    public enum Extent: Sendable, Hashable {
      /// One, and there is no axis of steps: `rowShape`.
      case row
      /// So many for all: `[steps] + rowShape`.
      case window(Int)
      /// For each example its own number. A batch has as many steps as its longest example, and zeros
      /// after the end of the others.
      case stretches([Int])

      /// The rows of an example.
      func rowCount(_ index: Int) -> Int {
        switch self {
        case .row: 1
        case .window(let count): count
        case .stretches(let counts): counts[index]
        }
      }
    }

    /// The name, such as `X`, `leads`, `text`.
    public let name: String
    /// Where the numbers are.
    public let table: Table
    /// The first row of each example.
    public let firstRows: [Int]
    /// How many rows each has.
    public let extent: Extent

    /// An input; the rows of each example must lie inside the table.
    public init(_ table: Table, name: String = "X", firstRows: [Int], extent: Extent) {
      self.name = name
      self.table = table
      self.firstRows = firstRows
      self.extent = extent
      guard Self.fits(firstRows, extent, rows: table.rowCount) else {
        stop(
          "ExampleSet.Input",
          "\(name): an example has rows outside of the table's \(table.rowCount), or there are not as many "
            + "first rows as lengths")
      }
    }

    /// Whether the rows of every example lie in a table of so many.
    public static func fits(_ firstRows: [Int], _ extent: Extent, rows: Int) -> Bool {
      if case .stretches(let counts) = extent, counts.count != firstRows.count { return false }
      return firstRows.indices.allSatisfy { index in
        let count = extent.rowCount(index)
        return firstRows[index] >= 0 && count >= 0 && count <= rows
          && firstRows[index] <= rows - count
      }
    }

    /// The rows of an example.
    public func rowCount(_ index: Int) -> Int { extent.rowCount(index) }

    /// The input of the examples at `indices`, in that order.
    func selecting(_ indices: some Collection<Int>) -> Input {
      let extent: Extent =
        if case .stretches(let counts) = extent {
          .stretches(indices.map { counts[$0] })
        } else {
          extent
        }
      return Input(table, name: name, firstRows: indices.map { firstRows[$0] }, extent: extent)
    }

    /// The same input with the numbers of each example changed, on a table of its own.
    ///
    /// - Parameter change: gives as many numbers as it gets, all rows of an example one after another. Examples of the
    ///   same rows are changed once, and stay the same.
    public func changed(_ change: (ArraySlice<Float>) -> [Float]) -> Input {
      var values = NumberWriter<Float>()
      var places: [Range<Int>: Int] = [:]
      let size = table.rowSize
      let newFirstRows = firstRows.indices.map { index in
        let rows = firstRows[index]..<(firstRows[index] + rowCount(index))
        if let place = places[rows] { return place }
        let place = values.count / size
        places[rows] = place
        let own = change(table.values(ofRows: rows)[...])
        guard own.count == rows.count * size else {
          stop("changed", "an example had \(rows.count * size) numbers and has \(own.count)")
        }
        values.append(contentsOf: own)
        return place
      }
      return Input(
        Table(values.finished(), rowShape: table.rowShape), name: name, firstRows: newFirstRows,
        extent: extent)
    }

    /// The same input with the rows of each example in another order, on a table of its own. Every
    /// example has as many rows as the order.
    public func withSteps(inOrder order: [Int]) -> Input {
      guard extent == .window(order.count), order.sorted() == Array(order.indices) else {
        stop("withSteps", "\(order.count) places are no order of the rows of each example")
      }
      let size = table.rowSize
      return changed { values in
        var ordered: [Float] = []
        ordered.reserveCapacity(values.count)
        for step in order {
          let first = values.startIndex + step * size
          ordered += values[first..<(first + size)]
        }
        return ordered
      }
    }

    /// The same input on a table that holds its rows and no others, each once, in the table's order.
    ///
    /// Takes memory for the examples and for what is kept, and none for each row of the old table: a table of
    /// single samples has many millions.
    func compacted(limit: Int) -> Input {
      let used = firstRows.indices.map { firstRows[$0]..<(firstRows[$0] + rowCount($0)) }
        .filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
      // stretches of used rows, and where each begins in the new table
      var stretches: [(rows: Range<Int>, place: Int)] = []
      for rows in used {
        if let last = stretches.last, rows.lowerBound <= last.rows.upperBound {
          let end = max(last.rows.upperBound, rows.upperBound)
          stretches[stretches.count - 1].rows = last.rows.lowerBound..<end
        } else {
          let place = stretches.last.map { $0.place + $0.rows.count } ?? 0
          stretches.append((rows, place))
        }
      }
      // piece by piece: a table may be in a file because memory is not to hold it
      let pieceLength = max(1, (1 << 18) / table.rowSize)
      var kept = NumberWriter<Float>(limit: limit)
      for (rows, _) in stretches {
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: pieceLength) {
          let end = min(start + pieceLength, rows.upperBound)
          kept.append(contentsOf: table.values(ofRows: start..<end))
        }
      }
      /// The new place of a used row, by bisection; an example without rows may lie anywhere.
      func place(_ row: Int) -> Int {
        var (low, high) = (0, stretches.count)
        while low < high {
          let middle = (low + high) / 2
          if stretches[middle].rows.upperBound <= row { low = middle + 1 } else { high = middle }
        }
        guard low < stretches.count, stretches[low].rows.contains(row) else { return 0 }
        return stretches[low].place + row - stretches[low].rows.lowerBound
      }
      return Input(
        Table(kept.finished(), rowShape: table.rowShape), name: name,
        firstRows: firstRows.map(place), extent: extent)
    }
  }

  /// The number of examples.
  public let count: Int
  /// The inputs of each example, one or several.
  public let inputs: [Input]
  /// The targets.
  public let targets: Targets
  /// The name of each example, such as a recording's; empty where names are not known.
  public let names: [String]

  /// A set; all inputs and targets are of the same number of examples, and there is an input.
  public init(_ inputs: [Input], targets: Targets, names: [String] = []) {
    count = inputs.first?.firstRows.count ?? 0
    self.inputs = inputs
    self.targets = targets
    self.names = names
    guard isConsistent else {
      stop(
        "ExampleSet",
        "there is no input, or the inputs, targets or names are not of the same number of examples")
    }
  }

  private var isConsistent: Bool {
    !inputs.isEmpty && inputs.allSatisfy { $0.firstRows.count == count }
      && targets.exampleCount ?? count == count && (names.isEmpty || names.count == count)
  }

  /// The class of each example; empty where the targets are no classes.
  public var labels: [Int32] {
    if case .classes(let labels, _) = targets { labels } else { [] }
  }

  /// The examples at `indices`, in that order, repeated as often as they occur there.
  public func selecting(_ indices: some Collection<Int>) -> ExampleSet {
    check(indices, "selecting")
    return ExampleSet(
      inputs.map { $0.selecting(indices) }, targets: targets.selecting(indices),
      names: names.isEmpty ? [] : indices.map { names[$0] })
  }

  /// The examples at the first `trainCount` indices of `permutation`, and those at the others.
  public func split(
    _ permutation: [Int], trainCount: Int
  ) -> (train: ExampleSet, validation: ExampleSet) {
    guard trainCount >= 0 else {
      stop("split", "\(trainCount) examples to train on are below none")
    }
    return (
      selecting(permutation.prefix(trainCount)), selecting(permutation.dropFirst(trainCount))
    )
  }

  /// Ends the program where an index is that of no example.
  func check(_ indices: some Collection<Int>, _ operation: String) {
    if let bad = indices.first(where: { $0 < 0 || $0 >= count }) {
      stop(operation, "there is no example \(bad) in a set of \(count)")
    }
  }

  /// The same examples on tables that hold their rows and no others, each once, in the order of the
  /// old tables: what may be sent to someone who must not see the rest.
  public func compacted() -> ExampleSet { compacted(limit: .inMemory) }

  /// - Parameter limit: tables with more bytes are put into files.
  package func compacted(limit: Int) -> ExampleSet {
    ExampleSet(inputs.map { $0.compacted(limit: limit) }, targets: targets, names: names)
  }

  /// The same examples with other targets.
  public func with(_ targets: Targets) -> ExampleSet {
    ExampleSet(inputs, targets: targets, names: names)
  }
}
