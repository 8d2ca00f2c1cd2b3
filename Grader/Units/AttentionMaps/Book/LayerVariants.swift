import Judge
import TensorCore

/// The dilated convolution as students write it.
struct ConvolutionVariant: Variant {
  enum Zeros { case task, same, causal, anticausal, oddInFront, one, dilation }
  enum Taps { case dilated, undilated, neighbours, reversed, oneLess, onlyMiddle }
  enum Edge { case zeros, replicated }
  enum Detached { case nothing, weights, input }

  var zeros = Zeros.task
  var taps = Taps.dilated
  var edge = Edge.zeros
  var exchangesChannels = false
  var isMean = false
  var detached = Detached.nothing

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    func size(_ name: String) -> Int { numbers.sizes[name] ?? 1 }
    return try ModelRun.results(numbers) { x, run in
      let y = try apply(
        x, run("W"), dilation: size("dilation"), isCausal: size("isCausal") == 1)
      return [("outputs", y)]
    }
  }

  func apply(_ x: Tensor, _ W: Tensor, dilation d: Int, isCausal: Bool) throws -> Tensor {
    let (steps, k) = (x.shape[2], W.shape[2])
    let d = taps == .undilated ? 1 : d
    let all = d * (k - 1)
    let (front, back): (Int, Int)
    switch zeros {
    case .same: (front, back) = (all / 2, all - all / 2)
    case .causal: (front, back) = (all, 0)
    case .anticausal: (front, back) = isCausal ? (0, all) : (all / 2, all - all / 2)
    case .oddInFront: (front, back) = isCausal ? (all, 0) : (all - all / 2, all / 2)
    case .one: (front, back) = isCausal ? (k - 1, 0) : ((k - 1) / 2, (k - 1) / 2)
    case .dilation: (front, back) = isCausal ? (all, 0) : (d, d)
    case .task:
      (front, back) = isCausal ? (all, 0) : (all / 2, all - all / 2)
    }
    let mode: PaddingMode =
      switch edge {
      case .zeros: .zeros
      case .replicated: .replicate
      }
    let source = detached == .input ? x.detached() : x
    let padded = try source.padded(axis: 2, before: front, after: back, mode: mode)
    // where the zeros are not as many as the taps need, the length is another one
    let length = steps + front + back - all
    guard length > 0 else { throw TensorError("conv", "nothing is left") }
    var y = Tensor.zeros([x.shape[0], W.shape[exchangesChannels ? 1 : 0], length])
    let kernel = detached == .weights ? W.detached() : W
    for j in 0..<(taps == .oneLess ? max(k - 1, 1) : k) where taps != .onlyMiddle || j == k / 2 {
      var matrix = try kernel.select(axis: 2, index: taps == .reversed ? k - 1 - j : j)
      if exchangesChannels { matrix = try matrix.transposed(0, 1) }
      let start = taps == .neighbours ? j : j * d
      y = try y + matrix.matmul(padded.slice(axis: 2, start..<(start + length)))
    }
    return isMean ? y / Float(k) : y
  }

  static let mistakes: [Mistake<Self>] = [
    .init(
      "without-dilation",
      "the dilation is ignored, in the zeros and in the slices: taps are d steps apart"
    ) { $0.taps = .undilated },
    .init(
      "neighbouring-taps",
      "the taps are one step apart: the slice of tap j begins at j; it begins at j d"
    ) { $0.taps = .neighbours },
    .init(
      "always-causal",
      "all zeros are in front though the convolution is not causal: half of them go there"
    ) { $0.zeros = .causal },
    .init("never-causal", "`isCausal` is ignored: then all zeros go to the front") {
      $0.zeros = .same
    },
    .init(
      "anticausal",
      "where it is causal all zeros are behind, so that a result sees what comes later: they go to the front"
    ) { $0.zeros = .anticausal },
    .init(
      "odd-zero-in-front",
      "of an odd number of zeros the larger half is in front: p is rounded down, and it goes to the end"
    ) { $0.zeros = .oddInFront },
    .init(
      "padding-without-dilation",
      "there are as many zeros as without a dilation, k − 1; there are d (k − 1)"
    ) { $0.zeros = .one },
    .init(
      "padding-of-d",
      "there are d zeros at each end, which is right for three taps only; there are d (k − 1) in all"
    ) { $0.zeros = .dilation },
    .init("kernel-reversed", "the kernel is turned round: tap j sees x[l + j d − p]") {
      $0.taps = .reversed
    },
    .init("last-tap-missing", "the last tap is left out: j goes from 0 to k − 1") {
      $0.taps = .oneLess
    },
    .init("one-tap", "only the middle tap is used; all are added up") { $0.taps = .onlyMiddle },
    .init("mean-of-taps", "the sum over the taps is divided by k") { $0.isMean = true },
    .init(
      "weights-exchanged",
      "the channels of W are exchanged: its axes are [out, in, kernel], so that W[:, :, j] is [out, in]"
    ) { $0.exchangesChannels = true },
    .init("replicated-ends", "beyond its ends x is continued by its last values; there are zeros") {
      $0.edge = .replicated
    },
    .init(
      "weights-detached", "no gradient reaches W: it is " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .weights },
    .init(
      "input-detached", "no gradient reaches the input: it is " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .input },
  ]
}

