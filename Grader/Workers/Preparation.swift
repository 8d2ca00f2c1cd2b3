import Assignment
import Examples
import TensorCore
import WorkerPipe

/// The steps between the examples of the data and those that a network learns from, done by functions of a worker
/// that is asked over the pipe.
///
/// A step that makes other examples, by which targets come back, is asked once with the whole set; one that changes
/// the numbers of each is asked with some thousand examples at a time, which a result for one of them must not
/// depend on.
public struct Preparation: Sendable {
  /// Asks a worker one function: its name, what it is made with, its tensors.
  public typealias Ask = (
    _ function: String, _ settings: Settings, _ tensors: [PipeTensor]
  ) throws -> [PipeTensor]

  private let steps: [AssignmentManifest.PreparationStep]
  private let seed: UInt64

  /// Examples that are asked about at a time.
  static let part = 4096

  /// Takes the steps.
  ///
  /// - Parameter seed: what functions that draw are given; its lowest 31 bits are.
  public init(_ steps: [AssignmentManifest.PreparationStep], seed: UInt64) {
    self.steps = steps
    self.seed = seed
  }

  /// Whether nothing is done.
  public var isEmpty: Bool { steps.isEmpty }

  /// Examples to train on, after the steps.
  ///
  /// - Throws: a sentence where a function takes or gives what does not fit; what `ask` throws.
  public func training(_ examples: ExampleSet, _ ask: Ask) throws -> ExampleSet {
    try steps.reduce(examples) { try apply($1, to: $0, ask) }
  }

  /// Examples that figures are of, after the steps that are not for training alone.
  ///
  /// - Throws: a sentence where a function takes or gives what does not fit; what `ask` throws.
  public func other(_ examples: ExampleSet, _ ask: Ask) throws -> ExampleSet {
    try steps.filter { $0.sets != .training }.reduce(examples) { try apply($1, to: $0, ask) }
  }

  private func apply(
    _ step: AssignmentManifest.PreparationStep, to examples: ExampleSet, _ ask: Ask
  ) throws -> ExampleSet {
    var settings = Settings()
    for (name, value) in step.settings ?? [:] {
      settings[name] = Int(exactly: value).map(Setting.integer) ?? .number(value)
    }
    settings["seed"] = .integer(Int(seed & 0x7FFF_FFFF))
    let size = step.makesExamples ? max(examples.count, 1) : Self.part
    var rows: [String: (shape: [Int], values: [Float])] = [:]
    var targets: Targets?
    for start in stride(from: 0, to: examples.count, by: size) {
      let indices = Array(start..<min(start + size, examples.count))
      let answer = try ask(
        step.function, settings, try tensors(for: step, examples.selecting(indices)))
      for (result, name) in step.gives {
        guard let tensor = answer.first(where: { $0.name == result }) else {
          throw problem(step, "gives no \(result)", "Look at its entry in Worker.swift")
        }
        guard name != AssignmentManifest.PreparationStep.targets else {
          targets = try self.targets(tensor, like: examples.targets, step)
          continue
        }
        let shape = Array(tensor.shape.dropFirst())
        guard tensor.shape.count > 1, step.makesExamples || tensor.shape[0] == indices.count,
          rows[name]?.shape ?? shape == shape, shape.allSatisfy({ $0 > 0 })
        else {
          throw problem(
            step, "gives \(result) of the shape \(tensor.shape) for \(indices.count) examples",
            "Give one row for each, all of one shape")
        }
        rows[name, default: (shape, [])].values += tensor.values
      }
    }
    // in the order in which the manifest's names sort: the first one is what most networks take
    let inputs = rows.sorted { $0.key < $1.key }.map { name, rows in
      let table = Table(rows.values, rowShape: rows.shape)
      return ExampleSet.Input(
        table, name: name, firstRows: Array(0..<table.rowCount), extent: .row)
    }
    let counts = Set(inputs.map(\.firstRows.count))
    guard counts.count == 1, let count = counts.first, count > 0,
      targets.map({ Self.count($0) == count }) ?? (count == examples.count)
    else {
      throw problem(
        step, "gives numbers of examples that do not fit together, or none",
        "Give as many rows of each result, and as many targets")
    }
    return ExampleSet(
      inputs, targets: targets ?? examples.targets,
      names: step.makesExamples ? [] : examples.names)
  }

  /// What a function is asked with.
  private func tensors(
    for step: AssignmentManifest.PreparationStep, _ examples: ExampleSet
  ) throws -> [PipeTensor] {
    let batch = examples.batch(Array(0..<examples.count)[...])
    return try step.takes.sorted { $0.key < $1.key }.map { name, source in
      if source == AssignmentManifest.PreparationStep.targets {
        guard case .classes(let labels, _) = examples.targets else {
          throw problem(step, "takes the targets, which are no classes", "Leave them out of takes")
        }
        return PipeTensor(name: name, shape: [labels.count], integers: labels)
      }
      guard let found = batch.inputs.entries.first(where: { $0.name == source }) else {
        throw problem(
          step, "takes \(source), which no example has",
          "There is \(batch.inputs.entries.map(\.name).joined(separator: ", "))")
      }
      return PipeTensor(
        name: name, shape: found.tensor.shape.dimensions, values: found.tensor.array)
    }
  }

  private func targets(
    _ tensor: PipeTensor, like old: Targets, _ step: AssignmentManifest.PreparationStep
  ) throws -> Targets {
    guard case .classes(_, let count) = old, let labels = tensor.integers,
      labels.allSatisfy({ (0..<Int32(count)).contains($0) })
    else {
      throw problem(
        step, "gives targets that are none of the classes", "Give integers, the classes' numbers")
    }
    return .classes(labels, count: count)
  }

  private static func count(_ targets: Targets) -> Int {
    if case .classes(let labels, _) = targets { labels.count } else { 0 }
  }

  private func problem(
    _ step: AssignmentManifest.PreparationStep, _ what: String, _ remedy: String
  ) -> ManifestError {
    ManifestError(description: "the preparation's step \(step.function) \(what). \(remedy)")
  }
}

extension WorkerClient {
  /// Asks a function about examples: no second call, and as many bytes as a set takes.
  ///
  /// - Throws: `WorkerFailure`.
  public func prepare(
    _ function: String, _ settings: Settings, _ tensors: [PipeTensor]
  ) throws -> [PipeTensor] {
    try ask(
      .forward(.init(isFirst: true)), about: .init(function, settings), tensors,
      within: 24 * 3600, atMost: 2 << 30
    ).tensors
  }
}
