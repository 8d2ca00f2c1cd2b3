import Assignment
import Examples
import Foundation
import Metrics

/// How well examples are ranked by a network's embeddings, query by query, as `--json` writes it.
package struct RankingFigures: Codable, Sendable {
  /// One query.
  package struct Query: Codable, Sendable {
    package let group, name: String
    /// Missing where it is undefined: all examples are answers, or none is.
    package let areaUnderROC: Double?
    /// Missing where it is undefined.
    package let averagePrecision: Double?
    /// The middle 95 % of a thousand bootstrap areas; missing where nobody asked.
    package let low, high: Double?
    /// The examples that are answers, of so many.
    package let answers, examples: Int
  }

  /// The mean over the queries of a group that have a figure.
  package struct Group: Codable, Sendable, Equatable {
    package let name: String
    package let areaUnderROC: Double?
    package let averagePrecision: Double?
  }

  package let queries: [Query]

  /// Ranks examples by the products of embeddings with vectors.
  ///
  /// - Parameters:
  ///   - rows: an embedding for each example, row-major, as wide as the vectors.
  ///   - hasIntervals: whether to draw bootstrap intervals.
  /// - Returns: nil where the rows are of another number or width, or there is no query.
  package init?(
    rows: [Float], of examples: ExampleSet, _ queries: [RankingQuery], hasIntervals: Bool
  ) {
    guard let width = queries.first?.vector.count, width > 0,
      queries.allSatisfy({ $0.vector.count == width }), rows.count == examples.count * width
    else { return nil }
    self.queries = queries.map { query in
      let (scores, labels) = query.ranked(examples) { rows[($0 * width)..<(($0 + 1) * width)] }
      let interval =
        hasIntervals ? Metrics.bootstrapInterval(ofAreaUnderROC: scores, labels: labels) : nil
      return Query(
        group: query.group, name: query.name,
        areaUnderROC: Metrics.areaUnderROC(scores: scores, labels: labels),
        averagePrecision: Metrics.averagePrecision(scores: scores, labels: labels),
        low: interval?.lowerBound, high: interval?.upperBound,
        answers: labels.count { $0 == 1 }, examples: labels.count)
    }
  }

  /// The groups in the order of the queries.
  package var groups: [Group] {
    var names: [String] = []
    for query in queries where !names.contains(query.group) { names.append(query.group) }
    return names.map { name in
      let own = queries.filter { $0.group == name }
      func mean(_ figures: [Double]) -> Double? {
        figures.isEmpty ? nil : figures.reduce(0, +) / Double(figures.count)
      }
      return Group(
        name: name, areaUnderROC: mean(own.compactMap(\.areaUnderROC)),
        averagePrecision: mean(own.compactMap(\.averagePrecision)))
    }
  }

  /// The groups below each other.
  package var table: TextTable {
    let cells = groups.map { group in
      let own = queries.filter { $0.group == group.name }
      return [
        group.name, "\(own.count { $0.areaUnderROC != nil })", Self.text(group.areaUnderROC),
        Self.text(group.averagePrecision),
      ]
    }
    return TextTable(
      ["asked for", "queries", "AUROC", "average precision"], cells,
      kinds: [.name, .number, .number, .number])
  }

  /// The headings of `lines`.
  package static let headings = [
    "group", "asked for", "AUROC", "95 %", "average precision", "records",
  ]

  /// Each query that has a figure: its cells.
  package var lines: [[String]] {
    queries.filter { $0.areaUnderROC != nil }.map { query in
      let interval = query.low.flatMap { low in
        query.high.map { "\(Self.text(low)) to \(Self.text($0))" }
      }
      return [
        query.group, query.name, Self.text(query.areaUnderROC), interval ?? "",
        Self.text(query.averagePrecision), "\(query.answers) of \(query.examples)",
      ]
    }
  }

  /// The queries below each other.
  package var queryTable: TextTable {
    TextTable(
      Self.headings, lines, kinds: [.name, .name, .number, .number, .number, .number])
  }

  package static func text(_ figure: Double?) -> String {
    figure.map { String(format: "%.3f", $0) } ?? ""
  }
}

extension [RankingFigures.Group] {
  /// The areas in a line, as `AUROC seen 0.904, near 0.804`.
  package var line: String {
    "AUROC " + map { "\($0.name) \(RankingFigures.text($0.areaUnderROC))" }.joined(separator: ", ")
  }
}

extension RankingQuery {
  /// The same, asked of all examples of another set.
  package var ofAll: RankingQuery {
    RankingQuery(group: group, name: name, input: input, vector: vector, labels: labels)
  }
}
