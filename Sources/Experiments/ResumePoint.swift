import Files
import Foundation
import TensorCore
import WorkerPipe

/// What a training was doing at the end of an epoch, in a file beside the best parameters: the
/// trainer's checkpoint, and the figures of the epochs so far.
package struct ResumePoint {
  /// The trainer's checkpoint: parameters, buffers, the optimiser's moments, the average, the order.
  package let state: [SafeTensors.Entry]
  /// The figures of the epochs so far.
  package let history: [TrainingResult.Epoch]
  /// Of the examples it was trained on.
  package let fingerprint: [UInt32]

  init(state: [SafeTensors.Entry], history: [TrainingResult.Epoch], fingerprint: [UInt32]) {
    self.state = state
    self.history = history
    self.fingerprint = fingerprint
  }

  /// Reads what an earlier training kept.
  ///
  /// - Throws: a sentence when there is no such file or it is damaged.
  package init(contentsOf path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TensorError(
        "resume", "there is no \(path)", remedy: "Train without --resume first")
    }
    let entries = try SafeTensors.decode([UInt8](data))
    guard let figures = entries.first(where: { $0.name == Self.historyName })?.tensor,
      figures.rank == 2, [4, 5].contains(figures.shape[1]),
      let fingerprint = entries.first(where: { $0.name == Self.dataName })?.tensor.words
    else { throw TensorError("resume", "\(path) is no training to go on with") }
    let width = figures.shape[1]
    let rows = figures.array.map(Double.init)
    let classes = entries.first { $0.name == Self.classesName }.map { entry -> [[Double]] in
      let width = max(entry.tensor.shape.dimensions.last ?? 1, 1)
      let values = entry.tensor.array.map(Double.init)
      return stride(from: 0, to: values.count, by: width).map { first in
        Array(values[first..<min(first + width, values.count)])
      }
    }
    history = (0..<figures.shape[0]).map { row in
      let figures = rows[(width * row)..<(width * (row + 1))].map { $0 }
      return TrainingResult.Epoch(
        epoch: row + 1, trainLoss: figures[0], trainAccuracy: figures[1],
        validationLoss: figures[2], validationAccuracy: figures[3],
        validationFigure: width == 5 ? figures[4] : nil,
        validationF1: classes.flatMap { row < $0.count ? $0[row] : nil })
    }
    self.fingerprint = fingerprint
    state = entries.filter {
      ![Self.historyName, Self.dataName, Self.classesName].contains($0.name)
    }
  }

  func write(to path: String) throws {
    // a fifth column where another figure than the accuracy decides
    let rows = history.map {
      [$0.trainLoss, $0.trainAccuracy, $0.validationLoss, $0.validationAccuracy]
        + ($0.validationFigure.map { [$0] } ?? [])
    }
    let table = try Tensor(
      rows.joined().map(Float.init), shape: [history.count, rows.first?.count ?? 4])
    var own = [(Self.historyName, table), (Self.dataName, Tensor.words(fingerprint))]
    let classes = history.compactMap(\.validationF1)
    if let width = classes.first?.count, classes.count == history.count {
      let figures = classes.joined().map(Float.init)
      own.append((Self.classesName, try Tensor(figures, shape: [history.count, width])))
    }
    try AtomicFile.write(Data(SafeTensors.encode(state + own)), to: path)
  }

  static func pipeTensors(_ entries: [SafeTensors.Entry]) -> [PipeTensor] {
    entries.map {
      PipeTensor(
        name: $0.name, shape: $0.tensor.shape.dimensions, values: $0.tensor.array)
    }
  }

  private static let historyName = "history"
  private static let dataName = "data"
  private static let classesName = "history F1"
}

extension TrainingQuestion {
  /// A check sum of all examples (FNV's step on each number), to tell whether a training that goes
  /// on has the examples it began with.
  package var fingerprint: [UInt32] {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    forEachPiece { elements in
      func add(_ words: some Sequence<UInt32>) {
        for word in words { sum = (sum ^ UInt64(word)) &* 0x0000_0100_0000_01B3 }
      }
      switch elements {
      case .floats(let values): add(values.lazy.map(\.bitPattern))
      case .integers(let values): add(values.lazy.map(UInt32.init(bitPattern:)))
      }
    }
    return [UInt32(sum >> 32), UInt32(truncatingIfNeeded: sum)]
  }
}
