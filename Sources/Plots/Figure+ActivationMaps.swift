import Foundation
import Metrics

/// A recording with the class activation maps of it.
public struct MappedRecording: Sendable {
  /// What is said above it.
  public let title: String
  /// Its voltages.
  public let values: [Float]
  /// The maps, a step a voltage.
  public let map: ActivationMap
  /// The class whose map is drawn behind the voltages.
  public let shown: Int
  /// The mean of each class's map over all steps that the network read, those outside of the recording too.
  public let logits: [Double]

  /// Describes a recording.
  public init(title: String, values: [Float], map: ActivationMap, shown: Int, logits: [Double]) {
    self.title = title
    self.values = values
    self.map = map
    self.shown = shown
    self.logits = logits
  }
}

extension MappedRecording {
  /// Places of the map that are drawn: more are not seen.
  fileprivate var places: Int { min(values.count, 900) }
}

extension Figure {
  /// White at 0 and below, brown above, its lightness falling evenly, so that it prints in grey.
  private static let evidencePalette =
    "set palette defined (0 '#ffffff', 0.25 '#f5e1c8', 0.5 '#e3bb86', 0.75 '#c08d50', 1 '#94602a')"

  /// Recordings over shading that says where the evidence for a class lies, and, of each, the maps of all classes as
  /// lines. One scale serves all of them; it begins at 0.
  ///
  /// - Parameters:
  ///   - classes: the classes' names.
  ///   - rate: voltages in a second.
  ///   - hasLines: whether the maps of all classes stand below each recording.
  ///   - quantity: what a map's numbers are called.
  /// - Throws: `PlotError.nothing` where there is none.
  public static func activationMaps(
    _ recordings: [MappedRecording], classes: [String], title: String, rate: Double, unit: String,
    quantity: String, hasLines: Bool
  ) throws(PlotError) -> Figure {
    let drawn = recordings.filter { !$0.values.isEmpty }
    guard !drawn.isEmpty else { throw .nothing(what: "there is no recording") }
    let all = drawn.flatMap { $0.map.classes.joined() }
    let largest = max(
      drawn.flatMap { $0.map.classes[$0.shown] }.filter(\.isFinite).max() ?? 0, 1e-9)
    let grid = Grid(
      rows: drawn.count * (hasLines ? 2 : 1), columns: 1, rowHeight: hasLines ? 190 : 150,
      width: 1160, rowGap: hasLines ? 58 : 44, right: 230)
    let end = Double(drawn.map(\.values.count).max() ?? 1) / rate
    var commands = [
      "set multiplot title \(quoted(title))", pixels, "unset grid", evidencePalette,
      "set cbrange [0:\(number(largest))]", "set cbtics \(number(ticStep((0, largest))))",
      "set cblabel \(quoted(quantity)) offset 1.5,0", "set xrange [0:\(number(end))]",
      "set xtics \(number(ticStep((0, end), count: 10)))", "set tics out",
    ]
    for (index, recording) in drawn.enumerated() {
      let row = hasLines ? 2 * index : index
      let isLast = index == drawn.count - 1
      let panel = grid.panel(row, 0)
      let range = range(recording.values.map(Double.init), room: 0.06)
      commands +=
        panel.commands + [
          "unset key", "set title \(quoted(recording.title)) offset 0,-0.6",
          "unset xlabel", timeAxis(isLast: isLast && !hasLines),
          "set ylabel \(quoted("voltage / \(unit)")) offset 1,0",
          "set yrange [\(number(range.low)):\(number(range.high))]",
          "set ytics \(number(ticStep(range, count: 5)))",
          hasLines || index == 0
            ? "set colorbox user origin screen \(number(panel.right + 0.012)),\(number(panel.bottom)) "
              + "size screen 0.014,\(number(panel.top - panel.bottom))" : "unset colorbox",
        ]
      commands += [
        evidence("evidence\(index)", recording),
        block("voltage\(index)", recording.values.map { [Double($0)] }),
        "plot \(image("evidence\(index)", recording, rate: rate, range)), $voltage\(index) "
          + "using (($0 + 0.5) / \(number(rate))) : 1 with lines linecolor rgb '#000000' linewidth 1",
      ]
      if hasLines {
        commands += lines(
          recording, "maps\(index)", classes, in: grid.panel(row + 1, 0), rate: rate,
          range: Self.range(all, room: 0.06), quantity: quantity, isLast: isLast)
      }
    }
    return Figure(
      width: Int(grid.width), height: Int(grid.height), commands + ["unset multiplot"])
  }

  /// The map of the shown class at as many places as are seen, twice: an image of one row would have no height.
  private static func evidence(_ name: String, _ recording: MappedRecording) -> String {
    let row = recording.map.interpolated(to: recording.places).classes[recording.shown]
    return block(name, [row, row])
  }

  /// How the shading is plotted: over the whole height, the recording's length.
  private static func image(
    _ name: String, _ recording: MappedRecording, rate: Double, _ range: (low: Double, high: Double)
  ) -> String {
    let width = Double(recording.values.count) / rate / Double(recording.places)
    let height = (range.high - range.low) / 2
    return "$\(name) matrix using (($1 + 0.5) * \(number(width))) : "
      + "(\(number(range.low)) + ($2 + 0.5) * \(number(height))) : 3 with image @pixels"
  }

  /// The maps of all classes as lines over a line at 0, the legend outside, with the mean of each.
  private static func lines(
    _ recording: MappedRecording, _ name: String, _ classes: [String], in panel: Panel,
    rate: Double,
    range: (low: Double, high: Double), quantity: String, isLast: Bool
  ) -> [String] {
    let maps = recording.map.interpolated(to: recording.places).classes
    let width = Double(recording.values.count) / rate / Double(recording.places)
    let curves = maps.indices.map { place in
      "$\(name) using (($0 + 0.5) * \(number(width))) : \(place + 1) \(LineStyle.line(place)) title "
        + quoted("\(classes[place]), mean " + String(format: "%.2f", recording.logits[place]))
    }
    return panel.commands + [
      block(name, (0..<recording.places).map { step in maps.map { $0[step] } }), "unset title",
      "unset xlabel", timeAxis(isLast: isLast), "unset colorbox",
      "set ylabel \(quoted(quantity))",
      "set yrange [\(number(range.low)):\(number(range.high))]",
      "set ytics \(number(ticStep(range, count: 5)))",
      "set key at screen \(number(panel.right + 0.012)),\(number(panel.top)) left top Left reverse samplen 2",
      "plot 0 with lines linecolor rgb '#808080' linewidth 1 notitle, "
        + curves.joined(separator: ", "),
    ]
  }
}
