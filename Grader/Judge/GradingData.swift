import Assignment
import Chunks
import ECG
import Foundation
import WorkerPipe

/// The chunks of a run's accuracy checks, with the validation labels that only the judge sees.
///
/// Drawn once for a run, and disguised for each submission by its own seed: a table of the public
/// labels, a trained network brought along or what another attempt has seen is worthless. The gains
/// spoil fingerprints that do not depend on the order of the bins.
public struct GradingData: Sendable {
  /// Chunks to train on.
  public let training: ChunkSet
  /// Chunks to predict.
  public let validation: ChunkSet
  /// Whether the recordings are synthetic.
  public let isSynthetic: Bool

  /// Draws the chunks of a run.
  public init(
    _ data: CourseData, selection: AssignmentManifest.DataSelection, isSynthetic: Bool, seed: UInt64
  ) {
    var numbers = SeededNumbers(seed: seed, name: "grading data")
    func draw(_ set: ChunkSet, _ count: Int) -> ChunkSet {
      set.selecting(numbers.permutation(set.count).prefix(count)).compacted()
    }
    training = draw(data.trainChunks, selection.trainingChunks)
    validation = draw(data.validationChunks, selection.validationChunks)
    self.isSynthetic = isSynthetic
  }

  private init(training: ChunkSet, validation: ChunkSet, isSynthetic: Bool) {
    self.training = training
    self.validation = validation
    self.isSynthetic = isSynthetic
  }

  /// The same chunks as one submission sees them: by its seed the classes may be swapped, and the
  /// frequency bins are permuted and each has a gain and an offset of its own. The order of the chunks
  /// is another one too.
  public func disguised(seed: UInt64) -> GradingData {
    var numbers = SeededNumbers(seed: seed, name: "disguise")
    let bins = numbers.permutation(training.binCount)
    let gains = bins.map { _ in numbers.number(0.9...1.1) }
    let offsets = bins.map { _ in numbers.number(-0.1...0.1) }
    let swap = numbers.integer(0...1) == 1
    func disguise(_ set: ChunkSet) -> ChunkSet {
      let chosen = set.selecting(numbers.permutation(set.count)[...])
      var frames = chosen.frames
      for row in stride(from: 0, to: frames.count, by: bins.count) {
        for (place, bin) in bins.enumerated() {
          frames[row + place] = chosen.frames[row + bin] * gains[place] + offsets[place]
        }
      }
      return ChunkSet(
        frames: frames, binCount: chosen.binCount, chunkLength: chosen.chunkLength,
        starts: chosen.starts, labels: swap ? chosen.labels.map { 1 - $0 } : chosen.labels)
    }
    return GradingData(
      training: disguise(training), validation: disguise(validation), isSynthetic: isSynthetic)
  }

  // MARK: - As a file, made once for a whole run

  private struct Header: Codable {
    let chunkLength: Int
    let isSynthetic: Bool
  }

  /// Writes the data to a file.
  public func write(to path: String) throws {
    func tensors(_ prefix: String, _ set: ChunkSet) -> [PipeTensor] {
      [
        PipeTensor(
          name: prefix + ".frames", shape: [set.frames.count / set.binCount, set.binCount],
          values: set.frames),
        PipeTensor(
          name: prefix + ".starts", shape: [set.count], values: set.starts.map(Float.init)),
        PipeTensor(
          name: prefix + ".labels", shape: [set.count], values: set.labels.map(Float.init)),
      ]
    }
    let bytes = try Frame.encode(
      Header(chunkLength: training.chunkLength, isSynthetic: isSynthetic),
      tensors: tensors("training", training) + tensors("validation", validation))
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
    guard let (header, tensors) = frame else {
      throw Frame.Malformed(path: path)
    }
    func set(_ prefix: String) throws -> ChunkSet {
      func tensor(_ name: String) throws -> PipeTensor {
        guard let found = tensors.first(where: { $0.name == "\(prefix).\(name)" }) else {
          throw Frame.Malformed(path: path)
        }
        return found
      }
      let frames = try tensor("frames")
      return ChunkSet(
        frames: frames.values, binCount: frames.shape[1], chunkLength: header.chunkLength,
        starts: try tensor("starts").values.map(Int32.init),
        labels: try tensor("labels").values.map(Int32.init))
    }
    training = try set("training")
    validation = try set("validation")
    isSynthetic = header.isSynthetic
  }
}

extension Frame.Malformed {
  init(path: String) { self.init("\(path) does not hold the data of a grading run") }
}
