import ArgumentParser
import Assignment
import Examples
import Files
import Foundation
import Metrics
import Plots
import Recordings
import Signals
import TensorCore
import WorkerPipe
import Workers

/// `rhythm maps`: whether a network's class activation maps say what the network needs.
struct MapsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maps",
    abstract: "Test a trained network's class activation maps in place of believing them.",
    discussion: """
      Windows of 2 s of right recordings are masked where the map of their class is highest, where it is lowest and at \
      random: what that costs the class's logit beyond the others'. Masked one after the other, from the highest on, \
      the probability of the class should fall fast (deletion), and rise fast while a masked recording gets them back \
      (insertion). A premature beat is put into regular recordings: the map of the other rhythm should be highest \
      within a second of it. Beside the network's own maps stand wrong ones, of another class, reversed in time, and \
      with the steps' left edges in place of their middles, and the maps of the same network with random weights: maps \
      that are as good with those show the recording and not the network (Adebayo et al. 2018). The parameters are a \
      training's: ./rhythm train keeps them.
      """)

  @OptionGroup var options: NetworkOptions

  @Option(parsing: .unconditional, help: "So many right recordings of each class are masked.")
  var perClass = 30

  @Option(parsing: .unconditional, help: "So many regular recordings get a premature beat.")
  var beats = 100

  @Option(parsing: .unconditional, help: "Decides what is random.")
  var seed: UInt64 = 1

  @Option(help: "Also write the figures to this file.")
  var json: String?

  func validate() throws {
    guard perClass > 0, beats > 0 else {
      throw ValidationError("--per-class and --beats are 1 or more.")
    }
  }

  func run() throws {
    try reportingFailure {
      let plotted = try PlottedNetwork(options)
      guard plotted.network.maps != nil else {
        throw ValidationError("\(plotted.network.name) has no class activation maps to test.")
      }
      _ = try plotted.parameters()
      if let json { try AtomicFile.prepare(for: json) }
      let data = try plotted.data()
      guard let rhythms = data.rhythms else {
        throw ValidationError("these data have no regular and other rhythms to test maps by.")
      }
      let mapped = try MappedNetwork(
        plotted, data, solutions: options.code.isOfSolutions, seed: seed)
      let strips = Self.strips(data.split.validation)
      var rows: [MapFigures] = []
      for source in MapSource.allCases {
        printLine("asking: \(source.title) …")
        rows.append(
          try figures(of: source, mapped, strips, rhythms, likeness: source == .randomWeights))
      }
      rows.append(try chance(mapped, strips, rhythms))
      printTable(MapFigures.table(rows))
      printLine(
        "Masked: \(rows[0].masked) right recordings without \(data.classes[rhythms.regular]); premature beats in "
          + "\(rows[0].beats) recordings. Drops are of the class's logit minus the mean of the others'; deletion and "
          + "insertion are areas under the class's probability: small and large are good.")
      if let json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try AtomicFile.write(try encoder.encode(rows), to: json)
      }
      drawExtra {
        [
          (
            try .maskingCurves(
              rows.filter { !$0.deletion.isEmpty }.map { ($0.name, $0.deletion, $0.insertion) },
              title: "Masking by the maps of \(plotted.network.name)"),
            plotted.file("masking")
          )
        ]
      }
    }
  }

  /// Those of full length.
  private static func strips(_ set: ExampleSet) -> [(values: [Float], label: Int)] {
    set.labels.indices.compactMap { index in
      let values = set.batch([index][...]).X.array
      return RhythmStrip.isWhole(values) ? (values, Int(set.labels[index])) : nil
    }
  }

  private func trials(_ network: @escaping MapTrials.Network) -> MapTrials {
    var generator = RandomGenerator(seed: seed)
    return MapTrials(
      of: network, permutation: { generator.permutation($0) },
      index: { min(Int(generator.nextUniform() * Float($0)), $0 - 1) })
  }

  /// What the maps of a source are worth.
  private func figures(
    of source: MapSource, _ mapped: MappedNetwork, _ strips: [(values: [Float], label: Int)],
    _ rhythms: PreparedData.RhythmClasses, likeness: Bool
  ) throws -> MapFigures {
    let network: MapTrials.Network = { try mapped.answers($0, source) }
    let evident = strips.filter { $0.label != rhythms.regular }
    let outcomes = try trials(network).occlusion(evident, perClass: perClass).flatMap(\.outcomes)
    let occlusion = MapTrials.figures(outcomes)
    let curves = try trials(network).maskingCurves(evident, perClass: perClass)
    let pointing = try trials(network).pointing(
      strips.filter { $0.label == rhythms.regular }.map(\.values), at: rhythms.other, most: beats)
    var row = MapFigures(name: source.title)
    row.take(occlusion)
    if let curves { row.take(curves) }
    if let pointing { row.take(pointing) }
    if likeness {
      row.likeness = try mapped.likeness(evident.prefix(2 * perClass).map { $0 })
    }
    return row
  }

  /// What random orders give.
  private func chance(
    _ mapped: MappedNetwork, _ strips: [(values: [Float], label: Int)],
    _ rhythms: PreparedData.RhythmClasses
  ) throws -> MapFigures {
    let trials = trials { try mapped.answers($0, .own) }
    var row = MapFigures(name: "no map: random orders")
    let evident = strips.filter { $0.label != rhythms.regular }
    if let curves = try trials.maskingCurves(evident, perClass: perClass, isRandom: true) {
      row.take(curves)
    }
    row.hits = strips.first.map { Pointing().chance(length: $0.values.count) }
    return row
  }
}
