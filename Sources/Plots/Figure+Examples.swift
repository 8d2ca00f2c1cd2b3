/// An example as it is drawn: numbers by steps and channels.
public struct DrawnExample: Sendable {
  /// What is said above it.
  public let title: String
  /// The channels at each step.
  public let steps: [[Float]]

  /// Describes an example.
  public init(title: String, steps: [[Float]]) {
    self.title = title
    self.steps = steps
  }
}

extension Figure {
  /// Examples in two columns: of a few channels as lines, of more as heat maps of steps × channels.
  ///
  /// - Throws: `PlotError.nothing` where there is none.
  public static func examples(
    _ examples: [DrawnExample], title: String
  ) throws(PlotError) -> Figure {
    let shown = examples.filter { !$0.steps.isEmpty && !$0.steps[0].isEmpty }
    guard let first = shown.first else { throw .nothing(what: "there is no example") }
    let areLines = first.steps[0].count <= 3
    let columns = min(2, shown.count)
    let grid = Grid(
      rows: (shown.count + columns - 1) / columns, columns: columns, rowHeight: 120,
      rowGap: 52, right: areLines ? 30 : 110)
    let numbers = shown.flatMap { $0.steps.joined() }.map(Double.init).filter(\.isFinite).sorted()
    // of a map the middle 98 %: a single peak would wash out the rest
    let cut = areLines ? 0 : numbers.count / 100
    let (low, high) = Self.range(
      Array(numbers.dropFirst(cut).dropLast(cut)), room: areLines ? 0.05 : 0.001)
    var commands = [
      "set multiplot title \(quoted(title))", pixels, "unset key",
      "set palette defined (0 '#fde945', 0.25 '#bcae6c', 0.5 '#7c7b78', 0.75 '#3f4e6b', 1 '#00204c')",
      "set ytics out", "set xtics out",
    ]
    if !areLines { commands.append("unset grid") }
    for (index, example) in shown.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      let panel = grid.panel(row, column)
      let isLowest = index + columns >= shown.count
      let channels = example.steps[0].count
      commands += [
        "set title \(quoted(example.title)) offset 0,-0.6",
        isLowest ? "set xlabel 'step'\nset format x '%g'" : "unset xlabel\nset format x ''",
        column == 0
          ? "set ylabel '\(areLines ? "value" : "channel")'\nset format y '%g'"
          : "unset ylabel\nset format y ''",
      ]
      if areLines {
        commands +=
          panel.commands + [
            block("example\(index)", example.steps.map { $0.map(Double.init) }),
            "set yrange [\(number(low)):\(number(high))]",
            "set xrange [0:\(example.steps.count - 1)]",
            "set ytics \(number(ticStep((low, high))))",
            "plot "
              + (0..<channels).map { channel in
                "$example\(index) using 0:\(channel + 1) with lines "
                  + "linecolor rgb '\(LineStyle.colour(channel))' linewidth 1"
              }.joined(separator: ", "),
          ]
      } else {
        let rows = (0..<channels).map { channel in example.steps.map { Double($0[channel]) } }
        commands.append("set ytics \(number(max(1, ticStep((0, Double(channels))))))")
        commands += heatMap(
          "example\(index)", rows, in: panel, range: (low, high), hasScale: index == columns - 1)
      }
    }
    return Figure(
      width: Int(grid.width), height: Int(grid.height), commands + ["unset multiplot"])
  }
}
