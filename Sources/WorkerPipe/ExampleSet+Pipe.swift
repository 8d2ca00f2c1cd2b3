import Examples

/// An example set as tensors: for each input `SET:table:INPUT`, `SET:rows:INPUT` and, for stretches,
/// `SET:counts:INPUT`, and `SET:targets`. Rows and counts are integers: a table of raw samples has more
/// rows than a float counts.
extension ExampleSet {
  /// What its tensors say.
  public struct Description: Codable, Sendable, Equatable {
    /// How many rows an example of an input has.
    enum Extent: Codable, Sendable, Equatable {
      case row
      case window(Int)
      case stretches
    }
    /// What the targets are.
    enum Kind: Codable, Sendable, Equatable {
      case none
      case classes(Int)
      case labelSets(Int)
      case numbers(width: Int)
    }
    struct Input: Codable, Sendable, Equatable {
      let name: String
      let extent: Extent
    }

    let inputs: [Input]
    let targets: Kind
  }

  /// Its description and its tensors, with names that begin with `set`. Names of examples are no part.
  public func packed(_ set: String) -> (description: Description, tensors: [PipeTensor]) {
    var tensors: [PipeTensor] = []
    func integers(_ name: String, _ values: [Int]) {
      tensors.append(
        PipeTensor(
          name: "\(set):\(name)", shape: [values.count],
          integers: values.map { Int32(clamping: $0) }))
    }
    let inputs = inputs.map { input -> Description.Input in
      tensors.append(
        PipeTensor(
          name: "\(set):table:\(input.name)",
          shape: [input.table.rowCount] + input.table.rowShape, values: input.table.values))
      integers("rows:\(input.name)", input.firstRows)
      let extent: Description.Extent
      switch input.extent {
      case .row: extent = .row
      case .window(let count): extent = .window(count)
      case .stretches(let counts):
        extent = .stretches
        integers("counts:\(input.name)", counts)
      }
      return .init(name: input.name, extent: extent)
    }
    let targets: Description.Kind
    func integers(_ values: [Int32], width: [Int] = []) {
      let rows = values.count / max(width.first ?? 1, 1)
      tensors.append(
        PipeTensor(name: "\(set):targets", shape: [rows] + width, integers: values))
    }
    switch self.targets {
    case .none:
      targets = .none
    case .classes(let labels, let count):
      targets = .classes(count)
      integers(labels)
    case .labelSets(let flags, let count):
      targets = .labelSets(count)
      integers(flags, width: [count])
    case .numbers(let values, let width):
      targets = .numbers(width: width)
      tensors.append(
        PipeTensor(
          name: "\(set):targets", shape: [values.count / max(width, 1), width], values: values))
    }
    return (Description(inputs: inputs, targets: targets), tensors)
  }

  /// Unpacks what `packed` gave.
  ///
  /// - Throws: `Frame.Malformed` where something is missing or does not fit.
  public init(
    _ description: Description, in tensors: [PipeTensor], _ set: String
  ) throws {
    func tensor(_ name: String) throws -> PipeTensor {
      guard let found = tensors.first(where: { $0.name == "\(set):\(name)" }) else {
        throw Frame.Malformed("there is no \(set):\(name)")
      }
      return found
    }
    func integers(_ name: String) throws -> [Int32] {
      guard let values = try tensor(name).integers else {
        throw Frame.Malformed("\(set):\(name) holds no integers")
      }
      return values
    }
    let misfit = Frame.Malformed("the examples of \(set) do not fit together")
    var inputs: [Input] = []
    var count: Int?
    for input in description.inputs {
      let table = try tensor("table:\(input.name)")
      let rowShape = Array(table.shape.dropFirst())
      let firstRows = try integers("rows:\(input.name)").map(Int.init)
      let extent: Input.Extent
      switch input.extent {
      case .row: extent = .row
      case .window(let rows): extent = .window(rows)
      case .stretches: extent = .stretches(try integers("counts:\(input.name)").map(Int.init))
      }
      guard let rows = table.shape.first, rowShape.allSatisfy({ $0 > 0 }),
        count ?? firstRows.count == firstRows.count,
        Input.fits(firstRows, extent, rows: rows)
      else { throw misfit }
      count = firstRows.count
      inputs.append(
        Input(
          Table(table.values, rowShape: rowShape), name: input.name, firstRows: firstRows,
          extent: extent)
      )
    }
    guard let count else { throw misfit }
    let targets: Targets
    switch description.targets {
    case .none: targets = .none
    case .classes(let classes):
      let labels = try integers("targets")
      guard labels.count == count, labels.allSatisfy({ $0 >= 0 && $0 < classes }) else {
        throw misfit
      }
      targets = .classes(labels, count: classes)
    case .labelSets(let width):
      let flags = try integers("targets")
      guard width > 0, flags.count == count * width else { throw misfit }
      targets = .labelSets(flags, count: width)
    case .numbers(let width):
      let values = try tensor("targets").values
      guard width > 0, values.count == count * width else { throw misfit }
      targets = .numbers(values, width: width)
    }
    self.init(inputs, targets: targets)
  }
}
