import Examples
import NeuralNetworks
import Optimisation
import RecurrentLayers
import TensorCore
import Training

/// Layers that are made and applied. Making one cannot throw.
let layers: [Subject] = [
  .layer("Linear", rank: 2) { draw in
    var generator = draw.generator()
    let sizes = [draw.integer(), draw.integer()]
    draw.call("\(sizes)")
    return Linear(sizes[0], sizes[1], using: &generator)
  },
  .layer("Linear of tensors", rank: 2) { draw in
    let (weight, bias) = (draw.tensor(rank: 2), draw.tensor(rank: 1))
    draw.call("\([weight, bias].shapes)")
    return Linear(weight: weight, bias: bias)
  },
  .layer("Conv1d", rank: 3) { draw in
    var generator = draw.generator()
    let s = (0..<7).map { _ in draw.integer() }
    draw.call("\(s)")
    return Conv1d(
      s[0], s[1], kernelSize: s[2], stride: s[3], padding: .zeros(s[4]), dilation: s[5],
      groups: s[6], using: &generator)
  },
  .layer("Conv2d", rank: 4) { draw in
    var generator = draw.generator()
    let s = (0..<7).map { _ in draw.integer() }
    draw.call("\(s)")
    return Conv2d(
      s[0], s[1], kernelSize: s[2], stride: s[3], padding: s[4], dilation: s[5], groups: s[6],
      using: &generator)
  },
  .layer("Dropout", rank: 2) { draw in
    var generator = draw.generator()
    let probability = draw.number()
    draw.call("\(probability)")
    return try Dropout(probability: probability, using: &generator)
  },
  .layer("Embedding", rank: 1) { draw in
    var generator = draw.generator()
    let sizes = [draw.integer(), draw.integer()]
    draw.call("\(sizes)")
    return Embedding(sizes[0], sizes[1], using: &generator)
  },
  .layer("LayerNorm", rank: 2) { draw in
    let (size, epsilon) = (draw.integer(), draw.number())
    draw.call("\(size), \(epsilon)")
    return LayerNorm(size, epsilon: epsilon)
  },
  .layer("BatchNorm1d", rank: 2) { draw in
    let (size, momentum, epsilon) = (draw.integer(), draw.number(), draw.number())
    draw.call("\(size), \(momentum), \(epsilon)")
    return BatchNorm1d(size, momentum: momentum, epsilon: epsilon)
  },
  .layer("pooling layers", rank: 3) { draw in
    let (kernel, stride, which) = (draw.integer(), draw.integer(), draw.below(3))
    draw.call("\(kernel), \(stride)")
    switch which {
    case 0: return AveragePool1d(kernelSize: kernel, stride: stride)
    case 1: return MaxPool1d(kernelSize: kernel, stride: stride)
    default: return AdaptiveAveragePool1d(outputLength: kernel)
    }
  },
  .layer("pooling layers of images", rank: 4) { draw in
    let (kernel, stride, which) = (draw.integer(), draw.integer(), draw.below(2))
    draw.call("\(kernel), \(stride)")
    return which == 0
      ? MaxPool2d(kernelSize: kernel, stride: stride)
      : AveragePool2d(kernelSize: kernel, stride: stride)
  },
  .stopping("Initialiser") { draw in
    var generator = draw.generator()
    let (number, a, b) = (draw.number(), draw.integer(), draw.integer())
    let initialiser: Initialiser = draw.one(of: [
      .constant(number), .normal(standardDeviation: number), .uniform(bound: number),
      .uniformByFanIn(a), .glorotUniform(fanIn: a, fanOut: b), .glorotNormal(fanIn: a, fanOut: b),
      .heUniform(fanIn: a), .heNormal(fanIn: a), .orthogonal(gain: number),
    ])
    // thousands of perpendicular vectors take minutes
    let shape = Shape(draw.integers().map { 64..<(1 << 21) ~= $0 ? 64 : $0 })
    draw.call("\(initialiser), \(shape)")
    return [initialiser(shape, using: &generator)]
  },
  .stopping("BuiltinLSTM") { draw in
    var generator = draw.generator()
    let (sizes, x) = ([draw.integer(), draw.integer()], draw.tensor(rank: 3))
    draw.call("\(sizes), \(x.shape)")
    let layer = BuiltinLSTM(inputSize: sizes[0], hiddenSize: sizes[1], using: &generator)
    draw.call("\(sizes), \(x.shape)", as: "BuiltinLSTM", "lstm")
    return [try layer(x).outputs]
  },
  .stopping("BuiltinGRU") { draw in
    var generator = draw.generator()
    let (sizes, x) = ([draw.integer(), draw.integer()], draw.tensor(rank: 3))
    // its steps are many operations each
    guard x.rank < 2 || x.shape[1] < 1000 else { return [] }
    draw.call("\(sizes), \(x.shape)")
    let layer = BuiltinGRU(inputSize: sizes[0], hiddenSize: sizes[1], using: &generator)
    draw.call("\(sizes), \(x.shape)", as: "BuiltinGRU", "linear")
    return [try layer(x).outputs]
  },
  .throwing("lstm") { draw in
    let (x, hidden) = (draw.tensor(rank: 3), draw.below(4))
    let features = x.rank > 2 ? min(x.shape[2], 64) : 1
    let (W_x, W_h, b) = (
      draw.tensor(of: [features, 4 * hidden]), draw.tensor(of: [hidden, 4 * hidden]),
      draw.tensor(of: [4 * hidden])
    )
    let state = draw.below(2) == 0 ? nil : (H: draw.tensor(rank: 2), C: draw.tensor(rank: 2))
    draw.call("\([x, W_x, W_h, b].shapes), state \(state?.H.shape.description ?? "none")")
    let result = try x.lstm(W_x: W_x, W_h: W_h, b: b, state: state)
    return [result.outputs, result.H, result.C]
  },
]

