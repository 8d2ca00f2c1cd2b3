import ArgumentParser
import Assignment
import Experiments
import Files
import Foundation
import Plots

/// `rhythm plot experiment`: the learning curves of `rhythm experiments`.
struct PlotExperiment: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment", abstract: "Draw the learning curves of an experiment.",
    discussion: "Without --out the pictures go beside the experiment's tables.")

  @Argument(
    help:
      "The folder that experiments wrote its results to; by default .rhythmlab/UNIT/experiments.")
  var folder: String?

  @OptionGroup var unit: UnitOption

  @OptionGroup var picture: PictureOptions

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let units = try copy.units(unit).map { unit in
        let folder = folder ?? copy.state(unit.name) + "/experiments"
        let results = (unit.manifest.experiments ?? []).compactMap { experiment in
          ExperimentTable.Listing(jsonFile: "\(folder)/\(experiment.name).json").map {
            (experiment: experiment, listing: $0)
          }
        }
        return (name: unit.name, folder: folder, results: results)
      }
      let candidates = units.filter { !$0.results.isEmpty }
      guard let (_, folder, found) = candidates.first else {
        let folders = Set(units.map(\.folder)).sorted().joined(separator: " and ")
        throw PlotError.nothing(what: "\(folders) has no results; ./rhythm experiments makes them")
      }
      guard candidates.count == 1 else {
        throw ValidationError(
          "there are results of several units; add "
            + WorkingCopy.choice(candidates.map(\.name)) + ".")
      }
      try draw(
        try found.map { experiment, listing in
          let suffix = found.count > 1 ? "-\(experiment.name)" : ""
          return (
            try listing.figure(title: experiment.title),
            picture.out.map { PictureFormat.path($0, suffix: suffix) }
              ?? "\(folder)/\(experiment.name)"
          )
        })
    }
  }
}

extension ExperimentTable.Listing {
  /// The learning curves; of several seeds the median.
  func figure(title: String) throws -> Figure {
    let curves = networks.compactMap { network in
      // a network's line looks alike everywhere, but for its variants
      let place = network.title == nil ? WorkingCopy.place(of: network.network) : nil
      return LearningCurve.median(
        network.trainings.map {
          LearningCurve(
            name: network.title ?? $0.network, epochs: $0.history.map(LearningCurve.Epoch.init),
            place: place)
        })
    }
    let hasSeeds = networks.contains { $0.trainings.count > 1 }
    return try .experiment(curves, title: title + (hasSeeds ? ", of several seeds the median" : ""))
  }
}
