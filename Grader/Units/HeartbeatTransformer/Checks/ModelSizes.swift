import Judge
import WorkerPipe

/// The sizes that the subjects of this unit are asked about, and how their numbers are drawn.
///
/// They keep mistakes apart: a head is narrower than the embedding, so that √E and √d are not the same; the tokens are
/// not as many as channels, so that a product without its transpose stops; a size of 1 finds what was squeezed; with
/// one head or one layer several mistakes do not show, so there are more of both.
enum ModelSizes {
  typealias Size = TrialSeries.Size

  // MARK: - Attention

  /// Queries, keys and values; `leading` are the axes before tokens and channels.
  static func attention(
    _ leading: [Int], queries: Int, keys: Int, d: Int, values: Int, _ draw: Draw = .ordinary
  ) -> Size {
    .init(
      [:],
      inputs: [
        InputShape("Q", leading + [queries, d]), InputShape("K", leading + [keys, d]),
        InputShape("V", leading + [keys, values]),
      ], draw: draw)
  }

  static let attention = [
    attention([3], queries: 5, keys: 5, d: 4, values: 4),
    attention([2, 3], queries: 4, keys: 4, d: 2, values: 2),
    attention([1], queries: 1, keys: 1, d: 1, values: 1),
    attention([2], queries: 3, keys: 6, d: 5, values: 2),
    attention([2], queries: 4, keys: 4, d: 4, values: 3),
  ]

  static let smallestAttention = [
    attention([1], queries: 1, keys: 1, d: 1, values: 1),
    attention([1], queries: 1, keys: 2, d: 1, values: 1),
    attention([1], queries: 2, keys: 2, d: 1, values: 1),
    attention([1], queries: 2, keys: 2, d: 2, values: 2),
    attention([2], queries: 3, keys: 3, d: 2, values: 2),
  ]

  static func drawnAttention(_ numbers: inout SeededNumbers) -> Size {
    let (samples, queries, keys) = (
      numbers.integer(2...4), numbers.integer(2...7), numbers.integer(2...7)
    )
    let (d, values) = (numbers.integer(2...9), numbers.integer(2...9))
    return attention(
      [samples], queries: queries, keys: keys, d: d, values: values,
      .afterCalls(
        numbers.integer(3...9),
        "for \(queries) queries and \(keys) keys of \(d) channels in \(samples) samples"))
  }

  /// Scores of this size before the softmax: an exponential of one overflows from 89 on.
  static func largeScores(_ size: Float) -> Draw {
    Draw(to: "for scores of ±\(Int(size))") { parameters, inputs, numbers in
      // a sum of d products of normal numbers over √d is normal, with the product of their deviations
      let drawn = inputs.map { input in
        numbers.normal(
          input.name, input.shape, standardDeviation: input.name == "V" ? 1 : size.squareRoot())
      }
      return (ordinary(parameters, &numbers), drawn)
    }
  }

  // MARK: - Models on tokens

  /// Ordinary parameters, but that the channels which a `linear` layer gives to a normalisation lie apart. Where they
  /// are nearly alike, a normalisation shows the ε that it adds to their variance, and with another one the right
  /// equations would be taken for wrong ones: the task names none. Two or three channels are alike too often.
  static func ordinary(
    _ parameters: [PipeTensor], _ numbers: inout SeededNumbers
  ) -> [PipeTensor] {
    parameters.map {
      let usual = numbers.normal($0.name, $0.shape, standardDeviation: Draw.usualDeviation($0))
      // so much larger than what the inputs bring that they do not take it back in all channels at once
      switch $0.name.split(separator: ".").suffix(2).joined(separator: ".") {
      case "linear.weight": return usual.mapValues { 0.5 * $0 }
      case "linear.bias": return apart(usual, by: 3)
      default: return usual
      }
    }
  }

