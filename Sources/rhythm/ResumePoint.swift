import Batch
import Foundation
import TensorCore
import WorkerPipe

/// What a training was doing at the end of an epoch, in a file beside the best parameters: the
/// trainer's checkpoint, and the figures of the epochs so far.
struct ResumePoint {
  let state: [SafeTensors.Entry]
  let history: [TrainingResult.Epoch]

  init(state: [SafeTensors.Entry], history: [TrainingResult.Epoch]) {
    self.state = state
    self.history = history
  }

  /// - Throws: a sentence when there is no such file or it is damaged.
  init(contentsOf path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TensorError(
        "resume", "there is no \(path)", remedy: "Train without --resume first")
    }
    let entries = try SafeTensors.decode([UInt8](data))
    guard let figures = entries.first(where: { $0.name == Self.historyName })?.tensor,
      figures.rank == 2, figures.shape[1] == 4
    else { throw TensorError("resume", "\(path) is no training to go on with") }
    let rows = figures.array.map(Double.init)
    history = (0..<figures.shape[0]).map { row in
      TrainingResult.Epoch(
        epoch: row + 1, trainLoss: rows[4 * row], trainAccuracy: rows[4 * row + 1],
        validationLoss: rows[4 * row + 2], validationAccuracy: rows[4 * row + 3])
    }
    state = entries.filter { $0.name != Self.historyName }
  }

  func write(to path: String) throws {
    let figures = history.flatMap {
      [$0.trainLoss, $0.trainAccuracy, $0.validationLoss, $0.validationAccuracy]
    }
    let table = try Tensor(figures.map(Float.init), shape: [history.count, 4])
    try AtomicFile.write(Data(SafeTensors.encode(state + [(Self.historyName, table)])), to: path)
  }

  static func pipeTensors(_ entries: [SafeTensors.Entry]) -> [PipeTensor] {
    entries.map {
      PipeTensor(
        name: "checkpoint:\($0.name)", shape: $0.tensor.shape.dimensions, values: $0.tensor.array)
    }
  }

  private static let historyName = "history"
}
