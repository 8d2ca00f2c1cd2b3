import ArgumentParser
import Files
import Foundation
import Metrics
import Plots
import Search
import Training

/// `rhythm plot search`: the trials of a study.
struct PlotSearch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Draw the trials of a search.",
    discussion: """
      The figures trial by trial with the best so far, how much each parameter decides (from eight trials on), and \
      the figures by the value of each parameter. Without --out the picture goes into the study's folder.
      """)

  @Argument(help: "The study's folder, as ./rhythm search names it at its end.")
  var folder: String

  @OptionGroup var picture: PictureOptions

  func run() throws {
    try reportingFailure {
      try draw((try .search(try SearchPicture(study: folder)), picture.out ?? "\(folder)/search"))
    }
  }
}

extension SearchPicture {
  /// What a study's folder has.
  ///
  /// - Throws: a sentence where there is none.
  init(study folder: String) throws {
    guard let identity = Study.Identity(jsonFile: folder + "/study.json") else {
      throw PlotError.nothing(what: "\(folder) has no study; ./rhythm search makes one")
    }
    try self.init(identity, try Study.records(folder))
  }

  /// A study's trials.
  init(_ identity: Study.Identity, _ records: [TrialRecord]) throws {
    guard !records.isEmpty else { throw PlotError.nothing(what: "the study has no trial as yet") }
    let shares = Study.importance(identity.space, records)
    self.init(
      title:
        "\(identity.network): \(Study.counted(records.count)), \(identity.proposer.rawValue), seed "
        + "\(identity.recipe.seed)", metric: identity.metric.rawValue, trials: records.map(\.trial),
      validation: records.map { record in record.validation.filter { !$0.isNaN }.max() ?? .nan },
      test: records.map(\.test),
      parameters: identity.space.parameters.enumerated().map { place, parameter in
        let axis: Parameter.Axis =
          switch parameter.range {
          case .uniform(let low, let high): .linear(low: low, high: high)
          case .logUniform(let first, let last): .logarithmic(low: first, high: last)
          case .choice(let words): .words(words)
          }
        return Parameter(
          parameter.name, axis: axis, values: records.map { $0.point[place] },
          importance: shares?[place])
      })
  }
}
