import Experiments
import Files
import Foundation
import Metrics
import Training
import WorkerPipe

/// A study: a search's trials in a folder, whole after each trial. `study.json` says what is searched, `trials.jsonl`
/// has a line for each trial, `best.safetensors` the best trial's parameters, `holdout.json` when the hold-out set was
/// opened, and `report.md` all of it for people.
package struct Study: Sendable {
  /// What must be the same for a study to go on: all that its trials follow from, and not how many there are.
  package struct Identity: Codable, Equatable, Sendable {
    package let unit: String
    package let network: String
    /// The recordings, for people.
    package let data: String
    /// A check sum of the examples.
    package let examples: String
    /// The program, whose name follows from the files it was built from.
    package let worker: String
    package let space: SearchSpace
    package let proposer: Proposer
    /// How many trials may run at a time.
    package let together: Int
    package let metric: Metric
    package let patience: Int?
    /// What the network is made with where the space says nothing.
    package let configuration: Settings
    /// How it is trained where the space says nothing; without the threads, which do not matter. Its seed is the study's.
    package let recipe: Recipe
    /// What `--set` chose of the training and its preparation, for people; nil where it chose nothing. What follows from
    /// it is in the others.
    package let chosen: [String: String]?

    /// Says what is searched.
    package init(
      unit: String, network: String, data: String, examples: String, worker: String,
      space: SearchSpace, proposer: Proposer, together: Int, metric: Metric, patience: Int?,
      configuration: Settings, recipe: Recipe, chosen: [String: String]
    ) {
      self.unit = unit
      self.network = network
      self.data = data
      self.examples = examples
      self.worker = worker
      self.space = space
      self.proposer = proposer
      self.together = together
      self.metric = metric
      self.patience = patience
      self.configuration = configuration
      self.recipe = recipe
      self.chosen = chosen.isEmpty ? nil : chosen
    }

    /// What differs, in words.
    func differences(from other: Identity) -> [String] {
      func word(_ name: String, _ isSame: Bool) -> String? { isSame ? nil : name }
      return [
        word("the unit or network", unit == other.unit && network == other.network),
        word("the recordings or their examples", examples == other.examples),
        word("the program's files", worker == other.worker),
        word("the space", space == other.space),
        word("--how", proposer == other.proposer), word("--together", together == other.together),
        word("the metric", metric == other.metric),
        word("the patience", patience == other.patience),
        word("the network's sizes", configuration == other.configuration),
        word("the recipe, its epochs or its seed", recipe == other.recipe),
      ].compactMap(\.self)
    }
  }

  /// A look at the hold-out set.
  package struct Opening: Codable, Sendable {
    /// When, by the clock of the machine, in UTC.
    package let date: String
    /// The trial whose network it was for, of how many.
    package let trial: Int
    package let trials: Int
    /// What came of it; nil where it was opened and nothing came back.
    package var figures: ValidationFigures?
  }

  /// The folder.
  package let folder: String
  /// What is searched.
  package let identity: Identity
  /// The trials so far, in their order.
  package private(set) var records: [TrialRecord]
  /// The looks at the hold-out set so far.
  package private(set) var openings: [Opening]
  /// Held while the study is open: two programs must not write one.
  private let lock: Lock

  /// Opens a study, or begins one.
  ///
  /// - Throws: a sentence where the folder has another study, is written by another program, or is damaged;
  ///   `FileError.cannotWrite`.
  package init(folder: String, identity: Identity) throws {
    self.folder = folder
    self.identity = identity
    try AtomicFile.createFolder(folder)
    lock = try Lock(folder + "/lock")
    let path = folder + "/study.json"
    if FileManager.default.fileExists(atPath: path) {
      guard let kept = Identity(jsonFile: path) else {
        throw StudyError(description: "\(path) is damaged; search in another folder with --out")
      }
      let differences = kept.differences(from: identity)
      guard differences.isEmpty else {
        throw StudyError(
          description:
            "\(folder) has another study: \(differences.joined(separator: ", ")) changed "
            + "since it began. Go on as it was, or begin another with --out")
      }
    } else {
      try identity.write(jsonFile: path)
    }
    records = try Self.records(folder)
    openings = try Self.openings(folder)
  }

  /// Writes the trials, all of them or as they were before.
  ///
  /// - Throws: `FileError.cannotWrite`.
  package mutating func write(_ records: [TrialRecord]) throws {
    let encoder = JSONEncoder.results
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let lines = try records.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
    try AtomicFile.write(lines.joined(), to: Self.trials(folder))
    self.records = records
  }

  /// Writes that the hold-out set is opened, before it is, and what came of it afterwards.
  ///
  /// - Throws: `FileError.cannotWrite`, or what `look` throws.
  package mutating func openHoldOut(
    for record: TrialRecord, at date: Date = Date(), _ look: () throws -> ValidationFigures
  ) throws {
    openings.append(
      Opening(
        date: date.formatted(.iso8601), trial: record.trial, trials: records.count, figures: nil))
    try openings.write(jsonFile: folder + "/holdout.json")
    openings[openings.count - 1].figures = try look()
    try openings.write(jsonFile: folder + "/holdout.json")
  }

  /// The trials of a study's folder.
  ///
  /// - Throws: a sentence where a line is none.
  package static func records(_ folder: String) throws -> [TrialRecord] {
    guard let text = try? String(contentsOfFile: trials(folder), encoding: .utf8) else { return [] }
    return try text.split(separator: "\n").enumerated().map { place, line in
      guard
        let record = try? JSONDecoder.results.decode(TrialRecord.self, from: Data(line.utf8))
      else {
        throw StudyError(
          description:
            "\(trials(folder)):\(place + 1) is no trial; take the line out, and the trial "
            + "is done again")
      }
      return record
    }
  }

  private static func openings(_ folder: String) throws -> [Opening] {
    let path = folder + "/holdout.json"
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    guard let openings = [Opening](jsonFile: path) else {
      throw StudyError(
        description:
          "\(path) is damaged, so that nobody knows how often the hold-out set was opened; "
          + "begin another study with --out")
    }
    return openings
  }

  private static func trials(_ folder: String) -> String { folder + "/trials.jsonl" }

  /// A lock on a file that ends with its owner, also where that is killed.
  private final class Lock: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw FileError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw StudyError(
          description:
            "another program searches in \((path as NSString).deletingLastPathComponent); "
            + "wait for its end, or choose another folder with --out")
      }
    }

    deinit { close(descriptor) }
  }
}

/// Why a study cannot be; one sentence.
package struct StudyError: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}