/// Optimisers, schedules, samplers and example sets.
let training: [Subject] = [
  .throwing("optimisers") { draw in
    var generator = draw.generator()
    let net = Linear(2, 1, using: &generator)
    let n = (0..<6).map { _ in draw.number() }
    let (which, entries) = (draw.below(4), draw.tensors())
    draw.call("\(n), number \(which)", as: "clipGradients", "load")
    let betas = (Double(n[1]), Double(n[2]))
    let optimiser: any Optimiser =
      switch which {
      case 0:
        SGD(
          net, learningRate: n[0], momentum: n[1], dampening: n[2], nesterov: true,
          weightDecay: n[2])
      case 1: Adam(net, learningRate: n[0], betas: betas, epsilon: n[3], weightDecay: n[4])
      case 2: AdamW(net, learningRate: n[0], betas: betas, epsilon: n[3], weightDecay: n[4])
      default:
        RMSprop(
          net, learningRate: n[0], alpha: n[1], epsilon: n[2], momentum: n[3], weightDecay: n[4])
      }
    let average = ParameterAverage(net, decay: n[5])
    for _ in 0..<3 {
      try net(Tensor([[1, 2]])).sum().backward()
      net.clipGradients(norm: n[5])
      optimiser.step()
      average.update()
    }
    try optimiser.load(
      optimiser.stateEntries().map { ($0.name, Tensor.full(like: $0.tensor, n[4])) })
    try average.load(average.stateEntries().map { ($0.name, Tensor.full(like: $0.tensor, n[4])) })
    optimiser.step()
    try net.clipGradients(value: n[3])
    try optimiser.load(entries.map { ("weight.moment1", $0) })
    return []
  },
  .throwing("load (of a module)") { draw in
    var generator = draw.generator()
    let (net, entries) = (BatchNorm1d(2), draw.tensors())
    draw.call("\(entries.shapes)")
    _ = generator.nextUniform()
    try net.load(entries.map { ("weight", $0) }, strict: draw.below(2) == 0)
    return []
  },
  .throwing("schedules") { draw in
    var generator = draw.generator()
    let net = Linear(1, 1, using: &generator)
    let (steps, number, which) = (draw.integer(), draw.number(), draw.below(4))
    draw.call("\(steps), \(number), number \(which)")
    let schedule: LearningRateSchedule = [
      .step(every: steps, gamma: number), .exponential(gamma: number),
      .cosine(over: steps, minimum: number),
      .warmUp(over: steps, from: number, then: .cosine(over: steps)),
    ][which]
    let scheduler = LearningRateScheduler(SGD(net, learningRate: number), schedule)
    scheduler.step()
    scheduler.steps = draw.integer()
    scheduler.step()
    let plateau = ReduceOnPlateau(SGD(net, learningRate: 1), factor: number, patience: steps)
    for _ in 0..<3 { plateau.step(number) }
    return []
  },
  .stopping("BatchSampler") { draw in
    let (count, size) = (draw.integer(), draw.integer())
    // lists of a billion batches of one
    guard count < 1 << 20 || count > 1 << 40 else { return [] }
    var twister = MersenneTwister(seed: 1)
    draw.call("\(count) in batches of \(size)")
    let sampler = BatchSampler(count: count, batchSize: size)
    _ = (sampler.batchCount, sampler.inOrder(), sampler.shuffled(by: &twister))
    return []
  },
  .stopping("ExampleSet") { draw in
    let (values, rowShape) = (draw.below(13), draw.integers())
    let (first, extents) = (draw.integers(), draw.integers())
    let labels = draw.integers().map { Int32(clamping: $0) }
    let (length, picks) = (draw.integer(), draw.integers())
    draw.call(
      "\(values) values, rows of \(rowShape), first \(first), lengths \(extents), labels \(labels), "
        + "windows of \(length), at \(picks)",
      as: "Table", "ExampleSet.Input", "ExampleSet", "windows", "randomWindows", "split",
      "selecting")
    let table = Table([Float](repeating: 1, count: values), rowShape: rowShape)
    let input = ExampleSet.Input(
      table, firstRows: first,
      extent: draw.below(2) == 0 ? .stretches(extents) : .window(extents.first ?? 1))
    let set = ExampleSet([input], targets: .classes(labels, count: draw.integer()))
    var twister = MersenneTwister(seed: 1)
    let windows =
      draw.below(2) == 0 ? set.windows(length: length) : set.randomWindows(length: length, &twister)
    _ = (windows.balanced(&twister).compacted(), set.split(picks, trainCount: length))
    return [set.batch(picks[...]).X]
  },
  .throwing("Trainer") { draw in
    var generator = draw.generator()
    let net = Straight(Linear(1, 2, using: &generator))
    let s = (0..<4).map { _ in draw.integer() }
    let rate = draw.number()
    guard s[0] < 100 else { return [] }
    draw.call("\(s), \(rate)", as: "train", "resume", "crossEntropy")
    let input = ExampleSet.Input(
      Table([1, 2, 3], rowShape: [1]), firstRows: [0, 1, 2], extent: .row)
    let set = ExampleSet([input], targets: .classes([0, 1, 1], count: 2))
    let trainer = Trainer(
      net, on: set,
      recipe: Recipe(
        epochs: s[0], batchSize: s[1], learningRate: rate, averageDecay: rate,
        classWeights: draw.below(2) == 0 ? nil : [rate], seed: 1, maximumSteps: s[2],
        source: draw.below(2) == 0 ? .all : .randomWindows(s[3]), threads: s[3]))
    try trainer.run { _ in }
    try trainer.resume(
      from: trainer.checkpoint().map { ($0.name, Tensor.full(like: $0.tensor, rate)) })
    return []
  },
]

private final class Straight: Module, Network {
  let linear: Linear
  init(_ linear: Linear) { self.linear = linear }
  func callAsFunction(_ X: Tensor) throws -> Tensor { try linear(X) }
}

extension Subject {
  /// A layer that is made and applied to a tensor of about the right rank.
  fileprivate static func layer(
    _ name: String, rank: Int, _ make: @escaping @Sendable (inout Draw) throws -> any UnaryLayer
  ) -> Subject {
    stopping(name) { draw in
      let (x, isEvaluation) = (draw.tensor(rank: rank), draw.below(2) == 0)
      let layer = try make(&draw)
      if isEvaluation { layer.eval() }
      _ = (layer.description, layer.parameterCount)
      // by its own name, or that of the operation: Conv1d, conv1d
      let name = "\(type(of: layer))"
      draw.call(
        draw.text + ", applied to \(x.shape)", as: name,
        name.hasPrefix("BatchNorm") ? "batchNorm" : name.prefix(1).lowercased() + name.dropFirst())
      return [try layer(x)]
    }
  }
}
