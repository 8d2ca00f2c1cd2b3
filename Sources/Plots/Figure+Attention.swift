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
  /// Light to dark, so that it reads in grey too.
  private static let attentionPalette =
    "set palette defined (0 '#ffffff', 0.5 '#9ecae1', 1 '#2171b5')"

  /// The weights of heads in two columns, each a matrix of queries, from below, and keys, the darker the larger. The
  /// scale begins at 0 and ends at the figure's largest.
  ///
  /// - Parameter heads: of each a row a query, a number a key.
  /// - Throws: `PlotError.nothing` where there is none.
  public static func attentionHeads(
    _ heads: [[[Double]]], title: String
  ) throws(PlotError) -> Figure {
    guard let tokens = heads.first?.count, tokens > 0 else {
      throw .nothing(what: "there is no head")
    }
    let columns = min(2, heads.count)
    let grid = Grid(
      rows: (heads.count + columns - 1) / columns, columns: columns, rowHeight: 300, width: 860,
      rowGap: 60)
    let largest = heads.joined().joined().filter(\.isFinite).max() ?? 1
    var commands = [
      "set multiplot title \(quoted(title))", pixels, "unset key", "unset grid", attentionPalette,
      "set cblabel 'attention weight' offset 1,0", "set tics out",
      "set xtics \(number(max(1, ticStep((0, Double(tokens))))))",
      "set ytics \(number(max(1, ticStep((0, Double(tokens))))))",
    ]
    for (index, head) in heads.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      commands += [
        "set title 'head \(index + 1)' offset 0,-0.6",
        index + columns >= heads.count
          ? "set xlabel 'token of the key'\nset format x '%g'"
          : "unset xlabel\nset format x ''",
        column == 0
          ? "set ylabel 'token of the query'\nset format y '%g'"
          : "unset ylabel\nset format y ''",
      ]
      commands += heatMap(
        "head\(index)", head, in: grid.panel(row, column), range: (0, max(largest, 1e-9)),
        hasScale: column == columns - 1)
    }
    return Figure(
      width: Int(grid.width), height: Int(grid.height), commands + ["unset multiplot"])
  }

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
      attentionPalette,
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
