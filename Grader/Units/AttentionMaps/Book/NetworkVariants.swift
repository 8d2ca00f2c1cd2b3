import Judge
import TensorCore

/// Global average pooling and the last layer as students write them.
struct PoolingVariant: Variant {
  enum Pooling { case mean, sum, maximum, last, first, root, byChannels }
  var pooling = Pooling.mean
  var hasSoftmax = false
  var activates = false
  var isAbsolute = false
  var detaches = false
  var detachesWeights = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    try ModelRun.results(numbers, "f") { f, run in [("logits", try apply(f, run("w")))] }
  }

  func apply(_ f: Tensor, _ w: Tensor) throws -> Tensor {
    let f = activates ? f.relu() : isAbsolute ? f.abs() : detaches ? f.detached() : f
    let pooled =
      switch pooling {
      case .mean: try f.mean(axis: 2)
      case .sum: try f.sum(axis: 2)
      case .maximum: try f.max(axis: 2)
      case .last: try f.select(axis: 2, index: -1)
      case .first: try f.select(axis: 2, index: 0)
      case .root: try f.sum(axis: 2) / Float(f.shape[2]).squareRoot()
      case .byChannels: try f.sum(axis: 2) / Float(f.shape[1])
      }
    let logits = try pooled.matmul(detachesWeights ? w.detached() : w)
    return hasSoftmax ? try logits.softmax() : logits
  }

  static let mistakes: [Mistake<Self>] =
    shared + [
      .init("features-activated", "a ReLU is applied to the features first") {
        $0.activates = true
      },
      .init("features-absolute", "the features are taken without their signs") {
        $0.isAbsolute = true
      },
      .init(
        "divided-by-channels",
        "the sum over the steps is divided by K, the number of channels; it is divided by T"
      ) { $0.pooling = .byChannels },
      .init(
        "weights-detached", "no gradient reaches w: it is " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detachesWeights = true },
      .init(
        "features-detached",
        "no gradient reaches the features: they are " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detaches = true },
    ]

  /// What goes wrong in the network too.
  static let shared: [Mistake<Self>] = [
    .init("sum", "the features are added up over the steps; it is their mean") {
      $0.pooling = .sum
    },
    .init("maximum", "it is the largest feature of all steps; it is their mean") {
      $0.pooling = .maximum
    },
    .init("last-step", "only the last step counts; it is the mean of all") { $0.pooling = .last },
    .init("first-step", "only the first step counts; it is the mean of all") {
      $0.pooling = .first
    },
    .init("root-of-steps", "the sum is divided by √T; it is divided by T") { $0.pooling = .root },
    .init("softmax", "a softmax is applied to the logits: the loss makes it") {
      $0.hasSoftmax = true
    },
  ]
}

/// What is done to maps that should be left as they are.
enum MapChange: CaseIterable {
  case none, softmax, relu, absolute, divided, timesProbability, stretched, reshaped, pooled,
    centred
  case sigmoid

  func callAsFunction(_ f: Tensor, _ w: Tensor) throws -> Tensor {
    let weights =
      switch self {
      case .absolute: w.abs()
      case .reshaped: try w.reshaped([w.shape[1], w.shape[0]]).transposed(0, 1)
      default: w
      }
    let M = try weights.transposed(0, 1).matmul(f)
    switch self {
    case .none, .absolute, .reshaped: return M
    case .softmax: return try M.softmax(axis: 2)
    case .relu: return M.relu()
    case .sigmoid: return M.sigmoid()
    case .divided: return M / Float(f.shape[2])
    case .timesProbability:
      let P = try f.mean(axis: 2).matmul(w).softmax()
      return try M * P.unsqueezed(axis: 2)
    case .stretched:
      let (low, high) = try (M.min(axis: 2, keepDims: true), M.max(axis: 2, keepDims: true))
      return try (M - low) / (high - low)
    case .pooled: return try M.mean(axis: 2, keepDims: true).expanded(to: M.shape)
    case .centred: return try M - M.mean(axis: 1, keepDims: true)
    }
  }

