import ArgumentParser
import Assignment
import Experiments
import Files
import Foundation
import Metrics
import Plots

/// `rhythm plot training`: what `rhythm train --json` wrote.
struct PlotTraining: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training", abstract: "Draw the learning curves of a training.",
    discussion: """
      Where the file has them, the confusion matrix and the receiver operating characteristic are \
      drawn beside the learning curves, in files whose names end in -confusion and -roc.
      """)

  @Argument(help: "What train --json wrote, or a training's file of an experiment.")
  var file: String

  @OptionGroup var picture: PictureOptions

  func run() throws {
    try reportingFailure {
      try draw(try PlottedTraining(contentsOf: file).figures(at: picture.file("training")))
    }
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
