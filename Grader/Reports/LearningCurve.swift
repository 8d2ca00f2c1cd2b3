import Assignment
import Foundation
import Metrics

/// A learning curve as a drawing within a page: accuracy over batches.
struct LearningCurve {
  private let curve: TrainingCurve
  private let width = 520.0
  private let height = 230.0
  /// Room for the numbers on the left and below, and for half of one at the other sides.
  private let left = 46.0
  private let bottom = 40.0
  private let right = 12.0
  private let top = 12.0

  init(_ curve: TrainingCurve) { self.curve = curve }

  /// The figure; empty when no epoch was finished.
  var html: String {
    guard !curve.points.isEmpty else { return "" }
    var html = "<figure>\n<svg class=\"chart\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
    html += "role=\"img\" aria-label=\"Learning curve of \(HTML.escape(curve.network))\">\n"
    html += axes
    let goal = y(curve.goal)
    html += "<line class=\"goal\" x1=\"\(n(left))\" x2=\"\(n(width - right))\" y1=\"\(n(goal))\" "
    html += "y2=\"\(n(goal))\"/>\n"
    for attempt in attempts {
      let points = curve.points.filter { $0.attempt == attempt }
      html += line("training", points.compactMap { p in p.trainAccuracy.map { (p.steps, $0) } })
      html += line("validation", points.map { ($0.steps, $0.validationAccuracy) })
      for point in points {
        html += "<circle class=\"dot\" cx=\"\(n(x(point.steps)))\" "
        html += "cy=\"\(n(y(point.validationAccuracy)))\" r=\"2.6\"/>\n"
      }
    }
    html += "</svg>\n<figcaption>\(caption)</figcaption>\n</figure>\n"
    return html
  }

  /// The same in words, for those who do not see the drawing and for Markdown.
  var caption: String {
    let best = curve.points.map(\.validationAccuracy).max() ?? 0
    let loss = curve.points.last?.trainLoss.map { String(format: ", training loss %.3f", $0) } ?? ""
    let trainings = attempts.count == 1 ? "one training" : "\(attempts.count) trainings"
    let metric = (curve.metric ?? .accuracy).title
    return metric.prefix(1).uppercased() + metric.dropFirst()
      + " of \(HTML.escape(curve.network)) in \(trainings): on the validation set "
      + "(solid, dots; best \(Self.percent(best)), at the end "
      + "\(Self.percent(curve.points.last?.validationAccuracy ?? 0))), the accuracy on the training set "
      + "as your program reports it (dotted\(loss)), and the goal (dashed, \(Self.percent(curve.goal)))."
  }

  private var attempts: [Int] { Set(curve.points.map(\.attempt)).sorted() }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

  private var axes: String {
    var html = ""
    for tick in stride(from: low, through: 1.0001, by: 0.1) {
      html += "<line class=\"grid\" x1=\"\(n(left))\" x2=\"\(n(width - right))\" "
      html += "y1=\"\(n(y(tick)))\" y2=\"\(n(y(tick)))\"/>"
      html += "<text x=\"\(n(left - 6))\" y=\"\(n(y(tick) + 4))\" text-anchor=\"end\">"
      html += "\(Int((tick * 100).rounded()))&#160;%</text>\n"
    }
    for part in 0...3 {
      let steps = maximumSteps * part / 3
      let anchor = part == 0 ? "start" : part == 3 ? "end" : "middle"
      html += "<text x=\"\(n(x(steps)))\" y=\"\(n(height - bottom + 17))\" "
      html += "text-anchor=\"\(anchor)\">\(steps)</text>\n"
    }
    html += "<text x=\"\(n((left + width - right) / 2))\" y=\"\(n(height - 5))\" "
    return html + "text-anchor=\"middle\">batches</text>\n"
  }

  private func line(_ style: String, _ points: [(steps: Int, share: Double)]) -> String {
    guard points.count > 1 else { return "" }
    let places = points.map { "\(n(x($0.steps))),\(n(y($0.share)))" }.joined(separator: " ")
    return "<polyline class=\"\(style)\" points=\"\(places)\"/>\n"
  }

  private var maximumSteps: Int { max(curve.points.map(\.steps).max() ?? 1, 1) }

  /// The bottom of the drawing: a tenth below the lowest point, in whole tenths.
  private var low: Double {
    let lowest = curve.points.reduce(curve.goal) {
      min($0, $1.validationAccuracy, $1.trainAccuracy ?? 1)
    }
    return max(0, min(0.8, (lowest * 10).rounded(.down) / 10))
  }

  private func x(_ steps: Int) -> Double {
    left + (width - left - right) * Double(steps) / Double(maximumSteps)
  }

  private func y(_ share: Double) -> Double {
    let inside = min(max((share - low) / (1 - low), 0), 1)
    return top + (height - top - bottom) * (1 - inside)
  }

  /// A coordinate with one decimal.
  private func n(_ value: Double) -> String { String(format: "%.1f", value) }
}
