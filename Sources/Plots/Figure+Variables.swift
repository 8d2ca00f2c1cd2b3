import Foundation

/// What a variable of a network's code holds at each step of an example.
public struct SteppedVariable: Sendable {
  /// Its name in the code.
  public let name: String
  /// The units at each step.
  public let steps: [[Float]]
  /// The norm of the loss's gradient for it at each step; nil where the loss does not depend on it.
  public let gradientNorms: [Double]?

  /// Describes a variable.
  public init(name: String, steps: [[Float]], gradientNorms: [Double]?) {
    self.name = name
    self.steps = steps
    self.gradientNorms = gradientNorms
  }
}

extension Figure {
  /// The variables of a network's code, one below the other, as heat maps of steps × units, for some examples
  /// beside each other; below them the norms of the loss's gradients for each variable, by step.
  ///
  /// - Parameters:
  ///   - examples: each with the same variables.
  ///   - title: of which network.
  /// - Throws: `PlotError.nothing` where there is no variable.
  public static func variables(
    _ examples: [(title: String, variables: [SteppedVariable])], title: String
  ) throws(PlotError) -> Figure {
    let names = examples.first?.variables.map(\.name) ?? []
    guard !names.isEmpty, examples.allSatisfy({ $0.variables.map(\.name) == names }) else {
      throw .nothing(what: "no variable is there at each step")
    }
    let hasGradients = examples.contains { $0.variables.contains { $0.gradientNorms != nil } }
    let grid = Grid(
      rows: names.count + (hasGradients ? 1 : 0), columns: examples.count, rowHeight: 105)
    var commands = [
      "set multiplot title \(quoted(title))", pixels, signedPalette, "unset key", "unset grid",
      "set format x ''", "set ytics scale 0.5", "set xtics out",
    ]
    for (row, name) in names.enumerated() {
      let range = signedRange(
        examples.lazy.flatMap { $0.variables[row].steps.joined() }.map(Double.init))
      for (column, example) in examples.enumerated() {
        let steps = example.variables[row].steps
        let units = (steps.first?.indices ?? 0..<0).map { unit in steps.map { Double($0[unit]) } }
        commands += [
          row == 0 ? "set title \(quoted(example.title))" : "unset title",
          // beside each other all have one scale
          column == 0
            ? "set ylabel \(quoted(name + ", unit"))\nset format y '%g'"
            : "unset ylabel\nset format y ''",
          "set ytics \(number(max(1, ticStep((0, Double(units.count))))))",
          hasGradients || row < names.count - 1
            ? "set format x ''" : "set format x '%g'\nset xlabel 'step'",
        ]
        commands += heatMap(
          "variable\(row)_\(column)", units, in: grid.panel(row, column), range: range,
          hasScale: column == examples.count - 1)
      }
    }
    if hasGradients { commands += gradients(examples, names, grid) }
    return Figure(
      width: Int(grid.width), height: Int(grid.height), commands + ["unset multiplot"])
  }

  /// The lowest row: a line for each variable.
  private static func gradients(
    _ examples: [(title: String, variables: [SteppedVariable])], _ names: [String], _ grid: Grid
  ) -> [String] {
    let all = examples.flatMap { $0.variables.flatMap { $0.gradientNorms ?? [] } }
    let positive = all.filter { $0 > 0 && $0.isFinite }
    // whole powers of ten, two at least
    let high = ceil(log10(positive.max() ?? 1))
    let low = min(floor(log10(positive.min() ?? 0.1)), high - 2)
    var commands = [
      "unset title", "set logscale y", "set format x '%g'",
      "set xlabel 'step'",
      "set yrange [\(number(pow(10, low))):\(number(pow(10, high)))]",
      "set ytics \(number(pow(10, max(1, ceil((high - low) / 4)))))",
      "set grid linetype 1 linecolor rgb '#d0d0d0' linewidth 0.6",
    ]
    // gnuplot's own legend has no more lines than its panel is high
    let last = grid.panel(grid.rows - 1, grid.columns - 1)
    let shown = names.indices.filter { name in
      examples.contains { $0.variables[name].gradientNorms != nil }
    }
    for (row, name) in shown.enumerated() {
      let y = number(last.top - (9 + 18 * Double(row)) / grid.height)
      commands += [
        "set arrow from screen \(number(last.right + 0.012)),\(y) "
          + "to screen \(number(last.right + 0.05)),\(y) nohead \(LineStyle.stroke(name))",
        "set label \(quoted(names[name])) at screen \(number(last.right + 0.056)),\(y) "
          + "left font ',13'",
      ]
    }
    for (column, example) in examples.enumerated() {
      let panel = grid.panel(grid.rows - 1, column)
      let steps = example.variables.first?.steps.count ?? 0
      let norms = (0..<steps).map { step in
        [Double(step)]
          + example.variables.map { variable in
            // zero has no place on this axis
            variable.gradientNorms.flatMap { $0[step] > 0 ? $0[step] : nil } ?? .nan
          }
      }
      let lines = names.indices.filter { example.variables[$0].gradientNorms != nil }.map {
        "$gradients\(column) using 1:\($0 + 2) \(LineStyle.line($0))"
      }
      commands +=
        panel.commands + [
          block("gradients\(column)", norms),
          "set xrange [-0.5:\(number(Double(steps) - 0.5))]",
          column == 0
            ? "set ylabel 'gradient'\nset format y '1e%T'" : "unset ylabel\nset format y ''",
          "plot " + lines.joined(separator: ", \\\n"),
        ]
    }
    return commands
  }
}
