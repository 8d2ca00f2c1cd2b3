import Recordings
import Signals

extension TwelveLeads: DrawnKind {
  /// What records show; a record itself is drawn by a command of its own.
  public var figures: [NamedFigure<TwelveLeadSet>] {
    [
      NamedFigure("diagnoses", "how many records the most frequent diagnoses have") { set in
        try .diagnoses(set.diagnosisCounts(), records: set.count)
      }
    ]
  }
}

extension Figure {
  /// How many records each diagnosis has, the most frequent on top, as bars with the number beside.
  ///
  /// - Throws: `PlotError.nothing` where there is none.
  public static func diagnoses(
    _ counts: [(name: String, count: Int)], records: Int
  ) throws(PlotError) -> Figure {
    let shown = Array(counts.prefix(30).reversed())
    guard let most = shown.last?.count else { throw .nothing(what: "there is no diagnosis") }
    return Figure(
      width: 900, height: 130 + 24 * shown.count,
      [
        "set title \(quoted("Diagnoses of \(records) records, any number each"))",
        block("counts", shown.enumerated().map { [Double($1.count), Double($0)] }),
        "set lmargin at screen 0.48", "set rmargin at screen 0.96",
        "set yrange [-0.7:\(number(Double(shown.count) - 0.3))]",
        "set xrange [0:\(number(Double(most) * 1.15))]",
        "set ytics \(tics(shown.map { shortened($0.name, 44) })) scale 0 font ',13'",
        "set xlabel 'records'", "unset key",
        "unset grid", "set grid xtics linetype 1 linecolor rgb '#d0d0d0' linewidth 0.6",
        "plot $counts using (0):2:(0):1:($2-0.35):($2+0.35) with boxxyerror fillcolor rgb '#0072b2' "
          + "fillstyle solid 0.6 border rgb '#000000', "
          + "$counts using 1:2:1 with labels left offset 0.6,0",
      ])
  }

  // MARK: A record on its paper

  /// Millimetres of paper for a second and for a millivolt.
  private static let (speed, height) = (25.0, 10.0)
  /// Points of the picture for a millimetre.
  private static let scale = 4.2
  /// The rows of leads; each lead has a quarter of the ten seconds.
  private static let layout: [[StandardLead]] = [
    [.I, .aVR, .V1, .V4], [.II, .aVL, .V2, .V5], [.III, .aVF, .V3, .V6],
  ]

  /// A record of twelve leads as it is printed for a ward: three rows of four leads, 2.5 s each, one after another in
  /// time, and lead II throughout below them; 25 mm a second, 10 mm a millivolt. Each lead lies with its median on
  /// its row's line. Rows are as far apart as their leads need, between 25 and 75 mm.
  ///
  /// - Parameter start: where the ten seconds begin, in seconds.
  /// - Throws: `PlotError.nothing` where the record ends before that.
  public static func leads(_ trace: LeadTrace, from start: Double = 0) throws(PlotError) -> Figure {
    let seconds = 10.0
    let first = Int((start * trace.rate).rounded())
    let count = min(Int(seconds * trace.rate), (trace.leads.first?.count ?? 0) - first)
    guard count > 1, trace.leads.count == StandardLead.count else {
      throw .nothing(what: "the record \(trace.name) has nothing after \(number(start)) s")
    }
    let leads = trace.leads.map { lead in
      let own = Array(lead[first..<(first + count)])
      let middle = own.sorted()[own.count / 2]
      return own.map { ($0 - middle) * height }
    }
    let quarter = Int(seconds / 4 * trace.rate)
    func part(_ lead: StandardLead, _ column: Int) -> ArraySlice<Double> {
      let low = min(column * quarter, count)
      return leads[lead.rawValue][low..<min(low + quarter, count)]
    }
    // rows from above: what each has in each column
    let rows =
      layout.map { row in row.indices.map { part(row[$0], $0) } }
      + [(0..<4).map { part(.II, $0) }]
    var places = [0.0]
    for row in 1..<rows.count {
      let needed =
        zip(rows[row - 1], rows[row]).map { upper, lower in
          (lower.max() ?? 0) - (upper.min() ?? 0)
        }.max() ?? 0
      places.append(places[row - 1] - min(max(((needed + 4) / 5).rounded(.up) * 5, 25), 75))
    }
    let top = ((min(rows[0].compactMap { $0.max() }.max() ?? 0, 40) + 9) / 5).rounded(.up) * 5
    let bottom =
      ((places[rows.count - 1] + max(rows[rows.count - 1].compactMap { $0.min() }.min() ?? 0, -40)
      - 4) / 5)
      .rounded(.down) * 5
    let (left, right) = (-10.0, seconds * speed + 5)
    var commands = paper(trace, from: start, x: (left, right), y: (bottom, top))
    var plots: [String] = []
    for (row, columns) in layout.enumerated() {
      commands.append(calibration("pulse\(row)", at: places[row]))
      plots.append("$pulse\(row) using 1:2 with lines \(trail)")
      for (column, lead) in columns.enumerated() {
        let values = rows[row][column]
        guard !values.isEmpty else { continue }
        commands.append(
          block(
            "lead\(lead.rawValue)",
            values.indices.map {
              [Double($0) / trace.rate * speed, values[$0] + places[row]]
            }))
        commands += name(lead, column: column, at: places[row], above: values.prefix(named(trace)))
        plots.append("$lead\(lead.rawValue) using 1:2 with lines \(trail)")
      }
    }
    let strip = leads[StandardLead.II.rawValue]
    let last = places[rows.count - 1]
    commands.append(calibration("pulse", at: last))
    commands.append(
      block(
        "strip", strip.indices.map { [Double($0) / trace.rate * speed, strip[$0] + last] }))
    commands += name(.II, column: 0, at: last, above: strip.prefix(named(trace)))
    plots += ["$pulse using 1:2 with lines \(trail)", "$strip using 1:2 with lines \(trail)"]
    commands.append("plot " + plots.joined(separator: ", "))
    return Figure(
      width: Int((right - left) * scale) + 2 * Int(frame.side),
      height: Int((top - bottom) * scale) + Int(frame.above + frame.below), commands)
  }

