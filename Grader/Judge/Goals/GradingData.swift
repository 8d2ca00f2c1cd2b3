import Assignment
import Examples
import Foundation
import WorkerPipe

/// The examples of a run's checks that train, with the validation targets that only the judge sees.
///
/// Drawn once for a run, and disguised for each submission by its own seed: a table of the public
/// labels, a trained network brought along or what another attempt has seen is worthless. The gains
/// spoil fingerprints that do not depend on the order of the features.
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
      set.selecting(numbers.permutation(set.count).prefix(count)).compacted()
    }
    training = draw(examples.training, selection.trainingChunks)
    validation = draw(examples.validation, selection.validationChunks)
    self.isSynthetic = isSynthetic
  }

  init(training: ExampleSet, validation: ExampleSet, isSynthetic: Bool) {
    self.training = training
    self.validation = validation
    self.isSynthetic = isSynthetic
  }

  /// The same chunks as one submission sees them: by its seed the classes may be swapped, and the
  /// frequency bins are permuted and each has a gain and an offset of its own. The order of the chunks
  /// is another one too.
  public func disguised(seed: UInt64) -> GradingData {
    var numbers = SeededNumbers(seed: seed, name: "disguise")
    let bins = numbers.permutation(training.inputs[0].table.rowSize)
    let gains = bins.map { _ in numbers.number(0.9...1.1) }
    let offsets = bins.map { _ in numbers.number(-0.1...0.1) }
    let swap = numbers.integer(0...1) == 1
    func disguise(_ set: ExampleSet) -> ExampleSet {
      let chosen = set.selecting(numbers.permutation(set.count)[...])
      let input = chosen.inputs[0]
      let frames = input.table.values
      var disguised = frames
      for row in stride(from: 0, to: frames.count, by: bins.count) {
        for (place, bin) in bins.enumerated() {
          disguised[row + place] = frames[row + bin] * gains[place] + offsets[place]
        }
      }
      let labels = swap ? chosen.labels.map { 1 - $0 } : chosen.labels
      return ExampleSet(
        [
          .init(
            Table(disguised, rowShape: input.table.rowShape), name: input.name,
            firstRows: input.firstRows, extent: input.extent)
        ], targets: .classes(labels, count: 2))
    }
    return GradingData(
      training: disguise(training), validation: disguise(validation), isSynthetic: isSynthetic)
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
