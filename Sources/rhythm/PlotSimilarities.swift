import ArgumentParser
import Assignment
import Examples
import Experiments
import Foundation
import Plots
import Recordings
import WorkerPipe
import Workers

/// `rhythm plot similarities`: what texts have to do with each other, and what a network makes of the records.
struct PlotSimilarities: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similarities",
    abstract: "Draw the cosines of texts with each other, or of records with texts.",
    discussion: """
      Columns are the texts that are seen in training, rows the queries of all groups. A row of texts has the cosines of \
      the query's own text with those; a row of --records the mean cosines of the network's embeddings of the records \
      that are answers to the query. Numbers stand where a cosine is at least half the largest. The parameters \
      are a training's: ./rhythm train keeps them.
      """)

  @OptionGroup var options: NetworkOptions

  @Flag(help: "Rows are records, as the network sees them, and not texts.")
  var records = false

  @OptionGroup var asked: QueryOptions

  func run() throws {
    try reportingFailure {
      let plotted = try PlottedNetwork(options)
      if records { _ = try plotted.parameters() }
      let data = try plotted.data()
      let all = try asked.queries(of: data)
      guard let seen = all.first?.queries else {
        throw PlotError.nothing(what: "these examples are asked for by no texts")
      }
      let columns = seen.map(\.vector)
      let rows: (RankingQuery) throws -> [Double]?
      if records {
        let embeddings = try plotted.embeddings(of: data)
        let examples = data.split.validation
        rows = { query in
          let answers = query.answers(in: examples).filter(\.isAnswer).map(\.place)
          guard !answers.isEmpty else { return nil }
          return columns.map { column in
            answers.reduce(0) { $0 + Self.cosine(embeddings[$1], column) } / Double(answers.count)
          }
        }
      } else {
        rows = { query in columns.map { Self.cosine(query.vector, $0) } }
      }
      let groups = try asked.chosen(all).map { group in
        SimilarityRows(
          name: group.name,
          rows: try group.queries.compactMap { query in
            try rows(query).map { (name: query.name, values: $0) }
          })
      }
      try draw(
        (
          try .similarities(
            groups, columns: seen.map(\.name),
            title: records
              ? "\(plotted.network.name): records with texts" : "Texts with texts",
            label: records ? "mean cosine" : "cosine"),
          records
            ? plotted.file("similarities")
            : options.picture.file("similarities-of-texts")
        ))
    }
  }

  private static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    var (product, first, second) = (0.0, 0.0, 0.0)
    for place in a.indices {
      product += Double(a[place]) * Double(b[place])
      first += Double(a[place]) * Double(a[place])
      second += Double(b[place]) * Double(b[place])
    }
    return product / max((first * second).squareRoot(), 1e-12)
  }
}