  /// Points around the paper.
  private static let frame = (side: 14.0, above: 62.0, below: 30.0)
  private static let trail = "linecolor rgb '#000000' linewidth 1.1"

  /// The paper: lines a millimetre and five millimetres apart, told apart by their width, also in grey.
  private static func paper(
    _ trace: LeadTrace, from start: Double, x: (low: Double, high: Double),
    y: (low: Double, high: Double)
  ) -> [String] {
    let width = (x.high - x.low) * scale + 2 * frame.side
    let height = (y.high - y.low) * scale + frame.above + frame.below
    let shows = trace.diagnoses.isEmpty ? "no diagnosis" : trace.diagnoses.joined(separator: ", ")
    func label(_ text: String, _ x: Double, _ y: Double, _ side: String, _ size: Int) -> String {
      "set label \(quoted(text)) at screen \(number(x / width)),\(number(y / height)) \(side) "
        + "font ',\(size)'"
    }
    return [
      "set lmargin at screen \(number(frame.side / width))",
      "set rmargin at screen \(number(1 - frame.side / width))",
      "set bmargin at screen \(number(frame.below / height))",
      "set tmargin at screen \(number(1 - frame.above / height))",
      "set xrange [\(number(x.low)):\(number(x.high))]",
      "set yrange [\(number(y.low)):\(number(y.high))]",
      // tics too short to be seen: with none at all gnuplot draws no lines between them
      "set xtics 5 scale 0.001", "set mxtics 5", "set ytics 5 scale 0.001", "set mytics 5",
      "set style textbox opaque fillcolor rgb '#ffffff' noborder margins 0.3,0.3",
      "set format x ''", "set format y ''", "unset key",
      "set grid xtics mxtics ytics mytics linetype 1 linecolor rgb '#d99a9a' linewidth 0.9, "
        + "linetype 1 linecolor rgb '#efcfcf' linewidth 0.35",
      label(trace.name, frame.side, height - 22, "left", 16),
      label(shortened(shows, 120), frame.side, height - 46, "left", 12),
      label(
        "25 mm/s, 10 mm/mV, \(number(trace.rate)) Hz"
          + (start > 0 ? ", from \(number(start)) s" : ""), width - frame.side, 14, "right", 12),
    ]
  }

  static func shortened(_ text: String, _ most: Int) -> String {
    text.count <= most ? text : text.prefix(most - 2) + " …"
  }

  /// A pulse of a millivolt and a fifth of a second before a row.
  private static func calibration(_ name: String, at place: Double) -> String {
    block(
      name,
      [[-8, 0], [-7, 0], [-7, 10], [-2, 10], [-2, 0], [-1, 0]].map { [$0[0], $0[1] + place] })
  }

  /// How many samples lie below the name of a lead, which takes 11 mm.
  private static func named(_ trace: LeadTrace) -> Int { Int(11 / speed * trace.rate) + 1 }

  /// A lead's name above its first samples, and a stroke where it begins.
  private static func name(
    _ lead: StandardLead, column: Int, at place: Double, above samples: ArraySlice<Double>
  ) -> [String] {
    let x = Double(column) * 2.5 * speed
    let y = place + min(max((samples.max() ?? 0) + 3, 5), 28)
    let label =
      "set label \(quoted(lead.name)) at \(number(x + 1)),\(number(y)) left front font ',13' boxed"
    let stroke =
      "set arrow from \(number(x)),\(number(place - 5)) to \(number(x)),\(number(place + 5)) nohead "
      + "front linecolor rgb '#000000' linewidth 0.8"
    return column == 0 ? [label] : [label, stroke]
  }
}
