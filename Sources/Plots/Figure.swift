import Foundation

/// A figure as gnuplot's commands, with its data inside.
public struct Figure: Sendable, Equatable {
  /// The width in points.
  let width: Int
  /// The height in points.
  let height: Int
  /// The commands, without the choice of a terminal.
  let commands: String

  init(width: Int, height: Int, _ commands: [String]) {
    self.width = width
    self.height = height
    self.commands = commands.joined(separator: "\n")
  }

  /// All that gnuplot is told. Its own format of a tic's number begins with a blank, which puts the number
  /// beside the tic.
  func script(for format: PictureFormat) -> String {
    """
    \(format.terminal(width: width, height: height))
    set encoding utf8
    set border linecolor rgb '#404040'
    set grid linetype 1 linecolor rgb '#d0d0d0' linewidth 0.6
    set tics nomirror
    set format '%h'
    \(commands)

    """
  }

  /// A text as gnuplot's string: in single quotes only the quote itself means something, while
  /// double quotes would let a name run a command between backquotes.
  ///
  /// A quote becomes an apostrophe: gnuplot 5.4 takes a doubled one at the very beginning for the
  /// end of the string, and what follows for commands. Control characters, which could end the
  /// line, become blanks.
  static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
      if scalar == "'" { return "\u{2019}" }
      return switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: " "
      default: scalar
      }
    }
    return "'" + String(String.UnicodeScalarView(scalars)) + "'"
  }

  /// The names of classes at the whole numbers of an axis. A tic's text is a format.
  static func tics(_ names: [String]) -> String {
    let tics = names.enumerated().map { place, name in
      quoted(name.unicodeScalars.map { $0 == "%" ? "%%" : String($0) }.joined()) + " \(place)"
    }
    return "(" + tics.joined(separator: ", ") + ")"
  }

  /// A named block of data, a line each row. gnuplot skips what is not a number.
  static func block(_ name: String, _ rows: [[Double]]) -> String {
    let lines = rows.map { $0.map(number).joined(separator: " ") }
    return (["$\(name) << EOD"] + lines + ["EOD"]).joined(separator: "\n")
  }

  /// A number as gnuplot reads it.
  static func number(_ value: Double) -> String {
    value.isFinite ? String(format: "%.6g", value) : "NaN"
  }

  /// A distance of tics, 1, 2 or 5 times a power of ten, that gives an axis at most `count`
  /// of them.
  static func ticStep(_ range: (low: Double, high: Double), count: Double = 4) -> Double {
    let rough = (range.high - range.low) / count
    let power = pow(10, log10(rough).rounded(.down))
    return ([1, 2, 5].first { $0 * power >= rough } ?? 10) * power
  }

  /// One format for the numbers of several axes, as wide for all of them, so that their titles stand below each
  /// other.
  static func format(ofSteps steps: [Double]) -> String {
    let digits = steps.map { max(0, -Int(log10($0).rounded(.down))) }.max() ?? 0
    return "%\(digits == 0 ? 2 : digits + 3).\(digits)f"
  }

  /// The place of equal panels below each other, with a common axis of time under the last.
  static func stack(_ count: Int, title: String, right: Double) -> (height: Int, command: String) {
    let height = 190 + 165 * count
    func share(_ points: Double) -> String { number(points / Double(height)) }
    return (
      height,
      "set multiplot layout \(count),1 title \(quoted(title)) margins screen 0.12,"
        + "\(number(right)),\(share(90)),\(number(1 - 95 / Double(height))) "
        + "spacing screen 0,\(share(42))"
    )
  }

  /// The range `low` to `high` with a little room, for an axis; of no numbers, 0 to 1.
  static func range(_ values: [Double], room: Double = 0.05) -> (low: Double, high: Double) {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return (0, 1) }
    let gap = high > low ? (high - low) * room : max(abs(high) * room, 1e-3)
    return (low - gap, high + gap)
  }
}

/// How a line looks: told apart by dashes and points, so also in grey, and by colours that differ
/// for colour-blind eyes as well (the palette of Okabe and Ito).
enum LineStyle {
  private static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#e69f00", "#56b4e9",
  ]
  /// Disc, open square, triangle, circle, filled square, cross, diamond, by gnuplot's numbers.
  private static let points = [7, 4, 9, 6, 5, 2, 12]
  private static let dashes = ["1", "2", "'-.'", "3", "'_'", "'-..'", "'. '"]

  /// The styles of lines: those that have a place have its style, the others what is left.
  static func indices(_ places: [Int?]) -> [Int] {
    var free = (0...).lazy.filter { !places.contains($0) }.makeIterator()
    return places.map { $0 ?? free.next() ?? 0 }
  }

  /// The colour of the `index`th line.
  static func colour(_ index: Int) -> String { colours[index % colours.count] }

  /// The end of a `plot` command for the `index`th line of points, one point every `every`.
  static func linePoints(_ index: Int, every: Int = 1) -> String {
    "with linespoints linecolor rgb '\(colour(index))' linewidth 2.5 "
      + "dashtype \(dashes[index % dashes.count]) pointtype \(points[index % points.count]) "
      + "pointinterval \(every)"
  }

  /// The end of a `plot` command for the `index`th line without points.
  static func line(_ index: Int) -> String { "with lines \(stroke(index))" }

  /// How the `index`th line is drawn.
  static func stroke(_ index: Int) -> String {
    "linecolor rgb '\(colour(index))' linewidth 2.5 dashtype \(dashes[index % dashes.count])"
  }
}
