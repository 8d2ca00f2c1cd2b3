import NeuralNetworks
import TensorCore

/// A network like DeepECGV7, the remake's largest: gated dilated convolutions as of WaveNet (van den Oord et al. 2016;
/// section 8.11, given).
///
/// A convolution to the channels, then blocks with the dilations 2, 4, …: z = tanh(W_f ∗ x) · σ(W_g ∗ x), from which a
/// convolution over one sample goes to the sum of skips, and one back onto x, but for the last block. ReLU and two
/// convolutions with dropout of 0.3 follow, to twice and four times the channels, and the mean over time with a linear
/// layer. No bias, no batch normalisation, no pooling: a map has a value for each sample. With 128 channels, nine blocks
/// and four classes it has 1 657 216 parameters and sees 2051 samples; a recording of 12 000 takes it 19.9 thousand
/// million products.
public final class WaveNet: Module, Network {
  /// A convolution without bias.
  final class Convolution: Module {
    @Parameter var W: Tensor
    private let dilation: Int

    init(
      _ inChannels: Int, _ outChannels: Int, kernelSize: Int = 1, dilation: Int = 1,
      using generator: inout RandomGenerator
    ) {
      W = Initialiser.heNormal(fanIn: inChannels * kernelSize)(
        Shape([outChannels, inChannels, kernelSize]), using: &generator)
      self.dilation = dilation
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
      try x.conv1d(W, padding: .same, dilation: dilation)
    }
  }

  /// A gated convolution with its two ways out.
  final class Block: Module {
    let filter, gate, skip: Convolution
    let residual: Convolution?

    init(
      channels: Int, dilation: Int, isLast: Bool, using generator: inout RandomGenerator
    ) {
      filter = Convolution(channels, channels, kernelSize: 3, dilation: dilation, using: &generator)
      gate = Convolution(channels, channels, kernelSize: 3, dilation: dilation, using: &generator)
      skip = Convolution(channels, channels, using: &generator)
      residual = isLast ? nil : Convolution(channels, channels, using: &generator)
    }

    func callAsFunction(_ x: Tensor) throws -> (x: Tensor, skip: Tensor) {
      let z = try filter(x).tanh() * gate(x).sigmoid()
      return (try residual.map { try x + $0(z) } ?? x, try skip(z))
    }
  }

  let stem: Convolution
  let blocks: [Block]
  let first, second: Convolution
  let dropout: Dropout
  let head: ClassActivation

  /// Makes the parts; 128 channels and nine blocks in the remake.
  public init(
    channels: Int, blocks: Int, classes: Int, using generator: inout RandomGenerator
  ) throws {
    stem = Convolution(1, channels, kernelSize: 3, using: &generator)
    var made: [Block] = []
    for index in 0..<blocks {
      made.append(
        Block(
          channels: channels, dilation: 2 << index, isLast: index == blocks - 1, using: &generator))
    }
    self.blocks = made
    first = Convolution(channels, 2 * channels, kernelSize: 3, using: &generator)
    second = Convolution(2 * channels, 4 * channels, kernelSize: 3, using: &generator)
    dropout = try Dropout(probability: 0.3, using: &generator)
    head = try ClassActivation(channels: 4 * channels, classes: classes, using: &generator)
  }

  private func features(_ X: Tensor) throws -> Tensor {
    var x = try stem(X.transposed(1, 2))
    var skips: [Tensor] = []
    for block in blocks {
      let out = try block(x)
      x = out.x
      skips.append(out.skip)
    }
    var f = try skips.dropFirst().reduce(skips.first ?? x) { try $0 + $1 }.relu()
    f = try dropout(first(f).relu())
    return try dropout(second(f).relu())
  }

  /// The logits `[samples, classes]` of a batch `[samples, L, 1]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor { try head.logits(features(X)) }

  /// The maps `[samples, classes, L]`.
  public func maps(_ X: Tensor) throws -> Tensor { try head.maps(features(X)) }
}