  /// Ordinary numbers for a model with such a layer.
  static let linearApart: Draw.Numbers = { parameters, inputs, numbers in
    let drawn = ordinary(parameters, &numbers)
    return (drawn, inputs.map { numbers.normal($0.name, $0.shape) })
  }

  /// Inputs of a size, with ordinary parameters.
  static func largeInputs(_ size: Float) -> Draw {
    Draw(to: "for inputs of the size \(Int(size))") { parameters, inputs, numbers in
      (
        ordinary(parameters, &numbers),
        inputs.map { numbers.normal($0.name, $0.shape, standardDeviation: size) }
      )
    }
  }

  /// The arguments of GELU near −2.5, and nothing else that is large: there its approximation by tanh is 2 % off, and
  /// elsewhere so little that a check sees it sometimes and sometimes not. Values that are otherwise ordinary.
  static let nearMinusTwoAndAHalf = Draw.ordinary { parameters, inputs, numbers in
    let drawn = ordinary(parameters, &numbers).map { parameter in
      switch parameter.name {
      case "hidden.weight", "norm.weight": return parameter.mapValues { 0.3 * $0 }
      case "hidden.bias", "norm.bias": return parameter.mapValues { 0.3 * $0 - 2.5 }
      case "output.bias": return parameter.mapValues { _ in 0 }
      case "classToken": return parameter.mapValues { 0.01 * $0 }
      default: return parameter
      }
    }
    return (drawn, inputs.map { numbers.normal($0.name, $0.shape) })
  }

