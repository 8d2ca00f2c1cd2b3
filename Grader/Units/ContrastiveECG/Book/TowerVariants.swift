import Judge
import TensorCore

/// The encoder as students write it.
struct EncoderVariant: Variant {
  enum Statistics { case task, ofBatch, ofBuffers }
  enum Activation { case relu, none, leaky, tanh }
  enum Pooling { case maximum, average, none, stride, two, minimum }
  enum End { case flattened, bySteps, mean, maximum }
  enum Detached { case nothing, input, weights }
  var statistics = Statistics.task
  var activation = Activation.relu
  var isLastActivated = true
  var activatesFirst = false
  var normalises = true
  var momentum: Float = 0.1
  var pooling = Pooling.maximum
  var isPadded = true
  var isReshaped = false
  var end = End.flattened
  var detached = Detached.nothing

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    try ModelRun.results(numbers) { x, run in [("features", try apply(x, run))] }
  }

  private static let paddings = [3, 2, 1, 1]
  private static let widths = [4, 4, 2, 2]

  /// - Parameter prefix: what the names begin with in a larger model.
  func apply(_ X: Tensor, _ run: ModelRun, _ prefix: String = "") throws -> Tensor {
    var x = detached == .input ? X.detached() : X
    if isReshaped {
      x = try x.reshaped([X.shape[0], X.shape[2], X.shape[1]]).transposed(1, 2)
    }
    for block in 0..<4 { x = try self.block(block, x, run, prefix) }
    switch end {
    case .flattened: return try x.flattened()
    case .bySteps: return try x.transposed(1, 2).flattened()
    case .mean: return try x.mean(axis: 2)
    case .maximum: return try x.max(axis: 2)
    }
  }

  private func block(
    _ place: Int, _ x: Tensor, _ run: ModelRun, _ prefix: String
  ) throws -> Tensor {
    func parameter(_ name: String) throws -> Tensor {
      let tensor = try run(prefix + name)
      return detached == .weights ? tensor.detached() : tensor
    }
    let width = Self.widths[place]
    var y = try x.conv1d(
      parameter("conv\(place + 1).weight"), bias: parameter("conv\(place + 1).bias"),
      stride: pooling == .stride ? width : 1,
      padding: isPadded ? .zeros(Self.paddings[place]) : 0)
    func activated(_ y: Tensor) -> Tensor {
      guard isLastActivated || place < 3 else { return y }
      return switch activation {
      case .relu: y.relu()
      case .none: y
      case .leaky: y.leakyReLU(slope: 0.01)
      case .tanh: y.tanh()
      }
    }
    if activatesFirst { y = activated(y) }
    if normalises { y = try norm(y, "\(prefix)norm\(place + 1).", run, parameter) }
    if !activatesFirst { y = activated(y) }
    switch pooling {
    case .maximum: return try y.maxPool1d(kernelSize: width)
    case .average: return try y.averagePool1d(kernelSize: width)
    case .minimum: return -1 * (try (-1 * y).maxPool1d(kernelSize: width))
    case .two: return try y.maxPool1d(kernelSize: 2)
    case .none, .stride: return y
    }
  }

  private func norm(
    _ x: Tensor, _ name: String, _ run: ModelRun, _ parameter: (String) throws -> Tensor
  ) throws -> Tensor {
    let own = try (
      weight: run(name + "weight"), bias: run(name + "bias"), mean: run(name + "runningMean"),
      variance: run(name + "runningVariance")
    )
    func normalised(_ statistics: (Tensor, Tensor)?) throws -> (Tensor, Tensor, Tensor) {
      let (weight, bias) =
        detached == .weights ? (own.weight.detached(), own.bias.detached()) : (own.weight, own.bias)
      return try x.batchNorm(
        weight: weight, bias: bias, statistics: statistics.map { (mean: $0.0, variance: $0.1) })
    }
    let isOfBatch =
      switch statistics {
      case .task: run.isTraining
      case .ofBatch: true
      case .ofBuffers: false
      }
    guard isOfBatch else { return try normalised((own.mean, own.variance)).0 }
    let (result, mean, variance) = try normalised(nil)
    guard run.isTraining else { return result }
    let count = Float(x.shape[0] * x.shape[2])
    let unbiased = variance * (count / (count - 1))
    run.move(name + "runningMean", to: try own.mean + momentum * (mean - own.mean))
    run.move(name + "runningVariance", to: try own.variance + momentum * (unbiased - own.variance))
    return result
  }

  static let mistakes: [Mistake<Self>] =
    shared + [
      .init(
        "no-pooling", "the poolings are left out: each divides the length"
      ) { $0.pooling = .none },
      .init(
        "stride-for-pooling",
        "the convolutions have a stride in place of the pooling: they go on by one sample, and the largest of each window is kept"
      ) { $0.pooling = .stride },
      .init("pooling-of-two", "every pooling is by 2: the first two are by 4") {
        $0.pooling = .two
      },
      .init(
        "no-padding", "the convolutions have no zeros at their ends: their padding is 3, 2, 1 and 1"
      ) {
        $0.isPadded = false
      },
      .init(
        "mean-over-time", "the mean over time stands at the end: all steps are kept, in one row"
      ) { $0.end = .mean },
      .init("maximum-over-time", "the maximum over time stands at the end: all steps are kept") {
        $0.end = .maximum
      },
      .init(
        "momentum-reversed",
        "the running statistics go nine tenths of the way to a batch's: they go one tenth"
      ) { $0.momentum = 0.9 },
      .init(
        "input-detached", "no gradient reaches the input: it is " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .input },
      .init(
        "weights-detached",
        "no gradient reaches the parameters: they are " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .weights },
    ]

  /// What leaves the number of features as it is.
  private static let shared: [Mistake<Self>] = [
    .init(
      "batch-at-evaluation",
      "at evaluation the statistics are the batch's: an ECG's features then depend on its neighbours"
    ) { $0.statistics = .ofBatch },
    .init(
      "buffers-while-training",
      "while training the statistics are the running ones, as after `eval()`: they are the batch's, and the running "
        + "ones move"
    ) { $0.statistics = .ofBuffers },
    .init("relu-before-norm", "ReLU stands before the normalisation: it comes behind it") {
      $0.activatesFirst = true
    },
    .init("no-relu", "the ReLUs are missing") { $0.activation = .none },
    .init("last-relu-missing", "the last block has no ReLU: all four have one") {
      $0.isLastActivated = false
    },
    .init("leaky-relu", "the activation is LeakyReLU: it is ReLU") { $0.activation = .leaky },
    .init("tanh", "the activation is tanh: it is ReLU") { $0.activation = .tanh },
    .init("norms-unused", "the normalisations are made and not applied") { $0.normalises = false },
    .init("average-pooling", "the mean of each window is kept: it is the largest") {
      $0.pooling = .average
    },
    .init("minimum-pooling", "the smallest of each window is kept: it is the largest") {
      $0.pooling = .minimum
    },
    .init(
      "input-reshaped",
      "the input is reshaped, which mixes leads and samples: its axes are [N, leads, samples] already"
    ) { $0.isReshaped = true },
    .init(
      "flattened-by-steps",
      "the features go step by step: they are all steps of channel 0 first, then those of channel 1"
    ) { $0.end = .bySteps },
  ]
}

