import NeuralNetworks
import RecurrentLayers
import TensorCore

/// What is compared, by the names that the peers' programs have too.
enum Subjects {
  static var all: [Subject] { operations + MatrixProduct.all.map(\.ours) + networks }

  /// [1000, 1000] whole numbers below 1000 without a pattern; the peers have them by the same formula.
  nonisolated(unsafe) private static let positions = Result {
    try Tensor((0..<1_000_000).map { Float($0 * 7919 % 1_000_003 % 1000) }, shape: [1000, 1000])
  }

  private static var operations: [Subject] {
    [
      Subject("softmax 64x187x187", [64, 187, 187]) { try $0[0].softmax(axis: -1) },
      Subject("logSoftmax 12000x5", [12000, 5]) { try $0[0].logSoftmax(axis: -1) },
      Subject("exp 64x188x256", [64, 188, 256]) { $0[0].exp() },
      Subject("GELU 64x188x128", [64, 188, 128]) { $0[0].gelu() },
      Subject("sum over rows 100000x64", [100_000, 64]) { try $0[0].sum(axis: 0) },
      Subject("mean over tokens 64x188x64", [64, 188, 64]) { try $0[0].mean(axis: 1) },
      Subject("variance over tokens 64x188x64", [64, 188, 64]) { try $0[0].variance(axis: 1) },
      Subject("standardDeviation 12000x64", [12000, 64]) { try $0[0].standardDeviation(axis: 1) },
      Subject("pairwiseDistance 12000x64", [12000, 64], [12000, 64]) {
        try Tensor.pairwiseDistance($0[0], $0[1])
      },
      Subject("cosineSimilarity 12000x64", [12000, 64], [12000, 64]) {
        try Tensor.cosineSimilarity($0[0], $0[1])
      },
      Subject("bias added 64x188x128", [64, 188, 128], [128]) { try $0[0] + $0[1] },
      Subject("layerNorm 64x188x64", [64, 188, 64], [64], [64]) {
        try $0[0].layerNorm(weight: $0[1], bias: $0[2])
      },
      Subject("batchNorm 32x24x750", [32, 24, 750]) { _ in BatchNorm1d(24) },
      Subject("batchNorm 64x32x1000", [64, 32, 1000]) { _ in BatchNorm1d(32) },
      Subject("batchNorm 64x32x1000, evaluation", [64, 32, 1000]) { _ in
        let norm = BatchNorm1d(32)
        norm.eval()
        return norm
      },
      Subject("matmul batched 64x187x64x187", [64, 187, 64], [64, 64, 187]) {
        try $0[0].matmul($0[1])
      },
      Subject("matmul of heads 64x4x188x8", [64, 4, 188, 8], [64, 4, 188, 8]) {
        try $0[0].matmul($0[1].transposed(2, 3))
      },
      Subject("heads split and joined 64x188x64", [64, 188, 64]) {
        try $0[0].reshaped([64, 188, 8, 8]).transposed(1, 2).exp().transposed(1, 2).reshaped(
          [64, 188, 64])
      },
      Subject("attention 16x187x64", [16, 187, 64], [16, 187, 64], [16, 187, 64]) {
        let scores = try $0[0].matmul($0[1].transposed(1, 2)) * 0.125
        return try scores.softmax(axis: -1).matmul($0[2])
      },
      Subject("dropout 64x188x128", [64, 188, 128]) { try Dropout(probability: 0.1, using: &$0) },
      Subject("encoder block 64x188x32", [64, 188, 32]) {
        EncoderBlock(size: 32, heads: 4, using: &$0)
      },
      Subject("encoder block 16x188x128", [16, 188, 128]) {
        EncoderBlock(size: 128, heads: 8, using: &$0)
      },
      Subject("conv1d of 12 leads 64x12x1000, 7", [64, 12, 1000], [32, 12, 7], [32]) {
        try $0[0].conv1d($0[1], bias: $0[2], padding: 3)
      },
      Subject("conv1d 16x32x4500, dilation 16", [16, 32, 4500], [32, 32, 3], [32]) {
        try $0[0].conv1d($0[1], bias: $0[2], padding: 16, dilation: 16)
      },
      Subject("conv1d 16x32x4500, dilation 256", [16, 32, 4500], [32, 32, 3], [32]) {
        try $0[0].conv1d($0[1], bias: $0[2], padding: 256, dilation: 256)
      },
      Subject("conv1d by channels 32x64x750, 7", [32, 64, 750], [64, 1, 7]) {
        try $0[0].conv1d($0[1], padding: 3, groups: 64)
      },
      Subject("conv2d 32x16x64x64, 3", [32, 16, 64, 64], [32, 16, 3, 3], [32]) {
        try $0[0].conv2d($0[1], bias: $0[2], padding: 1)
      },
      Subject("conv2d 32x1x64x64, 3", [32, 1, 64, 64], [16, 1, 3, 3], [16]) {
        try $0[0].conv2d($0[1], bias: $0[2], padding: 1)
      },
      Subject("maxPool1d 64x32x1000, 4", [64, 32, 1000]) { try $0[0].maxPool1d(kernelSize: 4) },
      Subject("maxPool2d 32x16x64x64, 2", [32, 16, 64, 64]) { try $0[0].maxPool2d(kernelSize: 2) },
      Subject("averagePool1d 64x32x1000, 4", [64, 32, 1000]) {
        try $0[0].averagePool1d(kernelSize: 4)
      },
      Subject("topK 10 of 1000x1000", [1000, 1000]) { try $0[0].topK(10).values },
      Subject("topK 500 of 1000x1000", [1000, 1000]) { try $0[0].topK(500).values },
      Subject("sorted 1000x1000", [1000, 1000]) { try $0[0].sorted().values },
      Subject("sorted columns 1000x1000", [1000, 1000]) { try $0[0].sorted(axis: 0).values },
      Subject("gather 1000 of 1000x1000", [1000, 1000]) {
        try $0[0].gather(axis: 1, indices: positions.get())
      },
      Subject("gather rows 1000 of 1000x1000", [1000, 1000]) {
        try $0[0].gather(axis: 0, indices: positions.get())
      },
      Subject("product 10000x100", [10_000, 100]) { try $0[0].product(axis: 1) },
      Subject("product over rows 100x10000", [100, 10_000]) { try $0[0].product(axis: 0) },
      Subject("product beside zeros 10000x100", [10_000, 100]) {
        try $0[0].relu().product(axis: 1)
      },
      Subject("roll 64x12x1000", [64, 12, 1000]) { try $0[0].rolled(by: 300, axis: 2) },
      Subject("GRU 64x40x17, 128", [64, 40, 17]) {
        Recurrent(BuiltinGRU(inputSize: 17, hiddenSize: 128, using: &$0))
      },
    ]
  }

  private static var networks: [Subject] {
    [
      Subject("encoder network, 18 tokens, batch 64", [64, 17, 11], classes: 5) {
        EncoderNetwork(steps: 17, features: 11, using: &$0)
      },
      Subject("encoder network, 18 tokens, batch 128", [128, 17, 11], classes: 5) {
        EncoderNetwork(steps: 17, features: 11, using: &$0)
      },
      Subject("encoder network, 188 tokens, batch 64", [64, 187, 1], classes: 5) {
        EncoderNetwork(steps: 187, features: 1, using: &$0)
      },
      Subject("encoder network, 188 tokens, batch 128", [128, 187, 1], classes: 5) {
        EncoderNetwork(steps: 187, features: 1, using: &$0)
      },
      Subject("dilated network 32x3000", [32, 1, 3000], classes: 3) { DilatedNetwork(using: &$0) },
      Subject("12 leads 64x12x1000", [64, 12, 1000], classes: 64) { LeadsNetwork(using: &$0) },
      Subject("stacked linear, width 2048, batch 64", [64, 187], classes: 5) {
        try stackedLinear(inputs: 187, width: 2048, hidden: 4, using: &$0)
      },
    ]
  }
}
