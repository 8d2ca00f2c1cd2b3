import Coursework
import NeuralNetworks
import TensorCore

/// The program that the checks and `./rhythm train` talk to: the unit's functions and models by name.
@main
enum HeartbeatTransformerWorker {
  static func main() { Worker.serve(Catalogue(attentions + parts + networks)) }

  private typealias Attended = (outputs: Tensor, weights: Tensor)

  private static func results(_ attended: Attended) -> [Catalogue.NamedResult] {
    [("outputs", .tensor(attended.outputs)), ("weights", .tensor(attended.weights))]
  }

  private static let attentions: [Catalogue.Entry] = [
    .function("attention") { inputs, _, _ in
      results(try attention(inputs["Q"], inputs["K"], inputs["V"]))
    },
    .model("AttentionHead") { size, generator in
      AttentionHead(
        embedSize: try size.embedSize, headSize: try size.headSize, using: &generator)
    } _: { head, inputs in
      results(try head(inputs["input"]))
    },
    .model("MultiHeadAttention") { size, generator in
      try MultiHeadAttention(
        embedSize: size.embedSize, headCount: size.headCount, using: &generator)
    } _: { attention, inputs in
      results(try attention(inputs["input"]))
    },
  ]

  private static let parts: [Catalogue.Entry] = [
    .model("MLP") { size, generator in
      try MLP(embedSize: size.embedSize, using: &generator)
    } _: { mlp, inputs in
      [("outputs", .tensor(try mlp(inputs["input"])))]
    },
    .model("EncoderLayer") { size, generator in
      try EncoderLayer(embedSize: size.embedSize, headCount: size.headCount, using: &generator)
    } _: { layer, inputs in
      results(try layer(inputs["input"]))
    },
    .model("BeatEmbedding") { size, generator in
      try BeatEmbedding(
        channelCount: size.channelCount, embedSize: size.embedSize, using: &generator)
    } _: { embedding, inputs in
      [("tokens", .tensor(try embedding(inputs["input"])))]
    },
    .model("BeatClassifier") { size, generator in
      try BeatClassifier(
        embedSize: size.embedSize, classCount: size.classCount, using: &generator)
    } _: { classifier, inputs in
      [("logits", .tensor(try classifier(inputs["input"])))]
    },
  ]

  private static func network(
    _ size: Catalogue.Configuration, _ generator: inout RandomGenerator
  ) throws -> ECGformer {
    try ECGformer(
      tokenCount: size.tokenCount, channelCount: size.channelCount, embedSize: size.embedSize,
      headCount: size.headCount, layerCount: size.layerCount, classCount: size.classCount,
      using: &generator)
  }

  private static let networks: [Catalogue.Entry] = [
    .network("ECGformer") { try network($0, &$1) },
    .network("ECGformerWithoutPositions") { size, generator in
      try ECGformerWithoutPositions(
        tokenCount: size.tokenCount, channelCount: size.channelCount, embedSize: size.embedSize,
        headCount: size.headCount, layerCount: size.layerCount, classCount: size.classCount,
        using: &generator)
    },
    // the same network, asked for what its layers leave in the store: the weights of all, one upon the other
    .model("AttentionMaps") {
      try network($0, &$1)
    } _: { network, inputs in
      let store = AttentionStore()
      let logits = try network(inputs["input"], store: store)
      return [("logits", .tensor(logits))]
        + (store.weights.isEmpty
          ? [] : [("weights", .tensor(try .stack(store.weights, axis: 1)))])
    },
  ]
}
