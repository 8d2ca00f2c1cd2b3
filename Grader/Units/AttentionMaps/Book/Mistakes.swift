import Judge
import TensorCore

extension VariantBook {
  /// The mistakes of this unit by subject.
  package static let attentionMaps = VariantBook([
    "classWeights": WeightsVariant.self, "challengeScore": ScoreVariant.self,
    "receptiveField": FieldVariant.self, "DilatedConvolution": ConvolutionVariant.self,
    "BatchNormalisation": NormVariant.self, "ResidualBlock": BlockVariant.self,
    "ClassActivation": PoolingVariant.self, "ClassActivationMaps": MapsVariant.self,
    "ClassActivationMap": ChosenMapVariant.self, "interpolated": InterpolationVariant.self,
    "DilatedNet": NetVariant.self, "DilatedMaps": NetMapsVariant.self,
  ])
}

/// A convolution as the task has it.
func convolution(
  _ x: Tensor, _ W: Tensor, dilation: Int, isCausal: Bool = false
) throws -> Tensor { try x.conv1d(W, padding: isCausal ? .causal : .same, dilation: dilation) }