/// Batch normalisation as students write it.
struct NormVariant: Variant {
  enum Statistics { case task, ofBatch, ofBuffers, ofMovedBuffers }
  enum Axes { case samplesAndSteps, samples, steps, channels, everything }
  enum Epsilon { case underRoot, besideRoot, withoutRoot, large, none }
  enum Moves { case whileTraining, never, meanOnly, varianceOnly }
  enum Share { case tenth, nineTenths, whole }
  enum Affine { case task, betaInside, withoutGamma, withoutBeta, exchanged }
  enum Detached { case nothing, mean, variance, both }

  var statistics = Statistics.task
  var axes = Axes.samplesAndSteps
  var epsilon = Epsilon.underRoot
  var moves = Moves.whileTraining
  var share = Share.tenth
  var affine = Affine.task
  var normalisesWithLessOne = false
  var movesWithoutLessOne = false
  var keepsDeviation = false
  var isCentred = true
  var detached = Detached.nothing

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    try ModelRun.results(numbers) { x, run in [("outputs", try apply(x, run))] }
  }

  /// - Parameter prefix: what the names begin with in a larger model.
  func apply(_ x: Tensor, _ run: ModelRun, _ prefix: String = "") throws -> Tensor {
    let places = { () -> [Int] in
      switch axes {
      case .samplesAndSteps: [0, 2]
      case .samples: [0]
      case .steps: [2]
      case .channels: [1]
      case .everything: [0, 1, 2]
      }
    }()
    let m = Float(places.reduce(1) { $0 * x.shape[$1] })
    func column(_ tensor: Tensor) throws -> Tensor {
      tensor.rank == 1 ? try tensor.reshaped([tensor.shape[0], 1]) : tensor
    }
    let isOfBatch =
      switch statistics {
      case .task: run.isTraining
      case .ofBatch: true
      case .ofBuffers, .ofMovedBuffers: false
      }
    // of one number there is no variance; at evaluation nobody asks for one
    let correction: Float = normalisesWithLessOne ? 1 : 0
    var batchMean = try x.mean(axes: places, keepDims: true)
    var batchVariance = try x.variance(axes: places, correction: correction, keepDims: true)
    let isMoving =
      switch moves {
      case .whileTraining, .meanOnly, .varianceOnly: run.isTraining
      case .never: false
      }
    func used(_ name: String) throws -> Tensor { try column(run(prefix + name)) }
    let before = try (used("mean"), used("variance"))
    if isMoving, m > 1 {
      let share: Float =
        switch self.share {
        case .tenth: 0.1
        case .nineTenths: 0.9
        case .whole: 1
        }
      let channels = try run(prefix + "mean").shape
      // statistics of other axes do not fit into a buffer: those of the channels are taken there
      let mean = try x.mean(axes: [0, 2])
      let lessOne: Float = movesWithoutLessOne ? 0 : 1
      var variance = try x.variance(axes: [0, 2], correction: lessOne)
      if keepsDeviation { variance = variance.sqrt() }
      if moves != .varianceOnly {
        let old = try run(prefix + "mean")
        run.move(prefix + "mean", to: try (old + share * (mean - old)).reshaped(channels))
      }
      if moves != .meanOnly {
        let old = try run(prefix + "variance")
        run.move(prefix + "variance", to: try (old + share * (variance - old)).reshaped(channels))
      }
    }
    if detached == .mean || detached == .both { batchMean = batchMean.detached() }
    if detached == .variance || detached == .both { batchVariance = batchVariance.detached() }
    let buffers = try statistics == .ofMovedBuffers ? (used("mean"), used("variance")) : before
    let (mu, variance) = isOfBatch ? (batchMean, batchVariance) : buffers
    let root =
      switch epsilon {
      case .underRoot: (variance + 1e-5).sqrt()
      case .besideRoot: variance.sqrt() + 1e-5
      case .withoutRoot: variance + 1e-5
      case .large: (variance + 1e-3).sqrt()
      case .none: variance.sqrt()
      }
    let (gamma, beta) = try (column(run(prefix + "gamma")), column(run(prefix + "beta")))
    let centred = isCentred ? try x - mu : x
    switch affine {
    case .task: return try gamma * (centred / root) + beta
    case .betaInside: return try gamma * (centred + beta) / root
    case .withoutGamma: return try centred / root + beta
    case .withoutBeta: return try gamma * (centred / root)
    case .exchanged: return try beta * (centred / root) + gamma
    }
  }

  static let mistakes: [Mistake<Self>] =
    [
      .init(
        "batch-at-evaluation",
        "at evaluation the statistics are the batch's; they are the buffers, so that a recording alone gives what it "
          + "gives among others"
      ) { $0.statistics = .ofBatch },
      .init(
        "buffers-while-training",
        "while training the statistics are the buffers; they are the batch's"
      ) { $0.statistics = .ofBuffers },
      .init(
        "moved-buffers-while-training",
        "while training the statistics are the buffers that have just moved; they are the batch's"
      ) { $0.statistics = .ofMovedBuffers },
      .init(
        "less-one-in-normalisation",
        "σ² has m − 1 below it in the normalisation; there it has m, and m − 1 in the buffer only"
      ) { $0.normalisesWithLessOne = true },
      .init(
        "without-less-one-in-buffer",
        "the buffer moves towards the variance with m below it; it is the one with m − 1"
      ) { $0.movesWithoutLessOne = true },
      .init("never-moved", "the buffers never move: each call while training moves them") {
        $0.moves = .never
      },
      .init("variance-not-moved", "the buffer `variance` does not move") { $0.moves = .meanOnly },
      .init("mean-not-moved", "the buffer `mean` does not move") { $0.moves = .varianceOnly },
      .init(
        "share-reversed",
        "the buffers go nine tenths of the way; they go one tenth (other programs call 0.9 what PyTorch calls 0.1)"
      ) { $0.share = .nineTenths },
      .init(
        "overwritten", "the buffers become the batch's statistics; they go a tenth of the way there"
      ) { $0.share = .whole },
      .init("deviation-in-buffer", "the buffer moves towards the deviation; it is the variance") {
        $0.keepsDeviation = true
      },
      .init(
        "over-samples",
        "the statistics go over the samples only, so that each step has its own; they go over the steps too"
      ) { $0.axes = .samples },
      .init(
        "over-steps",
        "the statistics go over the steps only, so that each sample has its own (instance normalisation); they go over "
          + "the samples too"
      ) { $0.axes = .steps },
      .init(
        "over-channels",
        "the statistics go over the channels (layer normalisation); each channel has its own, over samples and steps"
      ) { $0.axes = .channels },
      .init("over-everything", "the statistics go over everything; each channel has its own") {
        $0.axes = .everything
      },
    ] + shared + [
      .init(
        "mean-detached", "no gradient flows through μ: it is " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .mean },
      .init(
        "variance-detached", "no gradient flows through σ²: it is " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .variance },
      .init(
        "statistics-detached",
        "no gradient flows through μ and σ²: they are " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .both },
    ]

  /// What goes wrong in both modes.
  private static let shared: [Mistake<Self>] = [
    .init("epsilon-beside-root", "ε is added to the root; it stands below it, √(σ² + ε)") {
      $0.epsilon = .besideRoot
    },
    .init("without-root", "the root is missing: it is divided by σ² + ε") {
      $0.epsilon = .withoutRoot
    },
    .init("large-epsilon", "ε is 10⁻³; here it is 10⁻⁵") { $0.epsilon = .large },
    .init("no-epsilon", "ε is missing") { $0.epsilon = .none },
    .init("beta-inside", "β is added before the scaling; it is added last") {
      $0.affine = .betaInside
    },
    .init("without-gamma", "γ is missing") { $0.affine = .withoutGamma },
    .init("without-beta", "β is missing") { $0.affine = .withoutBeta },
    .init("gamma-and-beta-exchanged", "γ and β are exchanged") { $0.affine = .exchanged },
    .init("not-centred", "μ is not subtracted") { $0.isCentred = false },
  ]
}

