import NeuralNetworks
import RecurrentLayers
import TensorCore

/// Attention of several heads, as a student writes it: `softmax(Q Kᵀ / √d) V` of each head.
final class Attention: Module, UnaryLayer {
  @Parameter var W_q: Tensor
  @Parameter var W_k: Tensor
  @Parameter var W_v: Tensor
  @Parameter var W_o: Tensor
  @Parameter var b_q: Tensor
  @Parameter var b_k: Tensor
  @Parameter var b_v: Tensor
  @Parameter var b_o: Tensor
  let heads: Int

  init(size: Int, heads: Int, using generator: inout RandomGenerator) {
    let initialiser = Initialiser.uniformByFanIn(size)
    W_q = initialiser([size, size], using: &generator)
    W_k = initialiser([size, size], using: &generator)
    W_v = initialiser([size, size], using: &generator)
    W_o = initialiser([size, size], using: &generator)
    b_q = initialiser([size], using: &generator)
    b_k = initialiser([size], using: &generator)
    b_v = initialiser([size], using: &generator)
    b_o = initialiser([size], using: &generator)
    self.heads = heads
  }

  func callAsFunction(_ X: Tensor) throws(TensorError) -> Tensor {
    let (N, T, E) = (X.shape[0], X.shape[1], X.shape[2])
    let d = E / heads
    func split(_ W: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
      try X.linear(W, b).reshaped([N, T, heads, d]).transposed(1, 2)
    }
    let (Q, K, V) = (try split(W_q, b_q), try split(W_k, b_k), try split(W_v, b_v))
    let scores = try Q.matmul(K.transposed(2, 3)) * (1 / Float(d).squareRoot())
    let mixed = try scores.softmax(axis: -1).matmul(V)
    return try mixed.transposed(1, 2).reshaped([N, T, E]).linear(W_o, b_o)
  }
}

/// A transformer's layer with the normalisations in front (Xiong et al. 2020).
final class EncoderBlock: Module, UnaryLayer {
  private let norm1: LayerNorm
  private let attention: Attention
  private let norm2: LayerNorm
  private let hidden: Linear
  private let output: Linear

  init(size: Int, heads: Int, using generator: inout RandomGenerator) {
    norm1 = LayerNorm(size)
    attention = Attention(size: size, heads: heads, using: &generator)
    norm2 = LayerNorm(size)
    hidden = Linear(size, 4 * size, using: &generator)
    output = Linear(4 * size, size, using: &generator)
  }

  func callAsFunction(_ X: Tensor) throws(TensorError) -> Tensor {
    let Y = try X + attention(norm1(X))
    return try Y + output(hidden(norm2(Y)).gelu())
  }
}

/// A transformer over steps of a signal: embedding, a token for the class, positions before each of
/// two layers, the mean of the tokens, and a classifier of five classes.
final class EncoderNetwork: Module, UnaryLayer {
  private let embedding: Linear
  private let norm: LayerNorm
  @Parameter private var classToken: Tensor
  @Parameter private var positions: Tensor
  private let blocks: [EncoderBlock]
  private let linear: Linear
  private let lastNorm: LayerNorm
  private let output: Linear

  init(steps: Int, features: Int, using generator: inout RandomGenerator) {
    let size = 32
    embedding = Linear(features, size, using: &generator)
    norm = LayerNorm(size)
    classToken = .randn([1, size], using: &generator)
    positions = .randn([steps + 1, size], using: &generator)
    var blocks: [EncoderBlock] = []
    for _ in 0..<2 { blocks.append(EncoderBlock(size: size, heads: 4, using: &generator)) }
    self.blocks = blocks
    linear = Linear(size, size, using: &generator)
    lastNorm = LayerNorm(size)
    output = Linear(size, 5, using: &generator)
  }

  func callAsFunction(_ X: Tensor) throws(TensorError) -> Tensor {
    let embedded = try norm(embedding(X)).gelu()
    let token = try classToken.expanded(to: [X.shape[0], 1, classToken.shape[1]])
    var Z = try Tensor.concatenate([token, embedded], axis: 1)
    for block in blocks { Z = try block(Z + positions) }
    return try output(lastNorm(linear(Z.mean(axis: 1))))
  }
}

