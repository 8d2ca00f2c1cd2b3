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
      /// Where its table is, if that is not sent.
      var file: FilePlace?
    }
    /// A table in a file that both sides have open.
    struct FilePlace: Codable, Sendable, Equatable {
      /// The file's number among those that the worker was given.
      let file: Int
      /// The byte at which the first element is.
      let offset: Int
      /// The sizes of the table.
      let shape: [Int]
    }

    let inputs: [Input]
    let targets: Kind
  }

  /// A part of what is packed.
  private enum Part {
    case table(Input)
    case tensor(PipeTensor)
  }

  /// All parts in their order, with names that begin with `set`.
  private func parts(_ set: String) -> [Part] {
    func integers(_ name: String, _ values: [Int]) -> Part {
      .tensor(
        PipeTensor(
          name: "\(set):\(name)", shape: [values.count],
          integers: values.map { Int32(clamping: $0) }))
    }
    let inputs = inputs.flatMap { input -> [Part] in
      let places = [Part.table(input), integers("rows:\(input.name)", input.firstRows)]
      guard case .stretches(let counts) = input.extent else { return places }
      return places + [integers("counts:\(input.name)", counts)]
    }
    let name = "\(set):targets"
    switch targets {
    case .none: return inputs
    case .classes(let labels, _):
      return inputs + [.tensor(PipeTensor(name: name, shape: [labels.count], integers: labels))]
    case .labelSets(let flags, let width):
      let shape = [flags.count / max(width, 1), width]
      return inputs + [.tensor(PipeTensor(name: name, shape: shape, integers: flags))]
    case .numbers(let values, let width):
      let shape = [values.count / max(width, 1), width]
      return inputs + [.tensor(PipeTensor(name: name, shape: shape, values: values))]
    }
  }

  /// Its description and its tensors, with names that begin with `set`. Names of examples are no part.
  ///
  /// - Parameter files: those that the other side has open too. Tables in them are no part either.
  public func packed(
    _ set: String, sharing files: [NumberFile] = []
  ) -> (description: Description, tensors: [PipeTensor]) {
    func shape(_ table: Table) -> [Int] { [table.rowCount] + table.rowShape }
    func place(_ table: Table) -> Description.FilePlace? {
      table.numbers.position.flatMap { position in
        files.firstIndex { $0 === position.file }
          .map { .init(file: $0, offset: position.offset, shape: shape(table)) }
      }
    }
    let tensors = parts(set).compactMap { part -> PipeTensor? in
      switch part {
      case .tensor(let tensor): tensor
      case .table(let input):
        place(input.table) != nil
          ? nil
          : PipeTensor(
            name: "\(set):table:\(input.name)", shape: shape(input.table),
            values: input.table.values)
      }
    }
    let described = inputs.map { input -> Description.Input in
      let extent: Description.Extent =
        switch input.extent {
        case .row: .row
        case .window(let count): .window(count)
        case .stretches: .stretches
        }
      return .init(name: input.name, extent: extent, file: place(input.table))
    }
    let kind: Description.Kind =
      switch targets {
      case .none: .none
      case .classes(_, let count): .classes(count)
      case .labelSets(_, let count): .labelSets(count)
      case .numbers(_, let width): .numbers(width: width)
      }
    return (Description(inputs: described, targets: kind), tensors)
  }

  /// Gives all its numbers in the order in which they are packed, tables piece by piece: a large one is not to be in
  /// memory.
  func forEachPiece(_ body: (PipeTensor.Elements) -> Void) {
    for part in parts("") {
      switch part {
      case .tensor(let tensor): body(tensor.elements)
      case .table(let input):
        let (numbers, pieceLength) = (input.table.numbers, 1 << 18)
        for start in stride(from: 0, to: numbers.count, by: pieceLength) {
          body(.floats(numbers[start..<min(start + pieceLength, numbers.count)]))
        }
      }
    }
  }

  /// Unpacks what `packed` gave.
  ///
  /// - Parameter file: gives the files that the other side shares, by their numbers.
  /// - Throws: `Frame.Malformed` where something is missing or does not fit.
  public init(
    _ description: Description, in tensors: [PipeTensor], _ set: String,
    file: (Int) -> NumberFile? = { _ in nil }
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
    func table(_ input: Description.Input) throws -> (numbers: StoredNumbers<Float>, shape: [Int]) {
      guard let place = input.file else {
        let table = try tensor("table:\(input.name)")
        return (StoredNumbers(table.values), table.shape)
      }
      let count = place.shape.reduce(Int?(1)) { product, size in
        let (count, overflows) = (product ?? 0).multipliedReportingOverflow(by: size)
        return product == nil || overflows ? nil : count
      }
      guard let count, let file = file(place.file),
        let numbers = StoredNumbers<Float>(file, offset: place.offset, count: count)
      else { throw misfit }
      return (numbers, place.shape)
    }
    var inputs: [Input] = []
    var count: Int?
    for input in description.inputs {
      let table = try table(input)
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
          Table(table.numbers, rowShape: rowShape), name: input.name, firstRows: firstRows,
          extent: extent))
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
