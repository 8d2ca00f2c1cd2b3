import Coursework
import NeuralNetworks
import TensorCore

/// The program that the checks, `./rhythm train` and `./rhythm search` talk to: the unit's functions and its network by name.
@main
enum ModelSelectionWorker {
  static func main() {
    Worker.serve(Catalogue(data + [network] + selection + figures + search + estimators))
  }

  // MARK: - Numbers

  private static func rows(_ tensor: Tensor) -> [[Float]] {
    let (values, width) = (tensor.array, tensor.shape[1])
    return (0..<tensor.shape[0]).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
  }

  private static func tensor(_ rows: [[Float]], width: Int) throws -> Tensor {
    try Tensor(rows.flatMap { $0 }, shape: [rows.count, width])
  }

  private static func labels(
    _ inputs: Catalogue.Arguments, _ name: String = "labels"
  ) throws -> [Int] { try inputs.integers(name).map { Int($0) } }

  private static func numbers(
    _ inputs: Catalogue.Arguments, _ name: String
  ) throws -> [Double] { try inputs[name].array.map { Double($0) } }

  private static func tensor(_ numbers: [Double]) -> Tensor { Tensor(numbers.map { Float($0) }) }

  /// Which places a list of indices names: 1 there, 0 elsewhere.
  private static func marks(_ places: [Int], of count: Int) throws -> [Int32] {
    var marks = [Int32](repeating: 0, count: count)
    for place in places {
      guard marks.indices.contains(place) else {
        throw TensorError("goodTrials", "there is no trial \(place) of \(count)")
      }
      marks[place] += 1
    }
    return marks
  }

  // MARK: - Features and balance

  private static let data: [Catalogue.Entry] = [
    .function("waveletFeatures") { inputs, _, _ in
      [("features", .tensor(try waveletFeatures(inputs["beats"])))]
    },
    .function("graft") { inputs, size, _ in
      [("beat", .tensor(Tensor(try graft(inputs["a"].array, inputs["b"].array, at: size.at))))]
    },
    .function("shifted") { inputs, size, _ in
      [("beat", .tensor(Tensor(try shifted(inputs["x"].array, by: size.by))))]
    },
    // a training that names it as its preparation gives a seed with the settings
    .function("balancedByGrafting") { inputs, size, generator in
      let beats = try inputs["beats"]
      func made(_ generator: inout RandomGenerator) throws -> [Catalogue.NamedResult] {
        let made = try balancedByGrafting(
          rows(beats), labels(inputs), perClass: size.perClass, using: &generator)
        return [
          ("beats", .tensor(try tensor(made.beats, width: beats.shape[1]))),
          ("labels", .integers(made.labels.map { Int32(clamping: $0) })),
        ]
      }
      guard let seed = try? size.seed else { return try made(&generator) }
      var own = RandomGenerator(seed: UInt64(truncatingIfNeeded: seed))
      return try made(&own)
    },
    // real beats in place of made ones, to compare with
    .function("repeatedBeats") { inputs, size, _ in
      try chosen(inputs, size) { labels, generator in
        repeatedBeats(labels, perClass: try size.perClass, using: &generator)
      }
    },
    .function("drawnBeats") { inputs, size, _ in
      try chosen(inputs, size) { labels, generator in
        drawnBeats(labels, count: try size.count, using: &generator)
      }
    },
  ]

  /// The beats of some places, drawn by a preparation's seed.
  private static func chosen(
    _ inputs: Catalogue.Arguments, _ size: Catalogue.Configuration,
    _ places: (_ labels: [Int], inout RandomGenerator) throws -> [Int]
  ) throws -> [Catalogue.NamedResult] {
    let (beats, labels) = (rows(try inputs["beats"]), try labels(inputs))
    var generator = RandomGenerator(seed: UInt64(truncatingIfNeeded: try size.seed))
    let places = try places(labels, &generator)
    return [
      ("beats", .tensor(try tensor(places.map { beats[$0] }, width: inputs["beats"].shape[1]))),
      ("labels", .integers(places.map { Int32(clamping: labels[$0]) })),
    ]
  }