  /// The rows of the last axis with this deviation, each about its own mean.
  private static func apart(_ tensor: PipeTensor, by size: Float) -> PipeTensor {
    let width = tensor.shape.last ?? 1
    var values = tensor.values
    for first in stride(from: 0, to: values.count, by: width) {
      let row = first..<first + width
      let mean = values[row].reduce(0, +) / Float(width)
      let squares = values[row].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Float(width)).squareRoot()
      guard deviation > 0 else { continue }
      for place in row { values[place] = mean + (values[place] - mean) * (size / deviation) }
    }
    return PipeTensor(name: tensor.name, shape: tensor.shape, values: values)
  }

  /// Ordinary numbers, but that the channels of the tokens that encoder layers get lie apart, for the same reason. An
  /// encoder layer's input are the tokens.
  static let tokensApart: Draw.Numbers = { parameters, inputs, numbers in
    let drawn = ordinary(parameters, &numbers)
    return (drawn, inputs.map { apart(numbers.normal($0.name, $0.shape), by: 3) })
  }
  /// The same for a network, which adds positions to them. Their mean over the tokens, which the classifier reads with
  /// each layer's, is small beside the bias of its layer.
  static let positionsApart: Draw.Numbers = { parameters, inputs, numbers in
    let drawn = ordinary(parameters, &numbers).map { parameter in
      parameter.name == "positions" ? apart(withHalfTheMean(parameter), by: 3) : parameter
    }
    return (drawn, inputs.map { numbers.normal($0.name, $0.shape) })
  }

  /// A table whose rows have half the mean that they had.
  private static func withHalfTheMean(_ table: PipeTensor) -> PipeTensor {
    let (rows, columns) = (table.shape[0], table.shape[1])
    let means = (0..<columns).map { column in
      (0..<rows).reduce(0) { $0 + table.values[$1 * columns + column] } / Float(rows)
    }
    return PipeTensor(
      name: table.name, shape: table.shape,
      values: table.values.enumerated().map { $1 - means[$0 % columns] / 2 })
  }

  /// Samples, tokens and channels of the input; the configuration besides.
  static func size(
    _ samples: Int, _ tokens: Int, _ channels: Int, _ configuration: [String: Int],
    _ draw: Draw = .ordinary
  ) -> Size {
    .init(configuration, input: [samples, tokens, channels], draw: draw)
  }

  /// Samples, tokens, channels and heads.
  static func heads(
    _ samples: Int, _ tokens: Int, _ channels: Int, _ heads: Int, _ draw: Draw = .ordinary
  ) -> Size {
    size(samples, tokens, channels, ["embedSize": channels, "headCount": heads], draw)
  }

  static let heads = [
    heads(3, 5, 8, 2), heads(2, 4, 6, 3), heads(1, 1, 1, 1), heads(2, 3, 5, 5), heads(2, 7, 4, 1),
  ]
  static let encoders = [(3, 5, 8, 2), (2, 4, 6, 3), (1, 1, 4, 4), (2, 3, 5, 5), (2, 7, 4, 1)].map {
    heads($0, $1, $2, $3, .ordinary(tokensApart))
  }
  static let smallestHeads = [
    heads(1, 1, 1, 1), heads(1, 2, 1, 1), heads(1, 1, 2, 2), heads(1, 1, 3, 3), heads(1, 2, 2, 1),
    heads(1, 2, 4, 2), heads(2, 3, 4, 2),
  ]

  static func drawnHeads(
    _ numbers: inout SeededNumbers, _ draw: @escaping Draw.Numbers = Draw.ordinary.numbers
  ) -> Size {
    let (samples, tokens) = (numbers.integer(2...5), numbers.integer(2...7))
    let count = numbers.integer(2...4)
    let channels = count * numbers.integer(2...4)
    return heads(
      samples, tokens, channels, count,
      .afterCalls(
        numbers.integer(3...9),
        "for an input [\(samples), \(tokens), \(channels)] with \(count) heads", draw))
  }

  /// The network's.
  struct Network {
    var tokens: Int
    var channels: Int
    var embedding: Int
    var heads: Int
    var layers: Int
    var classes = 5

    var configuration: [String: Int] {
      [
        "tokenCount": tokens, "channelCount": channels, "embedSize": embedding,
        "headCount": heads, "layerCount": layers, "classCount": classes,
      ]
    }

    /// Whatever is asked of it, no ε of its normalisations shows.
    func size(_ samples: Int, _ draw: Draw = .ordinary(positionsApart)) -> Size {
      ModelSizes.size(samples, tokens, channels, configuration, draw)
    }

    /// The course's: patches.
    static let course = Network(tokens: 17, channels: 11, embedding: 32, heads: 4, layers: 2)
  }

  static let networks = [
    (Network(tokens: 5, channels: 3, embedding: 8, heads: 2, layers: 2), 3),
    (Network(tokens: 4, channels: 2, embedding: 6, heads: 3, layers: 3, classes: 4), 2),
    (Network(tokens: 1, channels: 1, embedding: 1, heads: 1, layers: 1, classes: 1), 1),
    (Network(tokens: 3, channels: 1, embedding: 4, heads: 1, layers: 1, classes: 2), 1),
  ].map { $0.size($1) }
  static let smallestNetworks = [
    Network(tokens: 1, channels: 1, embedding: 2, heads: 1, layers: 1, classes: 1).size(1),
    Network(tokens: 2, channels: 1, embedding: 2, heads: 1, layers: 1, classes: 2).size(1),
    Network(tokens: 2, channels: 1, embedding: 4, heads: 2, layers: 1, classes: 2).size(2),
    Network(tokens: 3, channels: 2, embedding: 4, heads: 2, layers: 2, classes: 3).size(2),
  ]

  static func drawnNetwork(_ numbers: inout SeededNumbers) -> Size {
    let heads = numbers.integer(2...3)
    let network = Network(
      tokens: numbers.integer(2...6), channels: numbers.integer(2...5),
      embedding: heads * numbers.integer(2...4), heads: heads, layers: numbers.integer(2...3),
      classes: numbers.integer(3...6))
    let samples = numbers.integer(2...4)
    return network.size(
      samples,
      .afterCalls(
        numbers.integer(3...9),
        "for an input [\(samples), \(network.tokens), \(network.channels)] with \(network.embedding) "
          + "channels, \(heads) heads and \(network.layers) layers", positionsApart))
  }
}
