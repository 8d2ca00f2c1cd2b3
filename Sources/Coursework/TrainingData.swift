import Chunks
import TensorCore
import Training
import WorkerPipe

/// The examples of a `train` request. The validation chunks come without labels.
struct TrainingData {
  let examples: TrainingExamples
  let validation: ChunkSet

  init(_ request: Request, _ tensors: [PipeTensor]) throws {
    func tensor(_ name: String) throws(TensorError) -> PipeTensor {
      guard let found = tensors.first(where: { $0.name == name }) else {
        throw TensorError("worker", "the request has no \(name)")
      }
      return found
    }
    func integers(_ name: String) throws(TensorError) -> [Int32] {
      try tensor(name).values.map(Int32.init)
    }
    guard let chunkLength = request.chunkLength else {
      throw TensorError("worker", "the request has no chunk length")
    }
    let frames = try tensor("frames")
    let binCount = frames.shape.last ?? 0
    let validationFrames = try tensor("validationFrames")
    let starts = try integers("validationStarts")
    validation = ChunkSet(
      frames: validationFrames.values, binCount: binCount, chunkLength: chunkLength,
      starts: starts, labels: [Int32](repeating: 0, count: starts.count))
    let trainStarts = try integers("starts")
    let labels = try integers("labels")
    if request.recipe?.randomChunks == true {
      examples = .recordings(
        SpectrogramSet(
          frames: frames.values, binCount: binCount, starts: trainStarts,
          lengths: try integers("lengths"), labels: labels),
        chunkLength: chunkLength)
    } else {
      examples = .chunks(
        ChunkSet(
          frames: frames.values, binCount: binCount, chunkLength: chunkLength, starts: trainStarts,
          labels: labels))
    }
  }
}
