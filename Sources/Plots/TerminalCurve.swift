import Foundation

/// A learning curve of a few lines of text for a terminal: the accuracy on both sets by epoch, in
/// Braille patterns of 2 × 4 dots a character. The validation set is a line, the training set
/// a dotted one, so no colour is needed.
public enum TerminalCurve {
  private static let rows = 5
  /// The bits of a Braille pattern's dots, by column and row (Unicode, Braille Patterns).
  private static let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// The lines, each of at most `width` characters.
  ///
  /// - Parameters:
  ///   - epochs: those that are done.
  ///   - planned: how many there will be, for the width of the axis.
  /// - Returns: no lines where there is nothing to show or too little room.
  public static func lines(
    _ epochs: [LearningCurve.Epoch], of planned: Int, width: Int
  ) -> [String] {
    let margin = 7
    let columns = min(60, width - margin - 1)
    let validation = epochs.map(\.validationAccuracy)
    let training = epochs.map(\.trainAccuracy)
    let values = (validation + training).filter(\.isFinite)
    guard columns >= 20, let least = values.min(), let most = values.max() else { return [] }
    // At least some hundredths, or noise would fill the height.
    let low = max(0, min(least, most - 0.05))
    let high = max(most, low + 0.05)

    var dots = [[UInt32]](repeating: [UInt32](repeating: 0, count: columns), count: rows)
    func set(_ x: Int, _ y: Int) { dots[y / 4][x / 2] |= bits[x % 2][y % 4] }
    let right = 2 * columns - 1
    func x(_ epoch: Int) -> Int {
      planned > 1 ? min(epoch, planned - 1) * right / (planned - 1) : 0
    }
    func y(_ value: Double) -> Int {
      Int(((high - value) / (high - low) * Double(4 * rows - 1)).rounded())
    }
    /// Joins the epochs by dots, of which every `every`th is set.
    func draw(_ values: [Double], every: Int) {
      for (epoch, value) in values.enumerated() where value.isFinite {
        set(x(epoch), y(value))
        guard epoch > 0, values[epoch - 1].isFinite else { continue }
        let (x0, y0) = (x(epoch - 1), y(values[epoch - 1]))
        let (x1, y1) = (x(epoch), y(value))
        let steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in stride(from: 0, through: steps, by: every) {
          set(x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps)
        }
      }
    }
    draw(training, every: 4)
    draw(validation, every: 1)

    func text(_ value: Double) -> String { String(format: "%.3f", value) }
    let picture = dots.enumerated().map { row, patterns in
      let label = row == 0 ? text(high) : row == rows - 1 ? text(low) : ""
      let gap = String(repeating: " ", count: margin - 2 - label.count)
      let line = patterns.compactMap { Unicode.Scalar(0x2800 + $0) }
      return gap + label + " ┤" + String(String.UnicodeScalarView(line))
    }
    let legend = epochs.last.map {
      if let group = $0.rankings.first {
        return [
          "AUROC of \(group.name): \(text(group.figure)),", "epoch \(epochs.count)/\(planned)",
        ]
      }
      return [
        "accuracy:", "validation \(text($0.validationAccuracy)) (line),",
        "training \(text($0.trainAccuracy)) (dotted),", "epoch \(epochs.count)/\(planned)",
      ]
    }
    return (picture + filled(legend ?? [], width: width)).map { String($0.prefix(width)) }
  }

  /// Parts of a sentence on as few lines as they need; none is broken.
  private static func filled(_ parts: [String], width: Int) -> [String] {
    parts.reduce(into: []) { lines, part in
      if let last = lines.last, last.count + 1 + part.count <= width {
        lines[lines.count - 1] = last + " " + part
      } else {
        lines.append(part)
      }
    }
  }
}