/// Rows divided by their lengths as students write it.
struct NormalisationVariant: Variant {
  enum Kind {
    case task, alongBatch, square, longest, none, sizes, largest, layerNorm, tanh, softmax, root
    case lengthDetached
  }
  var kind = Kind.task

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    [("rows", try self(numbers("x")))]
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    func length(_ axis: Int) throws -> Tensor {
      try x.squared().sum(axis: axis, keepDims: true).clip(minimum: 1e-24).sqrt()
    }
    switch kind {
    case .task: return try x / length(1)
    case .alongBatch: return try x / length(0)
    case .square: return try x / length(1).squared()
    case .longest: return try x / length(1).max()
    case .none: return x
    case .sizes: return try x / x.abs().sum(axis: 1, keepDims: true).clip(minimum: 1e-12)
    case .largest: return try x / x.abs().max(axis: 1, keepDims: true).clip(minimum: 1e-12)
    case .layerNorm:
      let size = x.shape[1]
      return try x.layerNorm(weight: .ones([size]), bias: .zeros([size]), epsilon: 1e-5)
    case .tanh: return x.tanh()
    case .softmax: return try x.softmax(axis: 1)
    case .root: return try x / length(1).sqrt()
    case .lengthDetached: return try x / length(1).detached()
    }
  }

  static let mistakes: [Mistake<Self>] = [
    .init(
      "along-batch", "each column is divided by its length over the batch: it is each row"
    ) { $0.kind = .alongBatch },
    .init("squared-length", "rows are divided by the square of their length: the root is missing") {
      $0.kind = .square
    },
    .init(
      "longest-row", "all rows are divided by the length of the longest: each has its own"
    ) { $0.kind = .longest },
    .init("not-normalised", "the rows are not divided by their lengths") { $0.kind = .none },
    .init(
      "sum-of-sizes", "rows are divided by the sum of their numbers' sizes: it is the length, √Σ x²"
    ) {
      $0.kind = .sizes
    },
    .init("largest-number", "rows are divided by their largest number: it is the length, √Σ x²") {
      $0.kind = .largest
    },
    .init(
      "layer-norm",
      "rows are brought to mean 0 and deviation 1, as LayerNorm does: they are divided by their lengths"
    ) { $0.kind = .layerNorm },
    .init("tanh", "tanh stands in place of the division by the length") { $0.kind = .tanh },
    .init("softmax", "softmax stands in place of the division by the length") {
      $0.kind = .softmax
    },
    .init("root-twice", "the root is taken twice: rows are divided by the root of their length") {
      $0.kind = .root
    },
    .init(
      "length-detached",
      "no gradient goes through the length: it is " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.kind = .lengthDetached },
  ]
}