/// `x + ReLU(BN(conv(x)))` with a dilation.
final class DilatedBlock: Module, UnaryLayer {
  @Parameter private var weight: Tensor
  private let norm: BatchNorm1d
  private let dilation: Int

  init(channels: Int, dilation: Int, using generator: inout RandomGenerator) {
    weight = .randn(
      [channels, channels, 3], standardDeviation: (2 / Float(3 * channels)).squareRoot(),
      using: &generator)
    norm = BatchNorm1d(channels)
    self.dilation = dilation
  }

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    let h = try x.conv1d(weight, padding: .zeros(dilation), dilation: dilation)
    return try x + norm(h).relu()
  }
}

/// A stem with stride 4, seven residual blocks whose dilations double, the mean over time, and three
/// classes.
final class DilatedNetwork: Module, UnaryLayer {
  @Parameter private var stem: Tensor
  private let norm: BatchNorm1d
  private let blocks: [DilatedBlock]
  @Parameter private var W: Tensor

  init(using generator: inout RandomGenerator) {
    let channels = 24
    stem = .randn(
      [channels, 1, 16], standardDeviation: (2 / Float(16)).squareRoot(), using: &generator)
    norm = BatchNorm1d(channels)
    var blocks: [DilatedBlock] = []
    for power in 0..<7 {
      blocks.append(DilatedBlock(channels: channels, dilation: 1 << power, using: &generator))
    }
    self.blocks = blocks
    W = .randn([channels, 3], standardDeviation: 0.2, using: &generator)
  }

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    var h = try norm(x.conv1d(stem, stride: 4, padding: 6)).relu()
    for block in blocks { h = try block(h) }
    return try h.mean(axis: 2).matmul(W)
  }
}

/// Four blocks of convolution, batch normalisation, ReLU and max pooling over twelve leads, the mean over
/// time, and a linear layer.
final class LeadsNetwork: Module, UnaryLayer {
  private let convolutions: [Conv1d]
  private let norms: [BatchNorm1d]
  private let pools: [MaxPool1d]
  private let output: Linear

  init(using generator: inout RandomGenerator) {
    var (convolutions, norms, channels): ([Conv1d], [BatchNorm1d], Int) = ([], [], 12)
    for (next, kernel) in [(32, 7), (64, 5), (128, 3), (256, 3)] {
      convolutions.append(
        Conv1d(
          channels, next, kernelSize: kernel, padding: .zeros(kernel / 2), using: &generator))
      norms.append(BatchNorm1d(next))
      channels = next
    }
    self.convolutions = convolutions
    self.norms = norms
    pools = [4, 4, 2, 2].map { MaxPool1d(kernelSize: $0) }
    output = Linear(channels, 64, using: &generator)
  }

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    var x = x
    for (layer, convolution) in convolutions.enumerated() {
      x = try pools[layer](norms[layer](convolution(x)).relu())
    }
    return try output(x.mean(axis: 2))
  }
}

/// Linear layers of one width with leaky ReLU, and dropout after the hidden ones.
func stackedLinear(
  inputs: Int, width: Int, hidden: Int, using generator: inout RandomGenerator
) throws -> Sequential {
  var layers: [any UnaryLayer] = [
    Linear(inputs, width, using: &generator), LeakyReLU(slope: 0.01),
  ]
  for _ in 0..<hidden {
    layers.append(Linear(width, width, using: &generator))
    layers.append(LeakyReLU(slope: 0.01))
    layers.append(try Dropout(probability: 0.5, using: &generator))
  }
  layers.append(Linear(width, 5, using: &generator))
  return Sequential(layers: layers)
}

/// The outputs of all steps.
final class Recurrent: Module, UnaryLayer {
  private let layer: BuiltinGRU

  init(_ layer: BuiltinGRU) { self.layer = layer }

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { try layer(x).outputs }
}
