import Foundation
import TestSupport
import XCTest

@testable import Plots
@testable import Recordings

/// A twelve-lead record on its paper.
final class LeadFigureTests: XCTestCase {
  /// Lead after lead a height of its own for a tenth of each second.
  private func trace(seconds: Int = 12, rate: Double = 500, heights: [Double]? = nil) -> LeadTrace {
    let heights = heights ?? (1...12).map { Double($0) / 10 }
    let count = seconds * Int(rate)
    return LeadTrace(
      name: "HR00001", diagnoses: ["sinus rhythm", "it's a 'test'"], rate: rate,
      leads: heights.map { height in
        (0..<count).map { $0 % Int(rate) < Int(rate) / 10 ? 2 + height : 2 }
      })
  }

  /// The rows of a named block of a figure.
  private func block(_ name: String, _ figure: Figure) throws -> [[Double]] {
    let lines = figure.commands.components(separatedBy: "\n")
    let start = try XCTUnwrap(lines.firstIndex(of: "$\(name) << EOD"), name)
    return lines[(start + 1)...].prefix { $0 != "EOD" }
      .map { $0.split(separator: " ").compactMap { Double($0) } }
  }

  /// 25 mm a second and 10 mm a millivolt; four leads a row, one after another in time; lead II throughout.
  func testTheLayoutIsThatOfAWard() throws {
    let figure = try Figure.leads(trace())
    for (row, leads) in [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]].enumerated() {
      let pulse = try block("pulse\(row)", figure)
      let line = pulse[0][1]
      XCTAssertEqual(pulse.map { $0[1] - line }.max(), 10)
      for (column, lead) in leads.enumerated() {
        let values = try block("lead\(lead)", figure)
        XCTAssertEqual(values.count, 1250)
        XCTAssertEqual(values[0][0], 62.5 * Double(column), accuracy: 0.01)
        XCTAssertEqual(values[1249][0] - values[0][0], 25 * 1249.0 / 500, accuracy: 0.01)
        let heights = values.map { $0[1] - line }
        XCTAssertEqual(try XCTUnwrap(heights.min()), 0, accuracy: 1e-3, "lead \(lead)")
        XCTAssertEqual(
          try XCTUnwrap(heights.max()), Double(lead + 1), accuracy: 1e-3, "lead \(lead)")
      }
    }
    let strip = try block("strip", figure)
    XCTAssertEqual(strip.count, 5000)
    XCTAssertEqual(strip[4999][0], 25 * 4999.0 / 500, accuracy: 0.01)
    // a millimetre is as long in time as in height
    let ranges = ["xrange", "yrange"].map { name -> Double in
      let line =
        figure.commands.components(separatedBy: "\n").first { $0.hasPrefix("set \(name) [") } ?? ""
      let numbers = line.split { "[:]".contains($0) }.compactMap { Double($0) }
      return numbers.count == 2 ? numbers[1] - numbers[0] : 0
    }
    func margin(_ name: String) -> Double {
      let line =
        figure.commands.components(separatedBy: "\n").first {
          $0.hasPrefix("set \(name) at screen ")
        } ?? ""
      return Double(line.split(separator: " ").last ?? "") ?? 0
    }
    let perX = Double(figure.width) * (margin("rmargin") - margin("lmargin")) / ranges[0]
    let perY = Double(figure.height) * (margin("tmargin") - margin("bmargin")) / ranges[1]
    XCTAssertEqual(perX, perY, accuracy: 0.02)
    XCTAssertTrue(figure.commands.contains("25 mm/s, 10 mm/mV, 500 Hz"))
    XCTAssertTrue(
      figure.commands.contains("sinus rhythm, it’s a ’test’"), "\(figure.commands.prefix(900))")
  }

  /// Rows give way to tall leads.
  func testRowsDoNotRunIntoEachOther() throws {
    var heights = [Double](repeating: 0.5, count: 12)
    heights[4] = 4.2
    let figure = try Figure.leads(trace(heights: heights))
    let lines = try (0..<3).map { try block("pulse\($0)", figure)[0][1] }
    XCTAssertEqual(lines[0] - lines[1], 50)
    XCTAssertEqual(lines[1] - lines[2], 25)
  }

  func testAPieceOfARecord() throws {
    let figure = try Figure.leads(trace(seconds: 7, rate: 100), from: 2)
    XCTAssertEqual(try block("lead0", figure).count, 250)
    XCTAssertEqual(try block("lead3", figure).count, 250)
    XCTAssertFalse(figure.commands.contains("$lead6 "), "it has 5 s")
    XCTAssertEqual(try block("strip", figure).count, 500)
    XCTAssertTrue(figure.commands.contains("100 Hz, from 2 s"))
    XCTAssertThrowsError(try Figure.leads(trace(seconds: 7), from: 7))
  }

  func testGnuplotDrawsIt() throws {
    let gnuplot = try installedGnuplot()
    let path = NSTemporaryDirectory() + "leads-\(UUID().uuidString)"
    let files = try gnuplot.draw(try .leads(trace()), to: path)
    defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
    XCTAssertEqual(files, [path + ".png", path + ".svg"])
    let picture = try String(contentsOfFile: path + ".svg", encoding: .utf8)
    for word in ["aVR", "V6", "HR00001", "25 mm/s"] { XCTAssertTrue(picture.contains(word), word) }
  }

  func testDiagnoses() throws {
    let figure = try Figure.diagnoses([("sinus rhythm", 7), ("100 % paced", 2)], records: 8)
    XCTAssertEqual(try block("counts", figure), [[2, 0], [7, 1]])
    XCTAssertTrue(figure.commands.contains("'100 %% paced' 0"))
    XCTAssertThrowsError(try Figure.diagnoses([], records: 0))
  }

  /// The command: a record of the synthetic set, of a folder, and one that is not there.
  func testTheCommand() throws {
    _ = try installedGnuplot()
    let folder = NSTemporaryDirectory() + "plot-leads-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func rhythm(_ arguments: String...) throws -> Program.Outcome {
      try Program.rhythm.run(arguments, in: folder)
    }
    let synthetic = try rhythm("plot", "leads", "X00002")
    XCTAssertEqual(synthetic.status, 0, synthetic.error)
    XCTAssertEqual(
      synthetic.output,
      "drew .rhythmlab/plots/leads-X00002.png\ndrew .rhythmlab/plots/leads-X00002.svg\n")
    let made = try rhythm(
      "data", "synthetic", "--kind", "twelve-leads", "--out", "d", "--recordings", "4")
    XCTAssertEqual(made.status, 0, made.error)
    XCTAssertEqual(try rhythm("data", "import", "d", "--kind", "twelve-leads").status, 0)
    for data in ["d", ".rhythmlab"] {
      let drawn = try rhythm("plot", "leads", "Y00001", "--data", data, "--out", "a.png")
      XCTAssertEqual(drawn.output, "drew a.png\n", drawn.error)
    }
    let missing = try rhythm("plot", "leads", "A1", "--data", "d")
    XCTAssertEqual(missing.status, 1)
    XCTAssertTrue(
      missing.error.contains("it has no record A1; it has X00001, X00002, X00003 and others"),
      missing.error)
  }
}
