import Foundation
import Metrics

/// How far a training's gradients reach, as a drawing within a page: a bar for each parameter, as
/// long as its gradient on a logarithmic scale.
struct ParameterBars {
  private let parameters: [ParameterHealth]
  private let row = 20.0
  private let width = 520.0
  private let left = 190.0
  private let right = 70.0
  /// What the scale covers, in powers of ten: from what no longer trains to what explodes.
  private let scale = -8.0...2.0

  init(_ parameters: [ParameterHealth]) { self.parameters = parameters }

  /// The figure, folded away; empty without parameters.
  var html: String {
    guard !parameters.isEmpty else { return "" }
    let height = Int(row * Double(parameters.count) + 6)
    var html = "<details><summary>Gradients by parameter</summary>\n<figure>\n"
    html += "<svg class=\"chart\" viewBox=\"0 0 \(Int(width)) \(height)\" role=\"img\" "
    html += "aria-label=\"Lengths of the gradients\">\n"
    for (index, parameter) in parameters.enumerated() { html += bar(parameter, at: index) }
    html +=
      "</svg>\n<figcaption>The length of each parameter's gradient at the end, on a logarithmic "
    html += "scale, and how far the parameter has moved since the start, as your program reports "
    return html + "them.</figcaption>\n</figure>\n</details>\n"
  }

  private func bar(_ parameter: ParameterHealth, at index: Int) -> String {
    let middle = row * (Double(index) + 0.5) + 3
    let gradient = parameter.gradient ?? 0
    let power = gradient > 0 ? log10(gradient) : scale.lowerBound
    let share = min(max((power - scale.lowerBound) / 10, 0), 1)
    var html = "<text x=\"\(n(left - 8))\" y=\"\(n(middle + 4))\" text-anchor=\"end\">"
    html += "\(HTML.escape(String(parameter.name.prefix(28))))</text>"
    html += "<rect class=\"column\" x=\"\(n(left))\" y=\"\(n(middle - 6))\" height=\"12\" "
    html += "width=\"\(n((width - left - right) * share))\"/>"
    html += "<text x=\"\(n(width - right + 6))\" y=\"\(n(middle + 4))\">"
    return html + (parameter.moved == 0 ? "not moved" : String(format: "%.2g", parameter.moved))
      + "</text>\n"
  }

  private func n(_ value: Double) -> String { String(format: "%.1f", value) }
}
