import Judge
import TensorCore

/// The weighted means as students write them.
struct WeightedMeansVariant: Variant {
  var isSum = false
  var isSquared = false

  static let mistakes: [Mistake<Self>] = [
    .init("summed", "the steps are summed: divide by their number") { $0.isSum = true },
    .init("squared-weights", "the weights are squared") { $0.isSquared = true },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (X, weights) = try (numbers("X"), numbers("weights"))
    let means = try isSum ? X.sum(axis: 1) : X.mean(axis: 1)
    return [("means", try means * (isSquared ? weights.squared() : weights))]
  }
}
