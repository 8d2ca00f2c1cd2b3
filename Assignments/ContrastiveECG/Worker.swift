import Coursework
import NeuralNetworks
import TensorCore

/// The program that the checks and `./rhythm train` talk to: the unit's functions and models by name.
@main
enum ContrastiveECGWorker {
  static func main() { Worker.serve(Catalogue(distances + encoders + losses + queries + rankings)) }

  /// A margin is given in eighths, so that it is a number that floats hold exactly.
  private static func margin(_ size: Catalogue.Configuration) throws -> Float {
    Float(try size.marginInEighths) / 8
  }

  // MARK: - Distances, triplets, mining

  private static let distances: [Catalogue.Entry] = [
    .function("squaredDistances") { inputs, _, _ in
      [("distances", .tensor(try squaredDistances(inputs["A"], inputs["B"])))]
    },
    .function("tripletLoss") { inputs, size, _ in
      let loss = try tripletLoss(
        inputs["anchor"], inputs["positive"], inputs["negative"], margin: margin(size))
      return [("loss", .tensor(loss))]
    },
    .function("hardestNegatives") { inputs, _, _ in
      let columns = try hardestNegatives(inputs["D"], captions: inputs.integers("captions"))
      return [("columns", .integers(columns))]
    },
    .function("semiHardNegatives") { inputs, size, _ in
      let columns = try semiHardNegatives(
        inputs["D"], captions: inputs.integers("captions"), margin: margin(size))
      return [("columns", .integers(columns))]
    },
  ]

  // MARK: - The towers

  private static func model(
    _ size: Catalogue.Configuration, _ generator: inout RandomGenerator
  ) throws -> ContrastiveModel {
    try ContrastiveModel(
      leadCount: size.leadCount, sampleCount: size.sampleCount, textSize: size.textSize,
      using: &generator)
  }

  private static let encoders: [Catalogue.Entry] = [
    .model("ECGEncoder") { size, generator in
      try ECGEncoder(
        leadCount: size.leadCount, sampleCount: size.sampleCount, using: &generator)
    } _: { encoder, inputs in
      [("features", .tensor(try encoder(inputs["input"])))]
    },
    .function("featureCount") { _, size, generator in
      let encoder = try ECGEncoder(
        leadCount: size.leadCount, sampleCount: size.sampleCount, using: &generator)
      return [("count", .integers([Int32(clamping: encoder.features)]))]
    },
    .function("normalised") { inputs, _, _ in
      [("rows", .tensor(try normalised(inputs["x"])))]
    },
    .model("ContrastiveModel") {
      try model($0, &$1)
    } _: { model, inputs in
      [("embeddings", .tensor(try model(inputs["input"])))]
    },
  ]

  // MARK: - The loss, and batches for it

  /// What is not said is as in the handout.
  private static func choices(_ size: Catalogue.Configuration) throws -> TrainingChoices {
    var choices = TrainingChoices()
    choices.shifts = try size.shifts == 1
    choices.repeatsCaptions = (try? size.repeatsCaptions) == 1
    choices.learnsScale = (try? size.learnsScale) != 0
    choices.textProjection = (try? size.textProjection) ?? 0
    choices.loss = try choice(
      "loss", try? size.loss,
      remedy: "0 is the contrastive one, 1 semi-hard, 2 hardest and 3 random triplets")
    choices.encoder = try choice(
      "encoder", try? size.encoder,
      remedy: "0 is yours, 1 ends with the mean over time, 2 has kernels of 3 and pooling of 2")
    return choices
  }

  /// What a number stands for, and 0 where there is none.
  private static func choice<Choice: RawRepresentable<Int>>(
    _ name: String, _ number: Int?, remedy: String
  ) throws -> Choice {
    guard let choice = Choice(rawValue: number ?? 0) else {
      throw TensorError("TrainingStep", "there is no \(name) \(number ?? 0)", remedy: remedy)
    }
    return choice
  }

  private static func step(
    _ size: Catalogue.Configuration, _ generator: inout RandomGenerator
  ) throws -> TrainingStep {
    try TrainingStep(
      leadCount: size.leadCount, sampleCount: size.sampleCount, textSize: size.textSize,
      choices: choices(size), using: &generator)
  }

  private static let losses: [Catalogue.Entry] = [
    .function("contrastiveLoss") { inputs, _, _ in
      let loss = try contrastiveLoss(inputs["Z"], inputs["T"], logScale: inputs["k"])
      return [("loss", .tensor(loss))]
    },
    // what a training trains; asked by itself it gives the model's embeddings
    .model("TrainingStep") {
      try step($0, &$1)
    } _: { step, inputs in
      [("embeddings", .tensor(try step.model(inputs["input"])))]
    },
    .function("DistinctCaptions") { inputs, size, generator in
      let sampler = try DistinctCaptions(
        captions: inputs.integers("captions"), batchSize: size.batchSize)
      let batches = sampler.batches(using: &generator)
      return [("records", .integers(batches.flatMap { $0 }.map { Int32(clamping: $0) }))]
    },
  ]

  // MARK: - Classes by their texts

  private static let queries: [Catalogue.Entry] = [
    // the prompts of all classes in one tensor, and how many each class has
    .function("classVectors") { inputs, _, _ in
      let counts = try inputs.integers("counts").map { Int($0) }
      let prompts = try inputs["prompts"].split(axis: 0, sizes: counts)
      return [("vectors", .tensor(try classVectors(prompts)))]
    },
    .function("scores") { inputs, _, _ in
      [("scores", .tensor(try scores(inputs["Z"], inputs["C"])))]
    },
    .function("predictions") { inputs, _, _ in
      [("classes", .integers(try predictions(inputs["scores"])))]
    },
  ]

  // MARK: - Rankings

  /// A figure as a float, and what that leaves of it: a double has more places than the pipe's numbers.
  private static func results(_ figure: Double?) -> [Catalogue.NamedResult] {
    let value = figure ?? 0
    return [
      ("isDefined", .integers([figure == nil ? 0 : 1])), ("figure", .tensor(Tensor(Float(value)))),
      ("rest", .tensor(Tensor(Float(value - Double(Float(value)))))),
    ]
  }

  private static func labels(_ inputs: Catalogue.Arguments) throws -> [Bool] {
    try inputs.integers("labels").map { $0 == 1 }
  }

  private static let rankings: [Catalogue.Entry] = [
    .function("areaUnderROC") { inputs, _, _ in
      results(try areaUnderROC(scores: inputs["scores"].array, labels: labels(inputs)))
    },
    .function("averagePrecision") { inputs, _, _ in
      results(try averagePrecision(scores: inputs["scores"].array, labels: labels(inputs)))
    },
  ]
}
