import ArgumentParser
import Assignment
import Examples
import Foundation
import Metrics
import Plots
import Recordings
import TensorCore
import WorkerPipe
import Workers

/// `rhythm plot attention`: what a network's attention weights say of an example's tokens.
struct PlotAttention: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attention",
    abstract: "Draw what a trained network attends to, over an example of each class.",
    discussion: """
      The first example of each class that the network gets right: a line over stripes, one a token, the darker \
      the more attention the token receives in the last layer, the mean over heads and queries; with --rollout \
      through all layers. With --heads-of CLASS the weights of all heads for the example of that class, a matrix of \
      queries and keys each. What tokens before those of the example get, such as a class token, stands in the title. \
      Weights are no explanation: they say what was mixed, not what it was good for. The parameters are a \
      training's: ./rhythm train keeps them.
      """)

  @OptionGroup var options: NetworkOptions

  @Option(parsing: .unconditional, help: "The layer, from 1; by default the last.")
  var layer: Int?

  @Option(parsing: .unconditional, help: "One head alone, from 1; by default the mean of all.")
  var head: Int?

  @Flag(help: "Through all layers (Abnar and Zuidema 2020).")
  var rollout = false

  @Option(help: "All heads of a layer for the example of this class, as matrices.")
  var headsOf: String?

  @Option(
    parsing: .unconditional,
    help: "Which of the right examples of each class of the validation set, from 0.")
  var example = 0

  func validate() throws {
    guard layer ?? 1 > 0, head ?? 1 > 0, example >= 0 else {
      throw ValidationError("--layer and --head count from 1, --example from 0.")
    }
    if rollout, layer != nil || head != nil || headsOf != nil {
      throw ValidationError(
        "--rollout is through all layers and heads: leave out --layer, --head and --heads-of.")
    }
    if head != nil, headsOf != nil {
      throw ValidationError("--heads-of draws all heads: leave out --head.")
    }
  }

  func run() throws {
    try reportingFailure {
      let plotted = try PlottedNetwork(options)
      guard let subject = plotted.network.attention else {
        throw ValidationError("\(plotted.network.name) has no attention to draw.")
      }
      _ = try plotted.parameters()
      let data = try plotted.data()
      if let headsOf, !data.classes.contains(headsOf) {
        throw ValidationError(
          "--heads-of: there is no class \(headsOf); there are "
            + "\(data.classes.joined(separator: ", ")).")
      }
      let examples = data.split.validation
      let launcher = try plotted.copy.trainingLauncher(
        unit: plotted.unit.name, solutions: options.code.isOfSolutions)
      let chosen = try plotted.rightExamples(example, of: data, launcher)
      let part = examples.selecting(chosen)
      let (X, answer) = try plotted.ask(subject, about: part, of: data, launcher)
      let weights = answer.first { $0.name == "weights" }
      let origin = data.isSynthetic ? " (synthetic recordings)" : ""
      if let headsOf {
        let classes = chosen.map { data.classes[Int(examples.labels[$0])] }
        guard let place = classes.firstIndex(of: headsOf) else {
          throw PlotError.nothing(
            what: "the network gets no example \(example) of class \(headsOf) right")
        }
        let own = try self.weights(weights, sample: place)
        let layer = layer ?? own.layerCount
        let name = part.names.isEmpty ? headsOf : "\(headsOf), \(part.names[place])"
        return try draw(
          (
            try .attentionHeads(
              (0..<own.headCount).map { own.matrix(layer: layer - 1, head: $0) },
              title: "The heads of layer \(layer) of \(plotted.network.name), \(name)\(origin)"),
            plotted.file("heads")
          ))
      }
      let shown = try chosen.indices.map { place -> AttendedExample in
        let map = map(try self.weights(weights, sample: place))
        let values = try Self.values(X.array, X.shape.dimensions, sample: place)
        return Self.drawn(
          map, values, tokens: X.shape[1], class: data.classes[Int(part.labels[place])],
          name: part.names.isEmpty ? nil : part.names[place])
      }
      let what =
        rollout
        ? "rollout through all layers"
        : (layer.map { "received in layer \($0)" } ?? "received in the last layer")
          + (head.map { ", head \($0)" } ?? "")
      try draw(
        (
          try .attention(
            shown,
            title: "What \(plotted.network.name) attends to, \(what)\(origin)",
            rate: data.valuesPerSecond), plotted.file(rollout ? "rollout" : "attention")
        ))
    }
  }

  /// The weights of a sample.
  ///
  /// - Throws: a sentence where they are none, or there is no such layer or head.
  private func weights(_ tensor: PipeTensor?, sample: Int) throws -> AttentionMap.Weights {
    guard let tensor, tensor.shape.count == 5, tensor.shape[3] == tensor.shape[4] else {
      throw PlotError.nothing(what: "the network leaves no attention weights of its layers")
    }
    let (layers, heads, tokens) = (tensor.shape[1], tensor.shape[2], tensor.shape[3])
    let size = tokens * tokens
    let all = (0..<layers).map { layer in
      (0..<heads).map { head in
        let start = ((sample * layers + layer) * heads + head) * size
        return Array(tensor.values[start..<start + size])
      }
    }
    guard let weights = AttentionMap.Weights(all, tokens: tokens) else {
      throw PlotError.nothing(what: "the network leaves no attention weights of its layers")
    }
    guard layer ?? 1 <= weights.layerCount, head ?? 1 <= weights.headCount else {
      throw ValidationError(
        "the network has \(weights.layerCount) layers of \(weights.headCount) heads.")
    }
    return weights
  }

  /// The map of a sample's weights.
  private func map(_ weights: AttentionMap.Weights) -> AttentionMap {
    rollout
      ? .rollout(weights)
      : .received(
        weights, layer: (layer ?? weights.layerCount) - 1, head: head.map { $0 - 1 })
  }

  /// The numbers of a sample, one token after the other.
  private static func values(_ all: [Float], _ shape: [Int], sample: Int) throws -> [Float] {
    guard shape.count == 3 else {
      throw PlotError.nothing(what: "the examples are no sequences of tokens")
    }
    let size = shape[1] * shape[2]
    return Array(all[sample * size..<(sample + 1) * size])
  }

  /// A panel: what stands before the example's own tokens is told in the title.
  private static func drawn(
    _ map: AttentionMap, _ values: [Float], tokens: Int, class name: String, name record: String?
  ) -> AttendedExample {
    let before = max(map.shares.count - tokens, 0)
    let share = map.shares.prefix(before).reduce(0, +)
    let title =
      (record.map { "\(name), \($0)" } ?? name)
      + (before > 0
        ? String(
          format: " (class token %.1f %%, even %.1f %%)", 100 * share,
          100 * Double(before) / Double(map.shares.count)) : "")
    return AttendedExample(
      title: title, values: values, multiples: Array(map.multiples.dropFirst(before)))
  }
}
