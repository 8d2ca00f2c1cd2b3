import ArgumentParser
import Assignment
import Examples
import Experiments
import Foundation
import Metrics
import Plots
import Recordings
import Workers

/// `rhythm plot rankings`: at which ranks the answers to a query stand.
struct PlotRankings: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rankings",
    abstract:
      "Draw the order in which a network puts records for a text, and where the answers stand in it.",
    discussion: """
      A stroke stands at the rank of each answer; the line is the share of answers down to a rank, whose mean over the \
      answers is the average precision. Queries are named, ./rhythm plot rankings NETWORK "st depression"; without a \
      name of each group the best and the worst are drawn. The parameters are a training's: ./rhythm train keeps them.
      """)

  @OptionGroup var options: NetworkOptions

  @Argument(help: "What is asked for.")
  var names: [String] = []

  @OptionGroup var asked: QueryOptions

  func run() throws {
    try reportingFailure {
      let plotted = try PlottedNetwork(options)
      _ = try plotted.parameters()
      let data = try plotted.data()
      let all = try asked.queries(of: data)
      guard !all.isEmpty else {
        throw PlotError.nothing(what: "these examples are asked for by no texts")
      }
      let groups = asked.groups == nil && !names.isEmpty ? all : asked.chosen(all)
      for name in names where !groups.contains(where: { $0.queries.contains { $0.name == name } }) {
        let known = groups.flatMap { $0.queries.map(\.name) }
        let different = known.indices.filter { known.firstIndex(of: known[$0]) == $0 }
        throw ValidationError(
          "nothing is asked for as \(name); choose from "
            + different.map { known[$0] }.joined(separator: ", ") + ".")
      }
      let embeddings = try plotted.embeddings(of: data)
      func ranked(_ query: RankingQuery) -> RankedExamples {
        let (scores, labels) = query.ranked(data.split.validation) { embeddings[$0][...] }
        let order = scores.indices.sorted {
          scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
        }
        return RankedExamples(
          name: "\(query.name) (\(query.group))", isAnswer: order.map { labels[$0] == 1 },
          areaUnderROC: Metrics.areaUnderROC(scores: scores, labels: labels),
          averagePrecision: Metrics.averagePrecision(scores: scores, labels: labels))
      }
      let rankings = groups.flatMap { group in
        let own = group.queries.filter { names.isEmpty || names.contains($0.name) }
          .map(ranked).filter { $0.areaUnderROC != nil }
        return names.isEmpty ? Self.ends(own) : own
      }
      try draw(
        (
          try .rankings(rankings, title: "\(plotted.network.name): records by what is asked for"),
          plotted.file("rankings")
        ))
    }
  }

  /// The best and the worst, of one that one.
  private static func ends(_ rankings: [RankedExamples]) -> [RankedExamples] {
    let order = rankings.sorted { ($0.areaUnderROC ?? 0) > ($1.areaUnderROC ?? 0) }
    return order.count > 1 ? [order[0], order[order.count - 1]] : order
  }
}