  static let others: [(id: String, sentence: String, change: MapChange)] = [
    (
      "softmax-over-time",
      "a softmax goes over the steps; a map is the sum over the channels as it is",
      .softmax
    ),
    ("relu", "a ReLU cuts off what speaks against the class; a map may be negative", .relu),
    ("sigmoid", "σ is applied to the maps; they are sums over the channels as they are", .sigmoid),
    ("absolute-weights", "the weights are taken without their signs", .absolute),
    (
      "divided-by-steps",
      "the maps are divided by T; the mean over the steps is made when they are added up", .divided
    ),
    (
      "times-probability", "each map is multiplied with the probability of its class",
      .timesProbability
    ),
    (
      "stretched",
      "each map is stretched to 0 … 1: a map that says nothing looks like one that does, and its mean is no logit",
      .stretched
    ),
    (
      "weights-reshaped",
      "w is reshaped to [classes, K], which mixes its numbers; it is to be transposed", .reshaped
    ),
    (
      "pooled",
      "the maps are the same at all steps: they are made of the pooled features; it is the features at each step",
      .pooled
    ),
    ("contrast", "the mean of all classes is taken away from each map", .centred),
  ]
}

/// The maps of all classes as students write them.
struct MapsVariant: Variant {
  var change = MapChange.none

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    try ModelRun.results(numbers, "f") { f, run in [("maps", try change(f, run("w")))] }
  }

  static let mistakes: [Mistake<Self>] =
    MapChange.others.map { id, sentence, change in .init(id, sentence) { $0.change = change } }
}

/// The map of one class for each sample as students write it.
struct ChosenMapVariant: Variant {
  enum Choice { case given, ofFirst, ofLast, zero, next, before, mean, sum, ofSample, predicted }
  var change = MapChange.none
  var choice = Choice.given

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let given = (numbers.integers["classes"] ?? []).map { Int($0) }
    return try ModelRun.results(numbers, "f") { f, run in
      let w = try run("w")
      let M = try change(f, w)
      let (samples, classes) = (M.shape[0], M.shape[1])
      let chosen: [Int]
      switch choice {
      case .mean: return [("map", try M.mean(axis: 1))]
      case .sum: return [("map", try M.sum(axis: 1))]
      case .given: chosen = given
      case .ofFirst: chosen = given.map { _ in given.first ?? 0 }
      case .ofLast: chosen = given.map { _ in given.last ?? 0 }
      case .zero: chosen = given.map { _ in 0 }
      case .next: chosen = given.map { ($0 + 1) % classes }
      case .before: chosen = given.map { ($0 + classes - 1) % classes }
      case .ofSample: chosen = (0..<samples).map { $0 % classes }
      case .predicted:
        let S = try f.mean(axis: 2).matmul(w).array
        chosen = (0..<samples).map { sample in
          let own = S[sample * classes..<(sample + 1) * classes]
          return own.indices.max { own[$0] < own[$1] }.map { $0 - sample * classes } ?? 0
        }
      }
      let maps = try chosen.enumerated().map { sample, c in
        try M.select(axis: 0, index: sample).select(axis: 0, index: c)
      }
      return [("map", try .stack(maps, axis: 0))]
    }
  }

  static let mistakes: [Mistake<Self>] =
    [
      .init("class-of-first-sample", "all samples get the map of the first one's class") {
        $0.choice = .ofFirst
      },
      .init("class-of-last-sample", "all samples get the map of the last one's class") {
        $0.choice = .ofLast
      },
      .init(
        "class-zero", "it is always the map of class 0; it is that of the class that is asked for"
      ) {
        $0.choice = .zero
      },
      .init("next-class", "it is the map of the next class") { $0.choice = .next },
      .init("class-before", "it is the map of the class before") { $0.choice = .before },
      .init("sample-number", "the number of the sample is taken for its class") {
        $0.choice = .ofSample
      },
      .init(
        "predicted-class",
        "it is the map of the class with the largest logit; it is that of the class that is asked for"
      ) { $0.choice = .predicted },
      .init("mean-of-classes", "it is the mean of all classes' maps") { $0.choice = .mean },
      .init("sum-of-classes", "it is the sum of all classes' maps") { $0.choice = .sum },
    ]
    + MapChange.others.map { id, sentence, change in .init(id, sentence) { $0.change = change } }
}