  // MARK: - Network and training

  private static let network: Catalogue.Entry = .network("StackedLinearModel") { size, generator in
    try StackedLinearModel(
      inputSize: size.inputSize, width: size.width, hiddenLayers: size.hiddenLayers,
      dropout: (try? size.number("dropout")) ?? 0.5, using: &generator)
  }

  /// What `fit` is tried on: an epoch writes the next row of a table into it.
  private final class Written: Module {
    @Parameter var w: Tensor
    @Buffer var mean: Tensor

    init(count: Int) {
      w = .zeros([count])
      mean = .zeros([1])
    }
  }

  private static let selection: [Catalogue.Entry] = [
    // one score after the other, until it stops: what comes later has no decision, −1
    .function("earlyStopping") { inputs, size, _ in
      let scores = try numbers(inputs, "scores")
      var stopping = EarlyStopping(patience: try size.patience)
      var (best, stops) = ([Int32](), [Int32]())
      for score in scores where stops.last != 1 {
        let decision = try stopping.update(score)
        best.append(decision.isBest ? 1 : 0)
        stops.append(decision.stops ? 1 : 0)
      }
      let rest = [Int32](repeating: -1, count: scores.count - stops.count)
      return [("isBest", .integers(best + rest)), ("stops", .integers(stops + rest))]
    },
    .function("fit") { inputs, size, _ in
      let (scores, table) = (try numbers(inputs, "scores"), rows(try inputs["parameters"]))
      let network = Written(count: table[0].count)
      var epoch = 0
      let seen = try fit(network, epochs: scores.count, patience: size.patience) {
        guard epoch < scores.count else {
          throw TensorError("fit", "epoch \(epoch) of \(scores.count) is asked for")
        }
        try network.load([("w", Tensor(table[epoch])), ("mean", Tensor([Float(epoch + 1)]))])
        epoch += 1
        return scores[epoch - 1]
      }
      return [
        ("parameters", .tensor(network.w)), ("buffer", .tensor(network.mean)),
        ("epochs", .integers([Int32(epoch), Int32(seen.count)])),
      ]
    },
  ]

  // MARK: - Figures

  private static let figures: [Catalogue.Entry] = [
    .function("macroAUROC") { inputs, _, _ in
      let score = try macroAUROC(rows(inputs["logits"]), labels(inputs))
      return [
        ("isDefined", .integers([score == nil ? 0 : 1])),
        ("score", .tensor(Tensor(Float(score ?? 0)))),
      ]
    },
    .function("evaluation") { inputs, _, _ in
      let logits = try inputs["logits"]
      let found = try evaluation(rows(logits), labels(inputs))
      return [
        (
          "matrix",
          .tensor(
            try tensor(found.matrix.map { $0.map { Float($0) } }, width: logits.shape[1]))
        ),
        ("recalls", .tensor(tensor(found.recalls))),
        ("meanRecall", .tensor(Tensor(Float(found.meanRecall)))),
        ("accuracy", .tensor(Tensor(Float(found.accuracy)))),
      ]
    },
  ]

  // MARK: - Search

  /// A space by three lists: the kinds, and for each the bounds, of a choice 0 and the number of choices.
  private static func space(_ size: Catalogue.Configuration) throws -> [SearchParameter] {
    let (kinds, lows, highs) = try (
      size.texts("kinds"), size.numbers("lows"), size.numbers("highs")
    )
    guard lows.count == kinds.count, highs.count == kinds.count else {
      throw TensorError(
        "proposal",
        "there are \(kinds.count) kinds, \(lows.count) lows and \(highs.count) highs")
    }
    return try kinds.indices.map { i in
      switch kinds[i] {
      case "uniform": .uniform(low: lows[i], high: highs[i])
      case "log-uniform": .logUniform(low: lows[i], high: highs[i])
      case "choice": .choice(count: Int(highs[i]))
      default:
        throw TensorError(
          "proposal", "there is no parameter of the kind \(kinds[i])",
          remedy: "There are uniform, log-uniform and choice")
      }
    }
  }