/// The model of encoder and projection as students write it.
struct ModelVariant: Variant {
  enum Behind { case nothing, relu, gelu }
  enum Detached { case nothing, encoder, projection }
  var encoder = EncoderVariant()
  var normalisation = NormalisationVariant()
  var behind = Behind.nothing
  var isNormalisedFirst = false
  var hasBias = true
  var detached = Detached.nothing

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    try ModelRun.results(numbers) { x, run in
      var f = try encoder.apply(x, run, "encoder.")
      if isNormalisedFirst { f = try normalisation(f) }
      if detached == .encoder { f = f.detached() }
      let (weight, bias) = try (run("projection.weight"), run("projection.bias"))
      let isFrozen = detached == .projection
      var z = try f.matmul(isFrozen ? weight.detached() : weight)
      if hasBias { z = try z + (isFrozen ? bias.detached() : bias) }
      switch behind {
      case .nothing: break
      case .relu: z = z.relu()
      case .gelu: z = z.gelu()
      }
      return [("embeddings", isNormalisedFirst ? z : try normalisation(z))]
    }
  }

  static let mistakes: [Mistake<Self>] =
    NormalisationVariant.mistakes.map { $0.within(\.normalisation) } + [
      .init(
        "relu-behind-projection",
        "a ReLU stands behind the projection: then no number of an embedding is negative, and no cosine"
      ) { $0.behind = .relu },
      .init("gelu-behind-projection", "an activation stands behind the projection: there is none") {
        $0.behind = .gelu
      },
      .init(
        "features-normalised", "the features are normalised: it is what the projection gives"
      ) { $0.isNormalisedFirst = true },
      .init("without-bias", "the projection's bias is left out") { $0.hasBias = false },
      .init(
        "batch-at-evaluation",
        "at evaluation the statistics are the batch's: an ECG's embedding then depends on its neighbours"
      ) { $0.encoder.statistics = .ofBatch },
      .init(
        "buffers-while-training",
        "while training the statistics are the running ones, as after `eval()`: they are the batch's"
      ) { $0.encoder.statistics = .ofBuffers },
      .init(
        "encoder-detached",
        "no gradient reaches the encoder: its features are " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .encoder },
      .init(
        "projection-detached",
        "no gradient reaches the projection: its parameters are " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .projection },
    ]
}
