import ArgumentParser
import Assignment
import Experiments
import Files
import Foundation
import Metrics
import Plots

/// `rhythm plot training`: a run that is remembered, or what `rhythm train --json` wrote.
struct PlotTraining: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training", abstract: "Draw the learning curves of a training.",
    discussion: """
      ./rhythm plot training 3 draws run 3 of those that ./rhythm runs lists; a file does as well. \
      Where a file has them, the confusion matrix and the receiver operating characteristic are \
      drawn beside the learning curves, in files whose names end in -confusion and -roc.
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's number in ./rhythm runs, or a file: what train --json wrote, or a training's file of "
        + "an experiment.", valueName: "run-or-file"))
  var training: String

  @OptionGroup var unit: UnitOption

  @OptionGroup var picture: PictureOptions

  func run() throws {
    try reportingFailure {
      try draw(try plotted().figures(at: picture.file("training")))
    }
  }

  private func plotted() throws -> PlottedTraining {
    guard let number = Int(training), !FileManager.default.fileExists(atPath: training) else {
      return try PlottedTraining(contentsOf: training)
    }
    let copy = try WorkingCopy.find()
    func runs(_ unit: String) -> [KeptRun] { KeptRun.all(in: copy.runs(unit)) }
    guard copy.units.contains(where: { !runs($0).isEmpty }) else {
      throw PlotError.nothing(
        what: "no training is remembered yet; ./rhythm train NETWORK makes one")
    }
    let unit = try copy.unit(
      unit, having: "run \(number)", of: { runs($0.unit).map { "\($0.number)" } },
      where: { manifest in runs(manifest.unit).contains { $0.number == number } })
    // it was there a moment ago
    guard let run = runs(unit.name).first(where: { $0.number == number }) else {
      throw PlotError.nothing(what: "run \(number) is not there any more")
    }
    return PlottedTraining(run)
  }
}

/// The part of a training's file that is drawn. Files of older versions have less of it.
struct PlottedTraining: Decodable {
  struct Validation: Decodable {
    let classes: [String]
    let confusionMatrix: [[Int]]
  }

  let network: String
  let history: [TrainingResult.Epoch]
  let validation: Validation?
  let roc: ROCCurve?

  /// A run that is remembered: it has no figures of the validation examples.
  init(_ run: KeptRun) {
    network = run.network
    history = run.history
    validation = nil
    roc = nil
  }

  /// A training that has just ended: what its file would hold.
  init(_ result: TrainingResult) throws {
    self = try JSONDecoder.results.decode(Self.self, from: JSONEncoder.results.encode(result))
  }

  /// Reads what `train --json` wrote, or an experiment, which wraps that in its record.
  ///
  /// - Throws: a sentence when the file is not there or something else.
  init(contentsOf path: String) throws {
    struct Record: Decodable { let result: PlottedTraining }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PlotError.nothing(what: "there is no file \(path)")
    }
    let decoder = JSONDecoder.results
    if let record = try? decoder.decode(Record.self, from: data) {
      self = record.result
    } else if let training = try? decoder.decode(PlottedTraining.self, from: data) {
      self = training
    } else {
      throw PlotError.nothing(what: "\(path) is no training that train --json wrote")
    }
  }

  /// All that is there, beside each other.
  func figures(at path: String) throws -> [(figure: Figure, path: String)] {
    let place = WorkingCopy.place(of: network)
    let curve = LearningCurve(
      name: network, epochs: history.map(LearningCurve.Epoch.init), place: place)
    var figures = [(figure: try Figure.training(curve), path: path)]
    if let validation {
      figures.append(
        (
          try .confusionMatrix(
            validation.confusionMatrix, classes: validation.classes,
            title: "\(network) on the validation examples"),
          PictureFormat.path(path, suffix: "-confusion")
        ))
    }
    if let roc {
      figures.append(
        (
          try .roc([(network, roc, place)], title: "ROC of the validation examples"),
          PictureFormat.path(path, suffix: "-roc")
        ))
    }
    return figures
  }
}

extension WorkingCopy {
  /// The place of a network among those of its unit; nil where no unit here has one of that name.
  static func place(of network: String) -> Int? {
    guard let copy = try? find() else { return nil }
    return copy.units.lazy.compactMap { unit in
      let manifest = try? AssignmentManifest.read(copy.manifestPath(unit))
      return manifest?.networks?.firstIndex { $0.name == network }
    }.first
  }
}
