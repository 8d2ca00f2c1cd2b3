import TensorCore

/// What can be called.
struct Subject: Sendable {
  let name: String
  /// Whether it cannot throw, and may end the program with a sentence.
  let mayStop: Bool
  let body: @Sendable (inout Draw) throws -> [Tensor]

  /// The public name of what is called: the first word of the subject's.
  var operation: String { String(name.prefix { !"( ".contains($0) }) }

  /// Calls that throw what is wrong.
  static func throwing(
    _ name: String, _ body: @escaping @Sendable (inout Draw) throws -> [Tensor]
  ) -> Subject { Subject(name: name, mayStop: false, body: body) }

  /// Calls that have no way to throw it.
  static func stopping(
    _ name: String, _ body: @escaping @Sendable (inout Draw) throws -> [Tensor]
  ) -> Subject { Subject(name: name, mayStop: true, body: body) }

  /// One tensor in.
  static func unary(
    _ name: String, rank: Int? = nil, mayStop: Bool = false,
    _ body: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> Subject {
    Subject(name: name, mayStop: mayStop) { draw in
      let x = draw.tensor(rank: rank)
      draw.call("\(x.shape)")
      return [try body(x)]
    }
  }

  /// Two tensors in, which may fit.
  static func binary(
    _ name: String, _ body: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> Subject {
    throwing(name) { draw in
      let a = draw.tensor()
      let b = draw.tensor(like: a)
      draw.call("\(a.shape), \(b.shape)")
      return [try body(a, b)]
    }
  }

  /// A tensor and an axis in.
  static func along(
    _ name: String, _ body: @escaping @Sendable (Tensor, Int) throws -> Tensor
  ) -> Subject {
    throwing(name) { draw in
      let (x, axis) = (draw.tensor(), draw.axis())
      draw.call("\(x.shape), axis \(axis)")
      return [try body(x, axis)]
    }
  }
}

/// All of them.
let subjects: [Subject] =
  creation + elements + pairs + reductions + rearrangements + indices + products + convolutions
  + losses + files + graphs + layers + training + figures

private let creation: [Subject] = [
  .throwing("Tensor(shape:)") { draw in
    let (count, shape) = (draw.below(5), draw.shape())
    draw.call("\(count) elements, \(shape)")
    return [try Tensor([Float](repeating: 1, count: count), shape: shape)]
  },
  .throwing("Tensor(rows)") { draw in
    let lengths = (0..<draw.below(4)).map { _ in draw.below(3) }
    draw.call("rows of \(lengths)")
    return [try Tensor(lengths.map { [Float](repeating: 1, count: $0) })]
  },
  .stopping("full") { draw in
    let (shape, value) = (draw.shape(), draw.number())
    draw.call("\(shape), \(value)")
    return [.full(shape, value)]
  },
  .stopping("zeros") { draw in
    let shape = draw.shape()
    draw.call("\(shape)")
    return [.zeros(shape), .ones(shape.dimensions)]
  },
  .stopping("linspace") { draw in
    let (start, end, count) = (draw.number(), draw.number(), draw.integer())
    draw.call("\(start), \(end), \(count)")
    return [.linspace(from: start, to: end, count: count)]
  },
  .stopping("arange") { draw in
    let count = draw.integer()
    draw.call("\(count)")
    return [.arange(count)]
  },
  .stopping("eye") { draw in
    let size = draw.integer()
    draw.call("\(size)")
    return [.eye(size)]
  },
  .stopping("randn") { draw in
    var generator = draw.generator()
    let (shape, deviation) = (draw.shape(), draw.number())
    draw.call("\(shape), \(deviation)")
    return [.randn(shape, standardDeviation: deviation, using: &generator)]
  },
  .stopping("uniform") { draw in
    var generator = draw.generator()
    let (shape, ends) = (draw.shape(), [draw.number(), draw.number()])
    // a range that is none ends the program where it is written
    guard ends[0] <= ends[1] else { return [] }
    draw.call("\(shape), \(ends)")
    return [.uniform(shape, in: ends[0]..<ends[1], using: &generator)]
  },
  .stopping("shape of an axis") { draw in
    let (shape, axis) = (draw.shape(), draw.integer())
    draw.call("\(shape), \(axis)")
    _ = shape[axis]
    return []
  },
  .stopping("count") { draw in
    let shape = draw.shape()
    draw.call("\(shape)")
    _ = (shape.count, shape.rank, shape.description)
    return []
  },
  .stopping("permutation") { draw in
    var twister = MersenneTwister(seed: 1)
    let count = draw.integer()
    draw.call("\(count)")
    _ = twister.permutation(count)
    return []
  },
  .stopping("nextIndex") { draw in
    var twister = MersenneTwister(seed: 1)
    let bound = draw.integer()
    draw.call("\(bound)")
    _ = twister.nextIndex(below: bound)
    return []
  },
]

private let elements: [Subject] = [
  .unary("exp", mayStop: true) { $0.exp() }, .unary("log", mayStop: true) { $0.log() },
  .unary("sqrt", mayStop: true) { sqrt($0) }, .unary("tanh", mayStop: true) { tanh($0) },
  .unary("sigmoid", mayStop: true) { sigmoid($0) }, .unary("relu", mayStop: true) { relu($0) },
  .unary("abs", mayStop: true) { $0.abs() }, .unary("squared", mayStop: true) { $0.squared() },
  .unary("gelu", mayStop: true) { $0.gelu() }, .unary("softplus", mayStop: true) { $0.softplus() },
  .unary("erf", mayStop: true) { $0.erf() }, .unary("silu", mayStop: true) { $0.silu() },
  .unary("-", mayStop: true) { -$0 },
  .unary("reciprocalSquareRoot", mayStop: true) { $0.reciprocalSquareRoot() },
  .unary("sum", mayStop: true) { $0.sum() }, .unary("mean", mayStop: true) { $0.mean() },
  .unary("max") { try $0.max() }, .unary("min") { try $0.min() },
  .stopping("with numbers") { draw in
    let (x, value) = (draw.tensor(), draw.number())
    let calls: [(String, (Tensor, Float) -> Tensor)] = [
      ("+", { $0 + $1 }), ("+", { $1 + $0 }), ("-", { $0 - $1 }), ("-", { $1 - $0 }),
      ("*", { $0 * $1 }), ("*", { $1 * $0 }), ("/", { $0 / $1 }),
      ("pow", { x, value in x.pow(value) }), ("elu", { x, value in x.elu(alpha: value) }),
      ("leakyReLU", { x, value in x.leakyReLU(slope: value) }), (".<", { $0 .< $1 }),
      (".<=", { $0 .<= $1 }), (".>", { $0 .> $1 }), (".>=", { $0 .>= $1 }), (".==", { $0 .== $1 }),
      (".!=", { $0 .!= $1 }), ("full", { Tensor.full(like: $0, $1) }),
      ("zeros", { x, _ in .zeros(like: x) }), ("ones", { x, _ in .ones(like: x) }),
    ]
    let (name, body) = draw.one(of: calls)
    draw.call("\(x.shape), \(value)", as: name)
    return [body(x, value)]
  },
  .throwing("clip") { draw in
    let (x, low, high) = (draw.tensor(), draw.number(), draw.number())
    draw.call("\(x.shape), \(low), \(high)")
    return [try x.clip(minimum: low, maximum: high)]
  },
  .throwing("item") { draw in
    let x = draw.tensor()
    draw.call("\(x.shape)")
    _ = try x.item
    return []
  },
  .stopping("description") { draw in
    let x = draw.tensor()
    draw.call("\(x.shape)")
    _ = (x.description, x.describeGraph(), x.graphInDOT())
    return []
  },
]

private let pairs: [Subject] = [
  .binary("+", { try $0 + $1 }), .binary("-", { try $0 - $1 }), .binary("*", { try $0 * $1 }),
  .binary("/", { try $0 / $1 }), .binary("maximum", Tensor.maximum),
  .binary("minimum", Tensor.minimum), .binary("pow", { try $0.pow($1) }),
  .binary(".<", { try $0 .< $1 }), .binary(".==", { try $0 .== $1 }),
  .binary(".>=", { try $0 .>= $1 }), .binary(".>", { try $0 .> $1 }),
  .binary(".<=", { try $0 .<= $1 }), .binary(".!=", { try $0 .!= $1 }),
  .binary("maskedFill", { try $0.maskedFill($1, with: .nan) }),
  .binary(
    "+ of a column and a row",
    { a, b in
      try a.reshaped([a.count, 1]) + b.reshaped([1, b.count])
    }),
  .throwing("where of a column and a row") { draw in
    let (a, b) = (draw.tensor(rank: 1), draw.tensor(rank: 1))
    draw.call("\(a.shape), \(b.shape)")
    return [try Tensor.where(a.reshaped([a.count, 1, 1]), b.reshaped([b.count, 1]), a)]
  },
  .throwing("where") { draw in
    let a = draw.tensor()
    let (b, c) = (draw.tensor(like: a), draw.tensor(like: a))
    draw.call("\([a, b, c].shapes)")
    return [try Tensor.where(a, b, c)]
  },
  .throwing("pairwiseDistance") { draw in
    let a = draw.tensor()
    let (b, epsilon) = (draw.tensor(like: a), draw.number())
    draw.call("\([a, b].shapes), \(epsilon)")
    return [try Tensor.pairwiseDistance(a, b, epsilon: epsilon)]
  },
  .throwing("cosineSimilarity") { draw in
    let a = draw.tensor()
    let (b, axis, epsilon) = (draw.tensor(like: a), draw.axis(), draw.number())
    draw.call("\([a, b].shapes), axis \(axis), \(epsilon)")
    return [try Tensor.cosineSimilarity(a, b, axis: axis, epsilon: epsilon)]
  },
]

private let reductions: [Subject] = [
  .along("sum(axis:)") { try $0.sum(axis: $1) },
  .along("mean(axis:)") { try $0.mean(axis: $1, keepDims: true) },
  .along("max(axis:)") { try $0.max(axis: $1) }, .along("min(axis:)") { try $0.min(axis: $1) },
  .along("argmax") { try $0.argmax(axis: $1) },
  .along("argmin") { try $0.argmin(axis: $1, keepDims: true) },
  .along("softmax") { try $0.softmax(axis: $1) },
  .throwing("softmax with a mask") { draw in
    let (x, axis) = (draw.tensor(), draw.axis())
    let mask = draw.tensor(like: x)
    draw.call("\([x, mask].shapes), axis \(axis)")
    return [try x.softmax(axis: axis, mask: mask)]
  },
  .along("logSoftmax") { try $0.logSoftmax(axis: $1) },
  .along("logSumExp") { try $0.logSumExp(axis: $1) },
  .along("product") { try $0.product(axis: $1) },
  .unary("product of all") { try $0.product() },
  .along("cumsum") { try $0.cumsum(axis: $1) },
  .throwing("sum(axes:)") { draw in
    let (x, axes) = (draw.tensor(), (0..<draw.below(4)).map { _ in draw.axis() })
    draw.call("\(x.shape), \(axes)")
    let sum = try x.sum(axes: axes)
    draw.call("\(x.shape), \(axes)", as: "mean")
    return [sum, try x.mean(axes: axes)]
  },
  .throwing("variance") { draw in
    let (x, axis, correction) = (draw.tensor(), draw.axis(), draw.number())
    if draw.below(2) == 0 {
      draw.call("\(x.shape), \(axis), \(correction)")
      return [try x.variance(axis: axis, correction: correction)]
    }
    draw.call("\(x.shape), \(axis), \(correction)", as: "standardDeviation")
    return [try x.standardDeviation(axis: axis, correction: correction)]
  },
]

private let rearrangements: [Subject] = [
  .throwing("reshaped") { draw in
    let (x, shape) = (draw.tensor(), draw.shape())
    draw.call("\(x.shape), \(shape)")
    return [try x.reshaped(shape)]
  },
  .along("flattened") { try $0.flattened(from: $1) },
  .along("squeezed") { try $0.squeezed(axis: $1) },
  .along("unsqueezed") { try $0.unsqueezed(axis: $1) },
  .throwing("transposed") { draw in
    let (x, a, b) = (draw.tensor(), draw.axis(), draw.axis())
    draw.call("\(x.shape), \(a), \(b)")
    return [try x.transposed(a, b)]
  },
  .throwing("permuted") { draw in
    let (x, order) = (draw.tensor(), draw.integers())
    draw.call("\(x.shape), \(order)")
    return [try x.permuted(order)]
  },
  .throwing("expanded") { draw in
    let (x, shape) = (draw.tensor(), draw.shape())
    draw.call("\(x.shape), \(shape)")
    return [
      try x.expanded(to: Shape(shape.dimensions + x.shape.dimensions)), try x.expanded(to: shape),
    ]
  },
  .throwing("flipped") { draw in
    let (x, axes) = (draw.tensor(), draw.integers())
    draw.call("\(x.shape), \(axes)")
    return [try x.flipped(axes: axes)]
  },
  .throwing("slice") { draw in
    let (x, axis) = (draw.tensor(), draw.axis())
    let (start, end, step) = (draw.integer(), draw.integer(), draw.integer())
    guard start <= end else { return [] }
    draw.call("\(x.shape), axis \(axis), \(start)..<\(end), step \(step)")
    return [
      try x.slice(axis: axis, start..<end), try x.slice(axis: axis, start..<end, step: step),
    ]
  },
  .throwing("select") { draw in
    let (x, axis, index) = (draw.tensor(), draw.axis(), draw.integer())
    draw.call("\(x.shape), axis \(axis), \(index)")
    return [try x.select(axis: axis, index: index)]
  },
  .throwing("unstacked") { draw in
    let (x, axis) = (draw.tensor(), draw.axis())
    draw.call("\(x.shape), axis \(axis)")
    return try x.unstacked(axis: axis).suffix(3)
  },
  .throwing("split(sizes:)") { draw in
    let (x, axis, sizes) = (draw.tensor(), draw.axis(), draw.integers())
    draw.call("\(x.shape), axis \(axis), \(sizes)")
    return try x.split(axis: axis, sizes: sizes)
  },
  .throwing("split(parts:)") { draw in
    let (x, axis, parts) = (draw.tensor(), draw.axis(), draw.integer())
    draw.call("\(x.shape), axis \(axis), \(parts)")
    return try x.split(axis: axis, parts: parts).suffix(3)
  },
  .throwing("padded") { draw in
    let (x, axis, before, after) = (draw.tensor(), draw.axis(), draw.integer(), draw.integer())
    draw.call("\(x.shape), axis \(axis), \(before), \(after)")
    return [try x.padded(axis: axis, before: before, after: after, with: draw.number())]
  },
  .throwing("padded by a mode") { draw in
    let (x, axis, before, after) = (draw.tensor(), draw.axis(), draw.integer(), draw.integer())
    let mode = draw.one(of: [PaddingMode.reflect, .replicate, .circular, .zeros])
    draw.call("\(x.shape), axis \(axis), \(before), \(after), \(mode)")
    return [try x.padded(axis: axis, before: before, after: after, mode: mode)]
  },
  .throwing("stack") { draw in
    let (tensors, axis) = (draw.tensors(), draw.axis())
    draw.call("\(tensors.shapes), axis \(axis)")
    return [try Tensor.stack(tensors, axis: axis)]
  },
  .throwing("concatenate") { draw in
    let (tensors, axis) = (draw.tensors(), draw.axis())
    draw.call("\(tensors.shapes), axis \(axis)")
    return [try Tensor.concatenate(tensors, axis: axis)]
  },
  .throwing("tril") { draw in
    let (x, diagonal) = (draw.tensor(), draw.integer())
    if draw.below(2) == 0 {
      draw.call("\(x.shape), \(diagonal)")
      return [try x.tril(diagonal: diagonal)]
    }
    draw.call("\(x.shape), \(diagonal)", as: "triu")
    return [try x.triu(diagonal: diagonal)]
  },
]

private let indices: [Subject] = [
  .throwing("gather") { draw in
    let (x, axis) = (draw.tensor(rank: 2), draw.axis())
    let positions = draw.tensor(like: x)
    draw.call("\(x.shape), axis \(axis), indices \(positions.shape)")
    return [try x.gather(axis: axis, indices: positions)]
  },
  .throwing("indexSelect") { draw in
    let (x, axis, positions) = (draw.tensor(), draw.axis(), draw.integers())
    draw.call("\(x.shape), axis \(axis), \(positions)")
    return [try x.indexSelect(axis: axis, positions)]
  },
  .throwing("embedding") { draw in
    let (x, positions) = (draw.tensor(rank: 2), draw.tensor())
    draw.call("\(x.shape), indices \(positions.shape)")
    return [try x.embedding(positions)]
  },
  .throwing("topK") { draw in
    let (x, axis, k, largest) = (draw.tensor(), draw.axis(), draw.integer(), draw.below(2) == 0)
    draw.call("\(x.shape), axis \(axis), \(k), largest \(largest)")
    let (values, indices) = try x.topK(k, axis: axis, largest: largest)
    return [values, indices]
  },
  .throwing("sorted") { draw in
    let (x, axis, descending) = (draw.tensor(), draw.axis(), draw.below(2) == 0)
    draw.call("\(x.shape), axis \(axis), descending \(descending)")
    let (values, indices) = try x.sorted(axis: axis, descending: descending)
    draw.call("\(x.shape), axis \(axis), descending \(descending)", as: "argsort")
    return [values, indices, try x.argsort(axis: axis, descending: descending)]
  },
  .throwing("rolled") { draw in
    let (x, offsets) = (draw.tensor(), draw.integers())
    let axes = (0..<draw.below(3)).map { _ in draw.axis() }
    let (offset, axis) = (draw.integer(), draw.axis())
    switch draw.below(3) {
    case 0:
      draw.call("\(x.shape), \(offsets), axes \(axes)")
      return [try x.rolled(by: offsets, axes: axes)]
    case 1:
      draw.call("\(x.shape), \(offset), axis \(axis)")
      return [try x.rolled(by: offset, axis: axis)]
    default:
      let each = [Int](repeating: offset, count: x.rank > 0 ? min(x.shape[0], 8) : 1)
      draw.call("\(x.shape), by row \(each), axis \(axis)")
      return [try x.rolled(byRow: each, axis: axis)]
    }
  },
  .throwing("oneHot") { draw in
    let (labels, classes) = (draw.integers().map { Int32(clamping: $0) }, draw.integer())
    draw.call("\(labels), \(classes) classes")
    return [try Tensor.oneHot(labels, classes: classes)]
  },
  .throwing("lengthMask") { draw in
    let (lengths, steps) = (draw.integers(), draw.integer())
    draw.call("\(lengths), \(steps) steps")
    return [try Tensor.lengthMask(lengths, steps: steps)]
  },
  .throwing("meanOverSteps") { draw in
    let (x, lengths) = (draw.tensor(rank: 3), draw.integers())
    draw.call("\(x.shape), \(lengths)")
    return [try x.meanOverSteps(lengths: lengths)]
  },
  .throwing("mean(lengths:)") { draw in
    let (x, lengths) = (draw.tensor(rank: 2), draw.integers())
    draw.call("\(x.shape), \(lengths)")
    return [try x.mean(lengths: lengths)]
  },
]

private let products: [Subject] = [
  .binary("matmul", { try $0.matmul($1) }),
  .throwing("matmul that fits") { draw in
    let a = draw.tensor(rank: 2)
    let b = draw.tensor(of: [a.rank > 0 ? min(a.shape[-1], 1 << 40) : 2, draw.below(3)])
    draw.call("\([a, b].shapes)", as: "matmul", "+", "tanh")
    return [try a.matmul(b), try tanh(a.matmul(b) + a.matmul(b))]
  },
  .throwing("matmul of a column and a row") { draw in
    let (a, b) = (draw.tensor(rank: 1), draw.tensor(rank: 1))
    draw.call("\(a.shape), \(b.shape)")
    let (column, row) = (try a.reshaped([a.count, 1]), try b.reshaped([1, b.count]))
    return [try column.matmul(row)]
  },
  .stopping("matmul of batches") { draw in
    let a = draw.tensor(rank: 3)
    let b = draw.tensor(like: a)
    draw.call("\([a, b].shapes)", as: "matmul", "transposed", "Tensor")
    return [try a.matmul(b.transposed(-1, -2))]
  },
  .throwing("linear") { draw in
    let x = draw.tensor()
    let weight = draw.tensor(of: [x.rank > 0 ? min(x.shape[-1], 1 << 40) : 2, draw.below(4)])
    let bias = draw.tensor(of: [weight.shape[-1]])
    draw.call("\([x, weight, bias].shapes)")
    return [try x.linear(weight, bias)]
  },
]

private let convolutions: [Subject] = [
  .throwing("conv1d") { draw in
    let x = draw.tensor(rank: 3)
    let channels = x.rank > 1 ? min(x.shape[1], 8) : 2
    let weight = draw.tensor(of: [1 + draw.below(3), channels, draw.below(4)])
    let (stride, dilation, groups) = (draw.integer(), draw.integer(), 1 + draw.below(2))
    let padding: ConvolutionPadding = draw.one(of: [.zeros(draw.integer()), .same, .causal])
    let bias = draw.below(2) == 0 ? draw.tensor(of: [weight.shape[0]]) : nil
    let mode = draw.one(of: [PaddingMode.zeros, .reflect, .replicate, .circular])
    draw.call(
      "\([x, weight].shapes), stride \(stride), padding \(padding) of \(mode), dilation "
        + "\(dilation), groups \(groups)")
    return [
      try x.conv1d(
        weight, bias: bias, stride: stride, padding: padding, paddingMode: mode, dilation: dilation,
        groups: groups)
    ]
  },
  .throwing("conv1d with absurd weight") { draw in
    let (x, weight) = (draw.tensor(rank: 3), draw.tensor(rank: 3))
    let groups = draw.integer()
    draw.call("\([x, weight].shapes), groups \(groups)")
    return [try x.conv1d(weight, groups: groups)]
  },
  .throwing("conv2d") { draw in
    let x = draw.tensor(rank: 4)
    let channels = x.rank > 1 ? min(x.shape[1], 8) : 2
    let weight = draw.tensor(of: [1 + draw.below(3), channels, draw.below(3), 1 + draw.below(2)])
    let (stride, padding, dilation) = (draw.integer(), draw.integer(), draw.integer())
    let mode = draw.one(of: [PaddingMode.zeros, .reflect, .replicate, .circular])
    draw.call(
      "\([x, weight].shapes), stride \(stride), padding \(padding) of \(mode), dilation \(dilation)"
    )
    return [
      try x.conv2d(
        weight, stride: stride, padding: padding, paddingMode: mode, dilation: dilation)
    ]
  },
  .throwing("pooling") { draw in
    let (x, kernel) = (draw.tensor(rank: 3), draw.integer())
    let (stride, which) = (draw.below(2) == 0 ? nil : draw.integer(), draw.below(2))
    let (padding, isCeiling) = (draw.below(2) == 0 ? 0 : draw.integer(), draw.below(3) == 0)
    draw.call(
      "\(x.shape), kernel \(kernel), stride \(stride ?? kernel), padding \(padding), ceiling "
        + "\(isCeiling)",
      as: which == 0 ? "averagePool1d" : "maxPool1d")
    return [
      which == 0
        ? try x.averagePool1d(
          kernelSize: kernel, stride: stride, padding: padding, ceilMode: isCeiling)
        : try x.maxPool1d(
          kernelSize: kernel, stride: stride, padding: padding, ceilMode: isCeiling)
    ]
  },
  .throwing("pooling of images") { draw in
    let (x, kernel) = (draw.tensor(rank: 4), draw.integer())
    let (stride, which) = (draw.below(2) == 0 ? nil : draw.integer(), draw.below(2))
    let (padding, isCeiling) = (draw.below(2) == 0 ? 0 : draw.integer(), draw.below(3) == 0)
    draw.call(
      "\(x.shape), kernel \(kernel), stride \(stride ?? kernel), padding \(padding), ceiling "
        + "\(isCeiling)",
      as: which == 0 ? "averagePool2d" : "maxPool2d")
    return [
      which == 0
        ? try x.averagePool2d(
          kernelSize: kernel, stride: stride, padding: padding, ceilMode: isCeiling)
        : try x.maxPool2d(
          kernelSize: kernel, stride: stride, padding: padding, ceilMode: isCeiling)
    ]
  },
  .throwing("adaptiveAveragePool1d") { draw in
    let (x, length) = (draw.tensor(rank: 3), draw.integer())
    draw.call("\(x.shape), \(length)")
    return [try x.adaptiveAveragePool1d(outputLength: length)]
  },
  .throwing("adaptiveAveragePool2d") { draw in
    let (x, rows, columns) = (draw.tensor(rank: 4), draw.integer(), draw.integer())
    draw.call("\(x.shape), \(rows) × \(columns)")
    return [try x.adaptiveAveragePool2d(rows: rows, columns: columns)]
  },
  .unary("globalAveragePool", rank: 4) { try $0.globalAveragePool() },
  .unary("globalMaxPool", rank: 4) { try $0.globalMaxPool() },
  .throwing("layerNorm") { draw in
    let x = draw.tensor()
    let weight = draw.tensor(of: [x.rank > 0 ? min(x.shape[-1], 1 << 20) : 1])
    let epsilon = draw.number()
    draw.call("\([x, weight].shapes), \(epsilon)")
    return [try x.layerNorm(weight: weight, bias: weight, epsilon: epsilon)]
  },
  .throwing("batchNorm") { draw in
    let x = draw.tensor(rank: 2 + draw.below(2))
    let weight = draw.tensor(of: [x.rank > 1 ? min(x.shape[1], 1 << 20) : 1])
    let (epsilon, isGiven) = (draw.number(), draw.below(2) == 0)
    draw.call("\([x, weight].shapes), \(epsilon), given \(isGiven)")
    return [
      try x.batchNorm(
        weight: weight, bias: weight, statistics: isGiven ? (weight, weight) : nil, epsilon: epsilon
      ).result
    ]
  },
]

private let losses: [Subject] = [
  .throwing("crossEntropy") { draw in
    let logits = draw.tensor(rank: 2)
    let rows = min(logits.count / max(1, logits.rank > 0 ? logits.shape[-1] : 1), 1 << 19)
    let labels = (0..<(draw.below(4) == 0 ? draw.below(5) : rows)).map { _ in
      Int32(clamping: draw.below(30) == 0 ? draw.integer() : draw.below(2))
    }
    let (weights, smoothing) = (draw.below(3), draw.below(2) == 0 ? 0 : draw.number())
    let reduction = draw.one(of: [LossReduction.mean, .sum, .none])
    draw.call(
      "\(logits.shape), \(labels.count) labels \(labels.prefix(4)), weights \(weights), \(smoothing)"
    )
    return [
      try crossEntropy(
        logits, labels: labels,
        classWeights: weights == 0
          ? nil
          : [Float](
            repeating: .nan,
            count: weights == 1 ? 3 : min(logits.shape.dimensions.last ?? 0, 1 << 19)),
        smoothing: smoothing, reduction: reduction)
    ]
  },
  .throwing("binaryCrossEntropyWithLogits") { draw in
    let logits = draw.tensor()
    let (targets, weight) = (draw.tensor(like: logits), draw.number())
    draw.call("\([logits, targets].shapes), \(weight)")
    return [try binaryCrossEntropyWithLogits(logits, targets: targets, positiveWeight: weight)]
  },
  .throwing("meanSquaredError") { draw in
    let x = draw.tensor()
    let targets = draw.tensor(like: x)
    draw.call("\([x, targets].shapes)")
    return [try meanSquaredError(x, targets: targets, reduction: .none)]
  },
]

private let graphs: [Subject] = [
  .stopping("backward") { draw in
    let x = draw.tensor()
    let gradient = draw.below(2) == 0 ? nil : draw.tensor(like: x)
    let twice = draw.below(2) == 0
    draw.call("\(x.shape)", as: "exp")
    let y = x.exp()
    // gradients have no way to throw
    draw.call(
      "\(x.shape), gradient \(gradient?.shape.description ?? "none"), twice \(twice)",
      as: "backward", "exp")
    try y.backward(gradient: gradient)
    if twice { try y.backward(gradient: gradient) }
    return []
  },
  .throwing("GradientCheck") { draw in
    let (x, samples, tolerance) = (draw.tensor(rank: 1), draw.integer(), draw.number())
    guard x.count < 1000 else { return [] }
    draw.call("\(x.shape), samples \(samples), tolerance \(tolerance)")
    try GradientCheck.check([x], samples: samples, tolerance: tolerance) { x.squared().sum() }
    return []
  },
]
