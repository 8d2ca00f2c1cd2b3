import Assignment
import Foundation
import Metrics

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
      /// The row's name where the network has several.
      package let title: String?
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
  /// The epochs after which a network has its published figures; nil where they are of other data.
  let published: ((AssignmentManifest.Experiment.Entry) -> Int)?
  private var rows: [Row] = []

  /// An empty table.
  ///
  /// - Parameter published: the epochs after which a network has its published figures; nil where the
  ///   data are not those that they were measured on.
  package init(
    experiment: AssignmentManifest.Experiment, data: String,
    published: ((AssignmentManifest.Experiment.Entry) -> Int)?
  ) {
    self.experiment = experiment
    self.data = data
    self.published = published
  }

  /// Whether the published figures are of what a row shows.
  private func isComparable(_ row: Row) -> Bool {
    guard let published else { return false }
    return row.results.allSatisfy {
      $0.history.count == published(row.entry) || $0.stoppedEarly == true
    }
  }

  private var showsPublished: Bool { rows.contains(where: isComparable) }

  /// Whether accuracy alone would say little: there are more than two classes.
  private var showsClasses: Bool {
    rows.contains { row in row.results.contains { $0.validation?.classes.count ?? 0 > 2 } }
  }

  /// Whether there is no result yet.
  package var isEmpty: Bool { rows.isEmpty }

  /// Adds a training's result.
  package mutating func add(_ entry: AssignmentManifest.Experiment.Entry, _ result: TrainingResult)
  {
    if let index = rows.firstIndex(where: { $0.entry.name == entry.name }) {
      rows[index].results.append(result)
    } else {
      rows.append(Row(entry: entry, results: [result]))
    }
  }

  /// The groups that the networks rank examples by; empty where they give logits.
  private var groups: [String] {
    rows.first?.results.first?.rankings?.groups.map(\.name) ?? []
  }

  /// The sets beside the validation set that were ranked.
  private var rankedSets: [String] {
    (experiment.evaluates ?? []).map(\.rawValue).filter { set in
      rows.contains { row in row.results.contains { $0.otherRankings?[set] != nil } }
    }
  }

  /// The rankings of a table of one training; nil where there are several, or none.
  package var onlyRankings: RankingFigures? {
    rows.count == 1 && rows[0].results.count == 1 ? rows[0].results[0].rankings : nil
  }

  private var headings: [String] {
    guard groups.isEmpty else {
      return ["network", "epochs", "seeds"] + groups
        + rankedSets.flatMap { set in groups.map { "\(set): \($0)" } } + ["examples/s"]
    }
    var headings = ["network", "epochs", "seeds", "last epoch", "best epoch", "val loss"]
    if showsClasses {
      headings += ["mean recall", "recalls \(classes)", "mean F1", "F1 \(classes)", "AUROC"]
    }
    if showsMetric { headings.append("best val \(metricName)") }
    for set in evaluated {
      headings += ["\(set) AUROC", "\(set) mean recall", "\(set) accuracy"]
      headings.append("\(set) recalls \(classes)")
    }
    headings.append("examples/s")
    return showsPublished ? headings + ["course, printed", "PyTorch"] : headings
  }

  /// What decided which epoch was the best, where that was not the accuracy.
  private var metricName: String {
    rows.first?.results.first?.metric?.rawValue ?? ""
  }
  private var showsMetric: Bool { !metricName.isEmpty }

  /// The sets that networks were evaluated on.
  private var evaluated: [String] {
    (experiment.evaluates ?? []).map(\.rawValue).filter { set in
      rows.contains { row in row.results.contains { $0.evaluations?[set] != nil } }
    }
  }

  /// The names of the classes, in the order of their figures.
  private var classes: String {
    rows.first?.results.first?.validation?.classes.joined(separator: " ") ?? ""
  }

  /// A figure of each class, of several seeds the median.
  private func byClass(_ row: Row, _ figure: (ValidationFigures) -> [Double]) -> String {
    Self.byClass(row.results.compactMap(\.validation).map(figure))
  }

  private static func byClass(_ figures: [[Double]]) -> String {
    (figures.first?.indices ?? 0..<0).map { place in
      String(format: "%.2f", figures.map { $0[place] }.median)
    }.joined(separator: " ")
  }

  private var cells: [[String]] { rows.map(cells) }

  /// A row, column by column: of one expression with all of them the compiler finds the types in 15 s.
  private func cells(_ row: Row) -> [String] {
    guard groups.isEmpty else { return rankedCells(row) }
    func text(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "" }
    let last = row.results.map(\.validationAccuracy)
    var cells = [row.entry.name, "\(row.results[0].history.count)"]
    cells.append(row.results.map { "\($0.seed)" }.joined(separator: " "))
    cells.append(
      last.count == 1
        ? text(last[0])
        : "\(text(last.median)) (\(last.map { text($0) }.joined(separator: " ")))")
    cells.append(text(row.results.map(\.bestValidationAccuracy).median))
    cells.append(text(row.results.map(\.validationLoss).median))
    if showsClasses {
      let validations = row.results.compactMap(\.validation)
      cells.append(text(validations.compactMap(\.meanRecall).median))
      cells.append(byClass(row, \.recall))
      cells.append(text(validations.map(\.meanF1).median))
      cells.append(byClass(row, \.f1))
      cells.append(text(validations.compactMap(\.areaUnderROC).median))
    }
    /// The median, and of several seeds each beside it.
    func each(_ values: [Double]) -> String {
      values.count < 2
        ? text(values.first)
        : "\(text(values.median)) (\(values.map { text($0) }.joined(separator: " ")))"
    }
    if showsMetric {
      let best = row.results.compactMap { result -> Double? in
        guard let figure = result.bestValidationFigure else { return nil }
        return result.metric?.shown(figure) ?? figure
      }
      cells.append(each(best))
    }
    for set in evaluated {
      let figures = row.results.compactMap { $0.evaluations?[set] }
      cells.append(each(figures.compactMap(\.areaUnderROC)))
      cells.append(each(figures.compactMap(\.meanRecall)))
      cells.append(each(figures.map(\.accuracy)))
      cells.append(Self.byClass(figures.map(\.recall)))
    }
    cells.append(String(format: "%.0f", row.results.map(\.examplesPerSecond).median))
    if showsPublished {
      for figure in [row.entry.printed, row.entry.pyTorch] {
        cells.append(isComparable(row) ? text(figure) : "")
      }
    }
    return cells
  }

  /// A row of rankings: of each group the mean area and, behind a stroke, the mean average precision.
  private func rankedCells(_ row: Row) -> [String] {
    func figures(_ rankings: [RankingFigures], _ group: String) -> String {
      let own = rankings.compactMap { $0.groups.first { $0.name == group } }
      let areas = own.compactMap(\.areaUnderROC)
      let precisions = own.compactMap(\.averagePrecision)
      guard !areas.isEmpty else { return "" }
      let each = areas.map { RankingFigures.text($0) }.joined(separator: " ")
      return "\(RankingFigures.text(areas.median)) / \(RankingFigures.text(precisions.median))"
        + (areas.count > 1 ? " (\(each))" : "")
    }
    var cells = [row.entry.name, "\(row.results[0].history.count)"]
    cells.append(row.results.map { "\($0.seed)" }.joined(separator: " "))
    cells += groups.map { figures(row.results.compactMap(\.rankings), $0) }
    for set in rankedSets {
      let own = row.results.compactMap { $0.otherRankings?[set] }
      cells += groups.map { figures(own, $0) }
    }
    cells.append(String(format: "%.0f", row.results.map(\.examplesPerSecond).median))
    return cells
  }

  /// The queries of each row below the table, of several seeds the first's with its intervals.
  private var rankedPages: String {
    rows.flatMap { row -> [String] in
      guard let first = row.results.first, let own = first.rankings else { return [] }
      let sets =
        [(name: "", figures: own)]
        + rankedSets.compactMap { set in
          first.otherRankings?[set].map { (name: ", \(set)", figures: $0) }
        }
      return sets.map { set in
        let lines =
          [RankingFigures.headings, ["---", "---", "---:", "---:", "---:", "---:"]]
          + set.figures.lines
        return "\n## \(row.entry.name)\(set.name), seed \(first.seed)\n\n"
          + lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n") + "\n"
      }
    }.joined()
  }

  /// For a terminal.
  package var terminalTable: TextTable {
    TextTable(headings, cells, kinds: headings.indices.map { $0 == 0 ? .name : .number })
  }

  /// For a page.
  package var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = headings.indices.map { $0 == 0 ? "---" : "---:" }
    let table = [line(headings), line(rule)] + cells.map(line)
    guard groups.isEmpty else {
      return """
        # \(experiment.title)

        Mean area under the ROC / mean average precision of each group, after the last epoch, on \(data). Of several seeds
        the median.

        \(table.joined(separator: "\n"))
        \(rankedPages)
        """
    }
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
          network: row.entry.network, title: row.entry.title, epochs: row.results[0].history.count,
          validationAccuracy: row.results.map(\.validationAccuracy).median,
          bestValidationAccuracy: row.results.map(\.bestValidationAccuracy).median,
          printed: isComparable(row) ? row.entry.printed : nil,
          pyTorch: isComparable(row) ? row.entry.pyTorch : nil,
          trainings: row.results)
      })
  }
}
