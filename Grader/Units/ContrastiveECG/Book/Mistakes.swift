import Judge
import TensorCore

extension VariantBook {
  /// The mistakes of this unit by subject.
  static let contrastive = VariantBook([
    "squaredDistances": DistanceVariant.self, "tripletLoss": TripletVariant.self,
    "hardestNegatives": HardestVariant.self, "semiHardNegatives": SemiHardVariant.self,
    "ECGEncoder": EncoderVariant.self, "normalised": NormalisationVariant.self,
    "ContrastiveModel": ModelVariant.self, "contrastiveLoss": LossVariant.self,
    "classVectors": ClassVariant.self, "scores": ScoresVariant.self,
    "predictions": PredictionVariant.self, "areaUnderROC": AreaVariant.self,
    "averagePrecision": PrecisionVariant.self,
  ])
}
