import Experiments
import Foundation
import Plots

/// The learning curve of a running training on standard error, drawn anew after each epoch; nothing
/// where that takes no control codes.
///
/// It stands above the progress line: clear that first, then this, then print, then show.
final class LiveCurve {
  private let isShown: Bool
  private let planned: Int
  private var epochs: [LearningCurve.Epoch]
  private var height = 0

  /// The curve of a training of `planned` epochs, of which `history` is done.
  init(planned: Int, history: [TrainingResult.Epoch] = []) {
    isShown = Console.error.takesControlCodes
    self.planned = planned
    epochs = history.map(LearningCurve.Epoch.init)
  }

  /// Draws the curve with one epoch more.
  func show(_ epoch: TrainingResult.Epoch) {
    epochs.append(LearningCurve.Epoch(epoch))
    guard isShown else { return }
    clear()
    let lines = TerminalCurve.lines(epochs, of: planned, width: terminalWidth() - 1)
    height = lines.count
    write(lines.map { $0 + "\n" }.joined())
  }

  /// Removes the curve; the cursor then stands where it began.
  func clear() {
    guard height > 0 else { return }
    write("\u{1B}[\(height)A\r\u{1B}[J")
    height = 0
  }

  private func write(_ text: String) { Console.error.write(text) }
}

extension LearningCurve.Epoch {
  init(_ epoch: TrainingResult.Epoch) {
    self.init(
      trainLoss: epoch.trainLoss, trainAccuracy: epoch.trainAccuracy,
      validationLoss: epoch.validationLoss, validationAccuracy: epoch.shown,
      rankings: (epoch.rankings ?? []).map { (name: $0.name, figure: $0.areaUnderROC ?? .nan) })
  }
}
