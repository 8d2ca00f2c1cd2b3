import Assignment
import Foundation
import Metrics
import Recordings
import Signals
import WorkerPipe
import Workers

/// A trained network that is asked for its maps, and the same with random weights.
final class MappedNetwork {
  private let client: WorkerClient
  private let network, maps: Request.Subject
  private let trained, random: [PipeTensor]

  /// So many recordings in a question, as in a batch of validation.
  private static let perQuestion = 100

  /// - Parameters:
  ///   - solutions: whether the Solutions' code is meant.
  ///   - seed: of the random weights.
  /// - Throws: a sentence where it cannot be asked.
  init(_ plotted: PlottedNetwork, _ data: PreparedData, solutions: Bool, seed: UInt64) throws {
    client = try WorkerClient(
      plotted.copy.trainingLauncher(unit: plotted.unit.name, solutions: solutions))
    let sizes = plotted.unit.manifest.sizes(of: plotted.network.name, with: data.sizes)
    network = Request.Subject(plotted.network.name, sizes: sizes, seed: seed)
    maps = Request.Subject(plotted.network.maps ?? "", sizes: sizes, seed: seed)
    trained = try plotted.parameterTensors()
    random = try client.ask(.parameters(), about: network, within: 600).tensors.filter {
      !$0.name.hasPrefix("buffer:") && !$0.name.hasPrefix("shared:")
    }.map { $0.renamed("parameter:" + $0.name) }
  }

  /// What the trained network says of recordings, with the maps of a source in place of its own.
  func answers(_ strips: [[Float]], _ source: MapSource) throws -> [MapTrials.Answer] {
    try stride(from: 0, to: strips.count, by: Self.perQuestion).flatMap { start in
      let part = Array(strips[start..<min(start + Self.perQuestion, strips.count)])
      let length = part.first?.count ?? 0
      let input = PipeTensor(
        name: "input", shape: [part.count, length, 1], values: part.flatMap(\.self))
      let logits = try result("logits", network, trained, input)
      let steps = try result("maps", maps, source == .randomWeights ? random : trained, input)
      let classes = logits.shape.last ?? 0
      return try part.indices.map { strip in
        MapTrials.Answer(
          logits: Array(logits.values[(strip * classes)..<((strip + 1) * classes)]),
          maps: source.map(try Self.map(steps, strip), places: length))
      }
    }
  }

  /// How alike the maps of the recordings' classes are with the trained and with random weights: the mean rank
  /// correlation (Spearman) over the steps.
  func likeness(_ strips: [(values: [Float], label: Int)]) throws -> Double {
    let own = try answers(strips.map(\.values), .own)
    let other = try answers(strips.map(\.values), .randomWeights)
    let correlations = strips.indices.map { index -> Double in
      let label = strips[index].label
      let first: [Double] = own[index].maps[label].map { Double($0) }
      let second: [Double] = other[index].maps[label].map { Double($0) }
      return Occlusion.rankCorrelation(first, second)
    }
    return correlations.reduce(0, +) / Double(max(correlations.count, 1))
  }

  private static func map(_ tensor: PipeTensor, _ sample: Int) throws -> ActivationMap {
    guard tensor.shape.count == 3 else {
      throw WorkingCopyError(description: "the network gives no map of each class")
    }
    let (classes, steps) = (tensor.shape[1], tensor.shape[2])
    let map = ActivationMap(
      (0..<classes).map { label in
        let start = (sample * classes + label) * steps
        return tensor.values[start..<(start + steps)].map(Double.init)
      })
    guard let map else { throw WorkingCopyError(description: "the network's maps are empty") }
    return map
  }

  private func result(
    _ name: String, _ subject: Request.Subject, _ parameters: [PipeTensor], _ input: PipeTensor
  ) throws -> PipeTensor {
    let answer: [PipeTensor]
    do {
      answer = try client.ask(
        .forward(.init(isFirst: true)), about: subject, parameters + [input], within: 3600,
        atMost: 1 << 30
      ).tensors
    } catch let failure as WorkerFailure {
      throw TrainingFailure(failure, output: client.standardOutput)
    }
    guard let found = answer.first(where: { $0.name == name }) else {
      throw WorkingCopyError(description: "\(subject.name) gives no \(name)")
    }
    return found
  }
}