/// The residual block as students write it.
struct BlockVariant: Variant {
  enum Added { case input, nothing, positiveInput, normalised }
  enum Order { case task, reluAfterSum, reluBeforeNorm, withoutReLU, normAfterSum, normFirst }
  enum Detached { case nothing, branch, identity }
  var added = Added.input
  var order = Order.task
  var dilates = true
  var isCausal = false
  var normalises = true
  var detached = Detached.nothing

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    try ModelRun.results(numbers) { x, run in
      [("outputs", try apply(x, run, dilation: numbers.sizes["dilation"] ?? 1))]
    }
  }

  func apply(
    _ x: Tensor, _ run: ModelRun, _ prefix: String = "", dilation: Int
  ) throws -> Tensor {
    func norm(_ x: Tensor) throws -> Tensor {
      normalises ? try NormVariant().apply(x, run, prefix + "norm.") : x
    }
    func convolved(_ x: Tensor) throws -> Tensor {
      try convolution(
        x, run(prefix + "convolution.W"), dilation: dilates ? dilation : 1, isCausal: isCausal)
    }
    var identity: Tensor? =
      switch added {
      case .input: x
      case .nothing: nil
      case .positiveInput: x.relu()
      case .normalised: nil
      }
    if detached == .identity { identity = identity?.detached() }
    func sum(_ branch: Tensor) throws -> Tensor {
      let branch = detached == .branch ? branch.detached() : branch
      return try identity.map { try $0 + branch } ?? branch
    }
    switch order {
    case .task:
      let h = try norm(convolved(x)).relu()
      if added == .normalised { return try norm(convolved(x)) + h }
      return try sum(h)
    case .reluAfterSum: return try sum(norm(convolved(x))).relu()
    case .reluBeforeNorm: return try sum(norm(convolved(x).relu()))
    case .withoutReLU: return try sum(norm(convolved(x)))
    case .normAfterSum: return try norm(sum(convolved(x))).relu()
    case .normFirst: return try sum(convolved(norm(x).relu()))
    }
  }

  static let mistakes: [Mistake<Self>] = [
    .init("no-identity", "x is not added: the block is y = ReLU(…) alone") { $0.added = .nothing },
    .init(
      "relu-after-sum", "the ReLU comes after the sum; x is added as it is, to what the ReLU gives"
    ) { $0.order = .reluAfterSum },
    .init("relu-before-norm", "the ReLU comes before the normalisation; it comes after it") {
      $0.order = .reluBeforeNorm
    },
    .init("without-relu", "the ReLU is missing") { $0.order = .withoutReLU },
    .init(
      "norm-after-sum",
      "the sum is normalised; the normalisation belongs to the convolution's result, before x is added"
    ) { $0.order = .normAfterSum },
    .init(
      "norm-first",
      "normalisation and ReLU come before the convolution (a later variant of the block); they come after it"
    ) { $0.order = .normFirst },
    .init("without-norm", "the normalisation is missing") { $0.normalises = false },
    .init("positive-identity", "ReLU(x) is added; x is added as it is") {
      $0.added = .positiveInput
    },
    .init("without-dilation", "the convolution has the dilation 1; it has the block's") {
      $0.dilates = false
    },
    .init("causal", "the convolution is causal; it has the padding same") { $0.isCausal = true },
    .init(
      "branch-detached",
      "no gradient flows through the convolution: what it gives is " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .branch },
    .init(
      "identity-detached",
      "no gradient flows through the x that is added: it is " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .identity },
  ]
}