/// Interpolation as students write it.
struct InterpolationVariant: Variant {
  enum Places { case middles, leftEdges, corners, unshifted, shiftedUp }
  enum Way { case linear, repeated, exchanged, nearest, left, right, half }
  var places = Places.middles
  var way = Way.linear

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let n = numbers.sizes["places"] ?? 1
    return try ModelRun.results(numbers, "M") { M, _ in
      let T = M.shape[-1]
      let (steps, count) = (Double(T), Double(n))
      let raw = (0..<n).map { i -> Double in
        let i = Double(i)
        switch places {
        case .middles: return (i + 0.5) * steps / count - 0.5
        case .leftEdges: return i * steps / count
        case .corners: return n > 1 ? i * (steps - 1) / (count - 1) : 0
        case .unshifted: return (i + 0.5) * steps / count
        case .shiftedUp: return (i + 0.5) * steps / count + 0.5
        }
      }
      let u = raw.map { min(max($0, 0), steps - 1) }
      func picked(_ places: [Int]) throws -> Tensor {
        try M.indexSelect(axis: -1, places.map { min(max($0, 0), T - 1) })
      }
      switch way {
      case .repeated:
        return [("map", try picked((0..<n).map { Int(Double($0) * steps / count) }))]
      case .nearest: return [("map", try picked(u.map { Int($0.rounded()) }))]
      case .linear, .exchanged, .left, .right, .half:
        let j = u.map { Int($0) }
        let a = Tensor(zip(u, j).map { Float($0 - Double($1)) })
        let (left, right) = try (picked(j), picked(j.map { $0 + 1 }))
        switch way {
        case .left: return [("map", left)]
        case .right: return [("map", right)]
        case .half: return [("map", try (left + right) / 2)]
        case .exchanged: return [("map", try a * left + (1 - a) * right)]
        default: return [("map", try (1 - a) * left + a * right)]
        }
      }
    }
  }

  static let mistakes: [Mistake<Self>] = [
    .init("repeated", "every step is repeated; between the middles of the steps the map is a line")
    {
      $0.way = .repeated
    },
    .init(
      "nearest",
      "each place gets the nearest step; between the middles of the steps the map is a line"
    ) {
      $0.way = .nearest
    },
    .init(
      "left-edges",
      "place i is put at i T / n, the left edge; it is the middle, (i + ½) T / n − ½"
    ) { $0.places = .leftEdges },
    .init(
      "corners",
      "the first and the last place lie on the first and the last step (`align_corners`); the middles of the steps count"
    ) { $0.places = .corners },
    .init("without-half", "the − ½ is missing: u = (i + ½) T / n − ½") { $0.places = .unshifted },
    .init(
      "shares-exchanged",
      "the left neighbour counts a and the right one 1 − a; it is the other way round"
    ) {
      $0.way = .exchanged
    },
    .init("half-added", "½ is added to u; it is taken away: u = (i + ½) T / n − ½") {
      $0.places = .shiftedUp
    },
    .init("left-neighbour", "each place gets the step on its left; between two steps it is a line")
    { $0.way = .left },
    .init(
      "right-neighbour", "each place gets the step on its right; between two steps it is a line"
    ) { $0.way = .right },
    .init(
      "halves", "both neighbours count a half; the right one counts a and the left one 1 − a"
    ) { $0.way = .half },
  ]
}

