/// An example with what a network attends to in it.
public struct AttendedExample: Sendable {
  /// What is said above it.
  public let title: String
  /// Its numbers, one token after the other.
  public let values: [Float]
  /// For each token how much it gets, as a multiple of an even spread.
  public let multiples: [Double]

  /// Describes an example.
  public init(title: String, values: [Float], multiples: [Double]) {
    self.title = title
    self.values = values
    self.multiples = multiples
  }
}

extension Figure {
  /// Examples above each other, each as a line over stripes, one a token, the darker the more the token gets. The
  /// scale begins at 0 and ends at the figure's largest.
  ///
  /// - Parameter rate: values in a second; nil where the values do not follow each other in time.
  /// - Throws: `PlotError.nothing` where there is none.
  public static func attention(
    _ examples: [AttendedExample], title: String, rate: Double?
  ) throws(PlotError) -> Figure {
    let shown = examples.filter { !$0.values.isEmpty && !$0.multiples.isEmpty }
    guard !shown.isEmpty else { throw .nothing(what: "there is no example") }
    let panels = stack(shown.count, title: title, right: 0.83)
    let numbers = shown.flatMap { $0.values.map(Double.init) }
    let (low, high) = range(numbers, room: 0.06)
    let largest = shown.flatMap(\.multiples).filter(\.isFinite).max() ?? 1
    let step = 1 / (rate ?? 1)
    let end = Double(shown.map(\.values.count).max() ?? 1) * step
    var commands = [
      panels.command, "unset key", "unset grid",
      // light to dark, so that it reads in grey too
      "set palette defined (0 '#ffffff', 0.5 '#9ecae1', 1 '#2171b5')",
      "set cbrange [0:\(number(max(largest, 1e-9)))]",
      "set cblabel 'attention, 1 = an even spread' offset 1.5,0", "set cbtics",
      "set xrange [0:\(number(end))]", "set yrange [\(number(low)):\(number(high))]",
      "set ylabel 'value'", "set ytics \(number(ticStep((low, high), count: 3)))",
    ]
    for (index, example) in shown.enumerated() {
      let width = Double(example.values.count) / Double(example.multiples.count) * step
      let stripes = example.multiples.enumerated().map { token, multiple in
        let (from, to) = (Double(token) * width, Double(token + 1) * width)
        return [(from + to) / 2, (low + high) / 2, from, to, low, high, multiple]
      }
      commands += [
        block("stripes\(index)", stripes),
        block("values\(index)", example.values.map { [Double($0)] }),
        "set title \(quoted(example.title)) offset 0,-0.7",
        index == shown.count - 1
          ? "set xlabel '\(rate == nil ? "value" : "seconds")'\nset format x '%g'"
          : "unset xlabel\nset format x ''",
        index == 0
          ? "set colorbox user origin screen 0.86,0.12 size screen 0.02,0.74" : "unset colorbox",
        "plot $stripes\(index) using 1:2:3:4:5:6:7 with boxxyerror fillstyle solid noborder "
          + "linecolor palette, $values\(index) using (($0 + 0.5) * \(number(step))) : 1 with lines "
          + "linecolor rgb '#000000' linewidth 1.8",
      ]
    }
    return Figure(width: 900, height: panels.height, commands + ["unset multiplot"])
  }
}
