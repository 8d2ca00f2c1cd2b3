import ArgumentParser
import Assignment
import Foundation
import Plots
import TensorCore

/// `rhythm plot filters`: what a convolution has learnt.
struct PlotFilters: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filters", abstract: "Draw the filters of a trained network's first convolution.",
    discussion: "They are the first parameters with three or four axes; --parameter names others.")

  @OptionGroup var options: NetworkOptions

  @Option(help: "The parameters to draw, by their name in the checkpoint.")
  var parameter: String?

  func run() throws {
    try reportingFailure {
      let plotted = try PlottedNetwork(options)
      let entries = try plotted.parameters()
      let filters = entries.filter { (3...4).contains($0.tensor.rank) }
      let names = filters.map(\.name).joined(separator: ", ")
      guard let chosen = filters.first(where: { parameter == nil || $0.name == parameter }) else {
        throw PlotError.nothing(
          what: filters.isEmpty
            ? "\(plotted.checkpoint) has no parameters with three or four axes"
            : "\(plotted.checkpoint) has no filters \(parameter ?? ""), but \(names)")
      }
      try draw(
        (
          try .filters(
            shape: chosen.tensor.shape.dimensions, values: chosen.tensor.array,
            title: "\(plotted.network.name), \(chosen.name) \(chosen.tensor.shape)"),
          plotted.file("filters")
        ))
    }
  }
}
