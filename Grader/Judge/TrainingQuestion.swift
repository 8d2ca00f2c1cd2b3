import Chunks
import WorkerPipe

/// The tensors of a `train` request: training chunks with labels, validation chunks without.
public struct TrainingQuestion: Sendable {
  /// What goes over the pipe.
  public let tensors: [PipeTensor]
  /// The windows in a chunk.
  public let chunkLength: Int

  /// Fixed chunks.
  public init(train: ChunkSet, validation: ChunkSet) {
    let part = train.compacted()
    tensors =
      Self.validationTensors(validation) + [
        Self.frames("frames", part.frames, part.binCount),
        Self.integers("starts", part.starts), Self.integers("labels", part.labels),
      ]
    chunkLength = train.chunkLength
  }

  /// Recordings, of which the worker takes one chunk at a random offset in each epoch.
  public init(train: SpectrogramSet, validation: ChunkSet) {
    tensors =
      Self.validationTensors(validation) + [
        Self.frames("frames", train.frames, train.binCount),
        Self.integers("starts", train.starts), Self.integers("lengths", train.lengths),
        Self.integers("labels", train.labels),
      ]
    chunkLength = validation.chunkLength
  }

  private static func validationTensors(_ set: ChunkSet) -> [PipeTensor] {
    let part = set.compacted()
    return [
      frames("validationFrames", part.frames, part.binCount),
      integers("validationStarts", part.starts),
    ]
  }

  private static func frames(_ name: String, _ values: [Float], _ binCount: Int) -> PipeTensor {
    PipeTensor(name: name, shape: [values.count / binCount, binCount], values: values)
  }

  /// Whole numbers below 2²⁴, which a float holds exactly: a place in a table of that many windows
  /// is beyond any set of ours.
  private static func integers(_ name: String, _ values: [Int32]) -> PipeTensor {
    PipeTensor(name: name, shape: [values.count], values: values.map(Float.init))
  }
}
