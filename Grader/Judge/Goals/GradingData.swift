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

  /// Draws the examples of a run.
  public init(
    _ examples: SplitExamples, selection: AssignmentManifest.DataSelection, isSynthetic: Bool,
    seed: UInt64
  ) {
    var numbers = SeededNumbers(seed: seed, name: "grading data")
    func draw(_ set: ExampleSet, _ count: Int) -> ExampleSet {
      guard selection.isBalanced == true, case .classes(let labels, _) = set.targets else {
        return set.selecting(numbers.permutation(set.count).prefix(count)).compacted()
      }
      let perClass = max(1, count / max(1, Set(labels).count))
      return set.drawn(perClass: perClass) { numbers.permutation($0) }.compacted()
    }
    training = draw(examples.training, selection.training)
    validation = draw(examples.validation, selection.validation)
    self.isSynthetic = isSynthetic
  }

  init(training: ExampleSet, validation: ExampleSet, isSynthetic: Bool) {
    self.training = training
    self.validation = validation
    self.isSynthetic = isSynthetic
  }

  /// The same examples as one submission sees them, disguised by its seed. Their order is another one
  /// too.
  public func disguised(_ disguise: Disguise, seed: UInt64) -> GradingData {
    var numbers = SeededNumbers(seed: seed, name: "disguise")
    let rows = training.inputs.map { input in
      Self.change(
        of: disguise.rows[input.name] ?? .kept, width: input.table.rowSize, &numbers)
    }
    let steps = training.inputs.map { input -> [Int]? in
      guard disguise.permutedSteps.contains(input.name), case .window(let count) = input.extent
      else { return nil }
      return numbers.permutation(count)
    }
    let classes = disguise.permutesClasses ? classOrder(&numbers) : nil
    func disguised(_ set: ExampleSet) -> ExampleSet {
      let chosen = set.selecting(numbers.permutation(set.count)[...])
      let inputs = chosen.inputs.indices.map { index in
        let input = chosen.inputs[index]
        let changed = ExampleSet.Input(
          Table(rows[index](input.table.values), rowShape: input.table.rowShape),
          name: input.name, firstRows: input.firstRows, extent: input.extent)
        return steps[index].map { changed.withSteps(inOrder: $0) } ?? changed
      }
      guard let classes, case .classes(let labels, let count) = chosen.targets else {
        return ExampleSet(inputs, targets: chosen.targets)
      }
      return ExampleSet(
        inputs, targets: .classes(labels.map { classes[Int($0)] }, count: count))
    }
    return GradingData(
      training: disguised(training), validation: disguised(validation), isSynthetic: isSynthetic)
  }

  /// What is done to a table's numbers; both sets have it done to them alike.
  private static func change(
    of rows: Disguise.Rows, width: Int, _ numbers: inout SeededNumbers
  ) -> ([Float]) -> [Float] {
    switch rows {
    case .kept:
      return { $0 }
    case .features(let gainRange, let offsetRange):
      let order = numbers.permutation(width)
      let gains = order.map { _ in numbers.number(gainRange) }
      let offsets = order.map { _ in numbers.number(offsetRange) }
      return { values in
        var changed = values
        for row in stride(from: 0, to: values.count, by: width) {
          for (place, feature) in order.enumerated() {
            changed[row + place] = values[row + feature] * gains[place] + offsets[place]
          }
        }
        return changed
      }
    case .signal(let gainRange):
      let gain = numbers.number(gainRange)
      return { values in values.map { $0 * gain } }
    }
  }

  /// The new number of each class; nil where the targets are no classes.
  private func classOrder(_ numbers: inout SeededNumbers) -> [Int32]? {
    guard case .classes(_, let count) = training.targets else { return nil }
    // two have one other order, which half of the seeds give
    if count == 2 { return numbers.integer(0...1) == 1 ? [1, 0] : [0, 1] }
    return numbers.permutation(count).map(Int32.init)
  }

  // MARK: - As a file, made once for a whole run

  private struct Header: Codable {
    let training, validation: ExampleSet.Description
    let isSynthetic: Bool
  }

  /// Writes the data to a file.
  public func write(to path: String) throws {
    let (training, validation) = (training.packed("training"), validation.packed("validation"))
    let bytes = try Frame.encode(
      Header(
        training: training.description, validation: validation.description,
        isSynthetic: isSynthetic),
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
  }
}

extension Frame.Malformed {
  init(path: String) { self.init("\(path) does not hold the data of a grading run") }
}
