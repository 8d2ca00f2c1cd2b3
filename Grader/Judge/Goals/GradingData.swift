import Assignment
import Examples
import Foundation
import WorkerPipe

/// The examples of a run's checks that train, with the validation targets that only the judge sees.
///
/// Drawn once for a run, and disguised for each submission by its own seed: a table of the public
/// labels, a trained network brought along or what another attempt has seen is worthless. Gains spoil
/// fingerprints that do not depend on the order of the features.
public struct GradingData: Sendable {
  /// Examples to train on.
  public let training: ExampleSet
  /// Examples to predict.
  public let validation: ExampleSet
  /// Whether the recordings are synthetic.
  public let isSynthetic: Bool
  /// What the validation examples are ranked by, which only the judge sees; empty where nothing is.
  public let queries: [RankingQuery]
  /// What the judge keeps to itself; nil before a disguise.
  public private(set) var hidden: Hidden?

  /// What a submission's examples are made of, for experiments in which the judge changes them before they are
  /// disguised.
  public struct Hidden: Sendable {
    /// The examples before the disguise, in another order.
    public let training, validation: ExampleSet
    /// The submission's disguise.
    public let disguise: DrawnDisguise
  }

  /// Draws the examples of a run.
  public init(
    _ examples: SplitExamples, selection: AssignmentManifest.DataSelection, isSynthetic: Bool,
    seed: UInt64
  ) {
    var numbers = SeededNumbers(seed: seed, name: "grading data")
    func draw(_ set: ExampleSet, _ count: Int) -> [Int] {
      if selection.isBalanced == true, case .classes(let labels, _) = set.targets {
        let perClass = max(1, count / max(1, Set(labels).count))
        let places = set.places(perClass: perClass) { numbers.permutation($0) }
        if let places { return places }
      }
      return Array(numbers.permutation(set.count).prefix(count))
    }
    training = examples.training.selecting(draw(examples.training, selection.training))
      .compacted()
    let places = draw(examples.validation, selection.validation)
    validation = examples.validation.selecting(places).compacted()
    self.isSynthetic = isSynthetic
    queries = examples.queries.map { $0.selecting(places) }
  }

  init(
    training: ExampleSet, validation: ExampleSet, isSynthetic: Bool, queries: [RankingQuery] = []
  ) {
    self.training = training
    self.validation = validation
    self.isSynthetic = isSynthetic
    self.queries = queries
  }

  /// The same examples as one submission sees them, disguised by its seed. Their order is another one
  /// too.
  public func disguised(_ disguise: Disguise, seed: UInt64) -> GradingData {
    let drawn = DrawnDisguise(disguise, of: training, seed: seed)
    var numbers = drawn.numbers
    func disguised(_ set: ExampleSet) -> (set: ExampleSet, order: [Int]) {
      let order = numbers.permutation(set.count)
      return (drawn.disguised(set.selecting(order[...]), &numbers), order)
    }
    let trained = disguised(training).set
    let (validated, order) = disguised(validation)
    var data = GradingData(
      training: trained, validation: validated, isSynthetic: isSynthetic,
      queries: queries.map { query in
        let place = validation.inputs.firstIndex { $0.name == query.input }
        return query.selecting(order).disguised(
          vector: place.map { drawn.disguised(query.vector, ofInput: $0) } ?? query.vector
        ) { old in drawn.classes.map { Int($0[old]) } ?? old }
      })
    data.hidden = Hidden(training: training, validation: validation, disguise: drawn)
    return data
  }

  /// The same with other examples, after steps of which a disguise knows nothing.
  func prepared(
    training: (ExampleSet) throws -> ExampleSet, validation: (ExampleSet) throws -> ExampleSet
  ) rethrows -> GradingData {
    GradingData(
      training: try training(self.training), validation: try validation(self.validation),
      isSynthetic: isSynthetic, queries: queries)
  }

  // MARK: - As a file, made once for a whole run

  private struct Header: Codable {
    let training, validation: ExampleSet.Description
    let isSynthetic: Bool
    let queries: [RankingQuery]
  }

  /// Writes the data to a file.
  public func write(to path: String) throws {
    let (training, validation) = (training.packed("training"), validation.packed("validation"))
    let bytes = try Frame.encode(
      Header(
        training: training.description, validation: validation.description,
        isSynthetic: isSynthetic, queries: queries),
      tensors: training.tensors + validation.tensors)
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// Reads such a file.
  ///
  /// - Throws: an error with one sentence when it is not one.
  public init(contentsOf path: String) throws {
    let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var position = 0
    let frame = try Frame.decode(Header.self, caps: .init()) { count in
      guard position + count <= data.count else { return nil }
      defer { position += count }
      return Array(data[position..<(position + count)])
    }
    guard let (header, tensors) = frame else { throw Frame.Malformed(path: path) }
    do {
      training = try ExampleSet(header.training, in: tensors, "training")
      validation = try ExampleSet(header.validation, in: tensors, "validation")
    } catch {
      throw Frame.Malformed(path: path)
    }
    isSynthetic = header.isSynthetic
    queries = header.queries
  }
}

extension Frame.Malformed {
  init(path: String) { self.init("\(path) does not hold the data of a grading run") }
}
