import Judge
import TensorCore

extension VariantBook {
  /// The mistakes of this unit by subject.
  package static let heartbeatTransformer = VariantBook([
    "attention": AttentionVariant.self, "MultiHeadAttention": HeadsVariant.self,
    "MLP": MLPVariant.self, "EncoderLayer": LayerVariant.self,
    "BeatEmbedding": EmbeddingVariant.self, "BeatClassifier": ClassifierVariant.self,
    "ECGformer": NetworkVariant.self,
  ])
}

/// The parameters of a part of a model, by the names that they have in the part.
struct PartNumbers {
  let numbers: Numbers
  var prefix = ""

  /// Those of a part of the part.
  func part(_ name: String) -> PartNumbers {
    PartNumbers(numbers: numbers, prefix: prefix + name + ".")
  }

  func callAsFunction(_ name: String) throws -> Tensor { try numbers(prefix + name) }

  /// A fully connected layer.
  func linear(_ X: Tensor, _ name: String) throws -> Tensor {
    try X.linear(self(name + ".weight"), self(name + ".bias"))
  }

  /// A layer normalisation.
  func norm(_ X: Tensor, _ name: String) throws -> Tensor {
    try X.layerNorm(weight: self(name + ".weight"), bias: self(name + ".bias"))
  }
}

/// What stands in GELU's place.
enum Activation: CaseIterable {
  case gelu, tanhFormula, quick, relu, silu, tanh, sigmoid, none

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    switch self {
    case .gelu: return x.gelu()
    case .tanhFormula:
      let cubic = try 0.044715 * x * x * x
      let inner = try 0.797_884_6 * (x + cubic)
      return try 0.5 * x * (1 + inner.tanh())
    case .quick: return try x * (1.702 * x).sigmoid()
    case .relu: return x.relu()
    case .silu: return x.silu()
    case .tanh: return x.tanh()
    case .sigmoid: return x.sigmoid()
    case .none: return x
    }
  }

  /// Those that are no GELU: an id, and what stands there.
  static let others: [(id: String, name: String, activation: Activation)] = [
    ("tanh-gelu", "GELU's approximation by tanh", .tanhFormula),
    ("quick-gelu", "x σ(1.702 x)", .quick), ("relu", "ReLU", .relu),
    ("silu", "SiLU, x σ(x)", .silu),
    ("tanh", "tanh", .tanh), ("sigmoid", "σ", .sigmoid),
  ]
}
