import Coursework
import NeuralNetworks
import TensorCore

/// The program that the checks and `./rhythm train` talk to: the unit's functions and models by name.
@main
enum AttentionMapsWorker {
  static func main() { Worker.serve(Catalogue(functions + layers + heads + networks)) }

  private static func list(
    _ inputs: Catalogue.Arguments, _ name: String
  ) throws -> [Int] { try inputs.integers(name).map { Int($0) } }

  private static let functions: [Catalogue.Entry] = [
    .function("classWeights") { inputs, size, _ in
      let weights = try classWeights(list(inputs, "labels"), classCount: size.classCount)
      return [("weights", .tensor(Tensor(weights)))]
    },
    .function("challengeScore") { inputs, _, _ in
      let score = try challengeScore(list(inputs, "labels"), list(inputs, "predictions"))
      return [("score", .tensor(Tensor(Float(score))))]
    },
    .function("receptiveField") { inputs, _, _ in
      let (kernels, dilations, strides) = try (
        list(inputs, "kernelSizes"), list(inputs, "dilations"), list(inputs, "strides")
      )
      let layers = kernels.indices.map {
        Layer(kernelSize: kernels[$0], dilation: dilations[$0], stride: strides[$0])
      }
      return [("field", .integers([Int32(clamping: try receptiveField(of: layers))]))]
    },
    .function("interpolated") { inputs, size, _ in
      [("map", .tensor(try interpolated(inputs["M"], to: size.places)))]
    },
  ]

  private static let layers: [Catalogue.Entry] = [
    .model("DilatedConvolution") { size, generator in
      try DilatedConvolution(
        inChannels: size.inChannels, outChannels: size.outChannels, kernelSize: size.kernelSize,
        dilation: size.dilation, isCausal: size.isCausal == 1, using: &generator)
    } _: { convolution, inputs in
      [("outputs", .tensor(try convolution(inputs["input"])))]
    },
    .model("BatchNormalisation") { size, _ in
      try BatchNormalisation(channels: size.channels)
    } _: { norm, inputs in
      [("outputs", .tensor(try norm(inputs["input"])))]
    },
    .model("ResidualBlock") { size, generator in
      try ResidualBlock(channels: size.channels, dilation: size.dilation, using: &generator)
    } _: { block, inputs in
      [("outputs", .tensor(try block(inputs["input"])))]
    },
  ]

  private static func head(
    _ size: Catalogue.Configuration, _ generator: inout RandomGenerator
  ) throws -> ClassActivation {
    try ClassActivation(channels: size.channels, classes: size.classes, using: &generator)
  }

  /// One layer, asked for its three functions.
  private static let heads: [Catalogue.Entry] = [
    .model("ClassActivation") {
      try head($0, &$1)
    } _: { head, inputs in
      [("logits", .tensor(try head.logits(inputs["f"])))]
    },
    .model("ClassActivationMaps") {
      try head($0, &$1)
    } _: { head, inputs in
      [("maps", .tensor(try head.maps(inputs["f"])))]
    },
    .model("ClassActivationMap") {
      try head($0, &$1)
    } _: { head, inputs in
      [("map", .tensor(try head.map(inputs["f"], of: list(inputs, "classes"))))]
    },
  ]

  private static func network(
    _ size: Catalogue.Configuration, _ generator: inout RandomGenerator
  ) throws -> DilatedNet {
    try DilatedNet(
      channels: size.channels, blocks: size.blocks, classes: size.classes, using: &generator)
  }

  private static let networks: [Catalogue.Entry] = [
    .network("DilatedNet") { try network($0, &$1) },
    .network("UndilatedNet") { size, generator in
      try UndilatedNet(
        channels: size.channels, blocks: size.blocks, classes: size.classes, using: &generator)
    },
    .network("GoodfellowNet") { try goodfellow($0, &$1) },
    .network("WaveNet") { try waveNet($0, &$1) },
    // the same networks, asked for their maps
    .model("DilatedMaps") {
      try network($0, &$1)
    } _: { network, inputs in
      [("maps", .tensor(try network.maps(inputs["input"])))]
    },
    .model("GoodfellowMaps") {
      try goodfellow($0, &$1)
    } _: { network, inputs in
      [("maps", .tensor(try network.maps(inputs["input"])))]
    },
    .model("WaveNetMaps") {
      try waveNet($0, &$1)
    } _: { network, inputs in
      [("maps", .tensor(try network.maps(inputs["input"])))]
    },
  ]

  private static func goodfellow(
    _ size: Catalogue.Configuration, _ generator: inout RandomGenerator
  ) throws -> GoodfellowNet {
    try GoodfellowNet(width: size.width, classes: size.classes, using: &generator)
  }

  private static func waveNet(
    _ size: Catalogue.Configuration, _ generator: inout RandomGenerator
  ) throws -> WaveNet {
    try WaveNet(
      channels: size.channels, blocks: size.blocks, classes: size.classes, using: &generator)
  }
}
