import Assignment
import Foundation

/// The results of an experiment, beside the course's and PyTorch's.
package struct ExperimentTable {
  private struct Row {
    let entry: AssignmentManifest.Experiment.Entry
    var results: [TrainingResult]
  }

  /// What `OUT/*.json` holds.
  package struct Listing: Codable {
    /// One network.
    package struct Network: Codable {
      package let network: String
      package let epochs: Int
      package let validationAccuracy: Double
      package let bestValidationAccuracy: Double
      package let printed: Double?
      package let pyTorch: Double?
      package let trainings: [TrainingResult]
    }
    package let experiment: String
    package let data: String
    package let networks: [Network]
  }

  /// What is compared.
  package let experiment: AssignmentManifest.Experiment
  let data: String
  /// Whether the recordings are real ones, which the published figures are of.
  let isReal: Bool
  private var rows: [Row] = []

  /// An empty table.
  package init(experiment: AssignmentManifest.Experiment, data: String, isReal: Bool) {
    self.experiment = experiment
    self.data = data
    self.isReal = isReal
  }

  /// Whether there is no result yet.
  package var isEmpty: Bool { rows.isEmpty }

  /// Adds a training's result.
  package mutating func add(_ entry: AssignmentManifest.Experiment.Entry, _ result: TrainingResult)
  {
    if let index = rows.firstIndex(where: { $0.entry.network == entry.network }) {
      rows[index].results.append(result)
    } else {
      rows.append(Row(entry: entry, results: [result]))
    }
  }

  private var headings: [String] {
    ["network", "epochs", "seeds", "last epoch", "best epoch", "val loss", "examples/s"]
      + (isReal ? ["course, printed", "PyTorch"] : [])
  }

  private var cells: [[String]] {
    rows.map { row in
      func text(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "" }
      let last = row.results.map(\.validationAccuracy)
      return [
        row.entry.network, "\(row.results[0].history.count)",
        row.results.map { "\($0.seed)" }.joined(separator: " "),
        last.count == 1
          ? text(last[0])
          : "\(text(last.median)) (\(last.map { text($0) }.joined(separator: " ")))",
        text(row.results.map(\.bestValidationAccuracy).median),
        text(row.results.map(\.validationLoss).median),
        String(format: "%.0f", row.results.map(\.examplesPerSecond).median),
      ] + (isReal ? [text(row.entry.printed), text(row.entry.pyTorch)] : [])
    }
  }

  /// For a terminal.
  package var terminalText: String {
    let lines = [headings] + cells
    let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      zip(line, widths).enumerated().map { index, cell in
        let gap = String(repeating: " ", count: cell.1 - cell.0.count)
        // names to the left, numbers to the right
        return index == 0 ? cell.0 + gap : gap + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  /// For a page.
  package var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = headings.indices.map { $0 == 0 ? "---" : "---:" }
    let table = [line(headings), line(rule)] + cells.map(line)
    return """
      # \(experiment.title)

      Validation accuracy on \(data). Of several seeds the median.

      \(table.joined(separator: "\n"))

      """
  }

  /// For a program.
  package var listing: Listing {
    Listing(
      experiment: experiment.name, data: data,
      networks: rows.map { row in
        Listing.Network(
          network: row.entry.network, epochs: row.results[0].history.count,
          validationAccuracy: row.results.map(\.validationAccuracy).median,
          bestValidationAccuracy: row.results.map(\.bestValidationAccuracy).median,
          printed: isReal ? row.entry.printed : nil, pyTorch: isReal ? row.entry.pyTorch : nil,
          trainings: row.results)
      })
  }
}

extension [Double] {
  /// The middle one, or the mean of the two in the middle.
  fileprivate var median: Double {
    let ordered = sorted()
    guard let last = ordered.indices.last else { return .nan }
    return (ordered[last / 2] + ordered[(last + 1) / 2]) / 2
  }
}
