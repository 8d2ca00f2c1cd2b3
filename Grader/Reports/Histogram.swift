import CSV
import Foundation

/// How the scores of a class are distributed, as a drawing within a page.
struct Histogram {
  private let scores: [Double]
  private let maximum: Double
  private let width = 520.0
  private let height = 190.0
  /// Where the columns stand, and how many there are.
  private let base = 150.0
  private let columns = 10

  init(scores: [Double], maximum: Double) {
    self.scores = scores.sorted()
    self.maximum = maximum
  }

  /// The figure with mean, median and quartiles below it.
  var html: String {
    let counts = self.counts
    let tallest = Double(max(counts.max() ?? 1, 1))
    let step = width / Double(columns)
    var html = "<figure>\n<svg class=\"chart\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
    html += "role=\"img\" aria-label=\"Distribution of the scores\">\n"
    for (index, count) in counts.enumerated() {
      let tall = (base - 25) * Double(count) / tallest
      let x = step * Double(index)
      html += "<rect class=\"column\" x=\"\(n(x + 3))\" y=\"\(n(base - tall))\" "
      html += "width=\"\(n(step - 6))\" height=\"\(n(tall))\"/>"
      if count > 0 {
        html += "<text x=\"\(n(x + step / 2))\" y=\"\(n(base - tall - 5))\" "
        html += "text-anchor=\"middle\">\(count)</text>"
      }
      html += "\n"
    }
    html +=
      "<line class=\"grid\" x1=\"0\" x2=\"\(Int(width))\" y1=\"\(n(base))\" y2=\"\(n(base))\"/>\n"
    for index in stride(from: 0, through: columns, by: 2) {
      let anchor = index == 0 ? "start" : index == columns ? "end" : "middle"
      html += "<text x=\"\(n(step * Double(index)))\" y=\"\(n(base + 17))\" "
      html += "text-anchor=\"\(anchor)\">"
      html += "\(CSV.points(maximum * Double(index) / Double(columns)))</text>\n"
    }
    html +=
      "<text x=\"\(n(width / 2))\" y=\"\(n(height - 4))\" text-anchor=\"middle\">points</text>\n"
    return html + "</svg>\n<figcaption>\(caption)</figcaption>\n</figure>\n"
  }

  /// How many scores lie in each tenth; full marks belong to the last.
  var counts: [Int] {
    var counts = [Int](repeating: 0, count: columns)
    for score in scores {
      let share = maximum > 0 ? score / maximum : 0
      // a rounding error must not move a score that lies on an edge
      let place = Int((share * Double(columns) + 1e-9).rounded(.down))
      counts[min(max(place, 0), columns - 1)] += 1
    }
    return counts
  }

  private var caption: String {
    let mean = scores.reduce(0, +) / Double(max(scores.count, 1))
    return "\(scores.count) scores: mean \(CSV.points(mean)), median \(CSV.points(quantile(0.5))), "
      + "half of them from \(CSV.points(quantile(0.25))) to \(CSV.points(quantile(0.75))), "
      + "of \(CSV.points(maximum)) points"
  }

  /// Linear interpolation between the neighbours, as NumPy's default.
  private func quantile(_ share: Double) -> Double {
    guard let last = scores.indices.last else { return 0 }
    let place = share * Double(last)
    let below = Int(place.rounded(.down))
    let above = min(below + 1, last)
    return scores[below] + (place - Double(below)) * (scores[above] - scores[below])
  }

  private func n(_ value: Double) -> String { String(format: "%.1f", value) }
}