/// The network as students write it, with right parts.
struct NetVariant: Variant {
  enum Dilations { case doubling, linear, fromTwo, none, reversed, squares }
  enum Stem { case task, withoutNorm, withoutReLU, withoutBoth, reluFirst }
  enum Blocks { case all, withoutLast, withoutFirst, sameParameters, twice }
  var dilations = Dilations.doubling
  var stem = Stem.task
  var blocks = Blocks.all
  var pooling = PoolingVariant()
  var activatesLast = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    try ModelRun.results(numbers) { X, run in
      [("logits", try pooling.apply(features(X, run, numbers), run("head.w")))]
    }
  }

  func features(_ X: Tensor, _ run: ModelRun, _ numbers: Numbers) throws -> Tensor {
    let count = numbers.sizes["blocks"] ?? 0
    let stemmed = try X.transposed(1, 2).conv1d(run("stem.W"), stride: 4, padding: 6)
    func norm(_ x: Tensor) throws -> Tensor { try NormVariant().apply(x, run, "stemNorm.") }
    var f =
      switch stem {
      case .task: try norm(stemmed).relu()
      case .withoutNorm: stemmed.relu()
      case .withoutReLU: try norm(stemmed)
      case .withoutBoth: stemmed
      case .reluFirst: try norm(stemmed.relu())
      }
    for i in 0..<count {
      if blocks == .withoutLast, i == count - 1 { continue }
      if blocks == .withoutFirst, i == 0 { continue }
      let dilation =
        switch dilations {
        case .doubling: 1 << i
        case .linear: i + 1
        case .fromTwo: 2 << i
        case .none: 1
        case .reversed: 1 << (count - 1 - i)
        case .squares: max(i * i, 1)
        }
      let prefix = "blocks.\(blocks == .sameParameters ? 0 : i)."
      f = try BlockVariant().apply(f, run, prefix, dilation: dilation)
      if blocks == .twice { f = try BlockVariant().apply(f, run, prefix, dilation: dilation) }
    }
    return activatesLast ? f.relu() : f
  }

  static let mistakes: [Mistake<Self>] =
    own + PoolingVariant.shared.map { $0.within(\Self.pooling) }

  private static let own: [Mistake<Self>] = [
    .init("linear-dilations", "the dilations are 1, 2, 3, …; they double: 1, 2, 4, …") {
      $0.dilations = .linear
    },
    .init("dilations-from-two", "the dilations begin with 2; the first is 2⁰ = 1") {
      $0.dilations = .fromTwo
    },
    .init("no-dilations", "all dilations are 1; they double from block to block") {
      $0.dilations = .none
    },
    .init("dilations-reversed", "the dilations fall from block to block; they rise") {
      $0.dilations = .reversed
    },
    .init("square-dilations", "the dilations are squares; they are powers of 2") {
      $0.dilations = .squares
    },
    .init("stem-not-normalised", "the stem's result is not normalised") { $0.stem = .withoutNorm },
    .init("stem-without-relu", "the ReLU behind the stem is missing") { $0.stem = .withoutReLU },
    .init("stem-alone", "normalisation and ReLU behind the stem are missing") {
      $0.stem = .withoutBoth
    },
    .init("stem-relu-first", "the ReLU comes before the stem's normalisation; it comes after it") {
      $0.stem = .reluFirst
    },
    .init("without-last-block", "the last block is left out") { $0.blocks = .withoutLast },
    .init("without-first-block", "the first block is left out") { $0.blocks = .withoutFirst },
    .init("first-block-everywhere", "the first block is used in all places") {
      $0.blocks = .sameParameters
    },
    .init("blocks-twice", "each block is applied twice") { $0.blocks = .twice },
  ]
}

/// The network's maps as students write them.
struct NetMapsVariant: Variant {
  var net = NetVariant()
  var change = MapChange.none

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    try ModelRun.results(numbers) { X, run in
      [("maps", try change(net.features(X, run, numbers), run("head.w")))]
    }
  }

  /// Of wrong features the logits tell before the maps are asked for, and of a wrong head its own task.
  private static let changes: Set<MapChange> = [.softmax, .relu, .divided, .stretched, .pooled]

  static let mistakes: [Mistake<Self>] =
    MapChange.others.filter { changes.contains($0.change) }
    .map { id, sentence, change in .init(id, sentence) { $0.change = change } }
}
