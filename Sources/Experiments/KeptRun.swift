import Assignment
import Files
import Foundation
import Metrics
import Training

/// One training as it is remembered, so that what was tried can be compared later: a folder
/// `runs/NUMBER` with what it was and gave, and the best parameters.
package struct KeptRun: Codable {
  /// How a training ended.
  package enum Ending: String, Codable {
    /// After all its epochs.
    case finished
    /// Since nothing got better.
    case settled
    /// Somebody stopped it.
    case stopped
  }

  /// Counts all runs of a unit.
  package let number: Int
  /// Seconds since 1970.
  package let began: Double
  package let network: String
  /// The recordings, for people.
  package let data: String
  /// What was chosen of them with `--set`.
  package let settings: [String: String]
  package let recipe: Recipe
  /// The figure by which an epoch is the best.
  package let metric: Metric
  /// Whether the Solutions' network was trained.
  package let isOfSolutions: Bool
  /// The epochs so far.
  package var history: [TrainingResult.Epoch] = []
  /// Nil while it goes on, and where it was killed.
  package var ending: Ending?

  /// Begins to remember a run, under the next number of a folder.
  ///
  /// - Throws: `FileError.cannotWrite`.
  package init(
    in folder: String, network: String, data: String, settings: [String: String], recipe: Recipe,
    metric: Metric, isOfSolutions: Bool, history: [TrainingResult.Epoch]
  ) throws {
    try AtomicFile.createFolder(folder)
    var number = (Self.numbers(in: folder).last ?? 0) + 1
    // another training may take a number at the same moment
    while mkdir("\(folder)/\(number)", 0o777) != 0 {
      guard errno == EEXIST else {
        throw FileError.cannotWrite(
          path: "\(folder)/\(number)", reason: String(cString: strerror(errno)))
      }
      number += 1
    }
    self.number = number
    began = Date().timeIntervalSince1970.rounded()
    self.network = network
    self.data = data
    self.settings = settings
    self.recipe = recipe
    self.metric = metric
    self.isOfSolutions = isOfSolutions
    self.history = history
  }

  /// Writes what is known of it; a run without an epoch is forgotten.
  ///
  /// - Parameter checkpoint: the best parameters, which are kept beside it.
  /// - Throws: `FileError.cannotWrite`.
  package func write(in folder: String, checkpoint: String? = nil) throws {
    let own = "\(folder)/\(number)"
    guard !history.isEmpty else {
      _ = rmdir(own)
      return
    }
    if let checkpoint, let parameters = FileManager.default.contents(atPath: checkpoint) {
      try AtomicFile.write(parameters, to: own + "/parameters.safetensors")
    }
    try write(jsonFile: own + "/run.json")
  }

  /// The runs that a folder remembers, in their order.
  package static func all(in folder: String) -> [KeptRun] {
    numbers(in: folder).compactMap { KeptRun(jsonFile: "\(folder)/\($0)/run.json") }
  }

  private static func numbers(in folder: String) -> [Int] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { Int($0) }
      .sorted()
  }

  /// What was chosen and is not usual, in a few words.
  package var choices: String {
    let usual = Recipe(epochs: recipe.epochs, averageDecay: 0.999, seed: 1)
    var words: [String] = []
    if recipe.learningRate != usual.learningRate { words.append("lr \(recipe.learningRate)") }
    if recipe.optimiser != usual.optimiser { words.append(recipe.optimiser.text) }
    if recipe.schedule != usual.schedule { words.append("\(recipe.schedule)") }
    if recipe.classWeights != nil { words.append("class weights") }
    if recipe.batchSize != usual.batchSize { words.append("batches of \(recipe.batchSize)") }
    if let norm = recipe.clipNorm { words.append("clip-norm \(norm)") }
    if recipe.averageDecay != usual.averageDecay {
      words.append("average \(recipe.averageDecay ?? 0)")
    }
    if recipe.seed != usual.seed { words.append("seed \(recipe.seed)") }
    if recipe.source != usual.source { words.append("augmentation") }
    words += settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    if isOfSolutions { words.append("solutions") }
    return words.joined(separator: ", ")
  }

  /// Whether another one was trained on the same, so that their figures can be compared.
  package func isComparable(with other: KeptRun) -> Bool {
    network == other.network && data == other.data && settings == other.settings
      && metric == other.metric && isOfSolutions == other.isOfSolutions
  }

  /// The largest of the figures that decide, of those that are numbers.
  package var best: Double {
    history.map(\.decisive).filter { !$0.isNaN }.max() ?? -.infinity
  }

  /// Runs below each other; the best of those that can be compared has a star.
  package static func table(_ runs: [KeptRun]) -> TextTable {
    func text(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "" }
    let cells = runs.map { run in
      let rivals = runs.filter(run.isComparable)
      let isBest = rivals.count > 1 && rivals.allSatisfy { $0.best <= run.best }
      let epochs =
        run.history.count == run.recipe.epochs
        ? "\(run.history.count)"
        : "\(run.history.count) of \(run.recipe.epochs)"
      let state: String? =
        switch run.ending {
        case .finished: nil
        case let ending?: ending.rawValue
        case nil: "not ended"
        }
      return [
        "\(run.number)", run.network,
        // without the year and with one word for the data, a usual line fits 80 columns
        String(CalendarText.of(Date(timeIntervalSince1970: run.began)).dropFirst("2026-".count)),
        [epochs, state].compactMap(\.self).joined(separator: ", "),
        text(run.history.last?.shown),
        text(run.metric.shown(run.best))
          + (run.metric == .accuracy ? "" : " \(run.metric.rawValue)")
          + (isBest ? " *" : "  "),
        run.data.replacing("synthetic recordings", with: "synthetic"), run.choices,
      ]
    }
    return TextTable(
      ["run", "network", "began", "epochs", "last", "best  ", "data", "choices"], cells,
      kinds: [.number, .name, .name, .name, .number, .number, .name, .name])
  }
}