  private static let search: [Catalogue.Entry] = [
    .function("randomPoint") { _, size, generator in
      [("point", .tensor(tensor(try randomPoint(in: space(size), using: &generator))))]
    },
    .function("proposal") { inputs, size, generator in
      let points = rows(try inputs["points"]).map { $0.map { Double($0) } }
      let scores = try numbers(inputs, "scores")
      func proposed(_ generator: inout RandomGenerator) throws -> [Catalogue.NamedResult] {
        let point = try proposal(
          in: space(size), points: points, scores: scores, using: &generator)
        return [("point", .tensor(tensor(point)))]
      }
      guard let seed = try? size.seed else { return try proposed(&generator) }
      var own = RandomGenerator(seed: UInt64(truncatingIfNeeded: seed))
      return try proposed(&own)
    },
    // many searches at once, each with a generator of its own: points [searches, trials, parameters], scores
    // [searches, trials]
    .function("proposals") { inputs, size, generator in
      let (points, scores) = try (inputs["points"], inputs["scores"])
      let (searches, trials, width) = (points.shape[0], points.shape[1], points.shape[2])
      let space = try space(size)
      let (coordinates, all) = (points.array.map { Double($0) }, scores.array.map { Double($0) })
      var proposed: [[Float]] = []
      for search in 0..<searches {
        let own = (search * trials)..<((search + 1) * trials)
        var drawn = generator.split()
        let point = try proposal(
          in: space, points: own.map { Array(coordinates[($0 * width)..<(($0 + 1) * width)]) },
          scores: Array(all[own]), using: &drawn)
        proposed.append(point.map { Float($0) })
      }
      return [("points", .tensor(try tensor(proposed, width: width)))]
    },
    .function("goodTrials") { inputs, _, _ in
      let scores = try numbers(inputs, "scores")
      return [("isGood", .integers(try marks(goodTrials(scores), of: scores.count)))]
    },
    .function("bestCandidate") { inputs, _, _ in
      let bounds = try numbers(inputs, "bounds")
      func estimator(_ name: String) throws -> ParzenEstimator {
        try ParzenEstimator(numbers(inputs, name), low: bounds[0], high: bounds[1])
      }
      let best = try bestCandidate(
        numbers(inputs, "candidates"), good: estimator("good"), bad: estimator("bad"))
      return [("index", .integers([Int32(clamping: best)]))]
    },
  ]

  private static func estimator(_ inputs: Catalogue.Arguments) throws -> ParzenEstimator {
    let bounds = try numbers(inputs, "bounds")
    return try ParzenEstimator(numbers(inputs, "values"), low: bounds[0], high: bounds[1])
  }

  private static let estimators: [Catalogue.Entry] = [
    .function("parzenWidths") { inputs, _, _ in
      let estimator = try estimator(inputs)
      return [
        ("centres", .tensor(tensor(estimator.centres))),
        ("widths", .tensor(tensor(estimator.widths))),
      ]
    },
    .function("parzenDensity") { inputs, _, _ in
      let estimator = try estimator(inputs)
      let densities = try numbers(inputs, "places").map { try estimator.logDensity($0) }
      return [("logDensity", .tensor(tensor(densities)))]
    },
    .function("parzenDraws") { inputs, size, generator in
      let estimator = try estimator(inputs)
      let draws = try (0..<(try size.count)).map { _ in try estimator.draw(using: &generator) }
      return [("draws", .tensor(tensor(draws)))]
    },
    .function("choiceProbabilities") { inputs, size, _ in
      let probabilities = try choiceProbabilities(labels(inputs, "seen"), count: size.choices)
      return [("probabilities", .tensor(tensor(probabilities)))]
    },
  ]
}
