import Judge
import TensorCore

// The mistakes of this unit by subject. A subject that is compared by draws has none computed: its check states what is
// drawn then, and names the mistake itself.

extension VariantBook {
  static let modelSelection = VariantBook(
    [
      "waveletFeatures": WaveletVariant.self, "graft": GraftVariant.self,
      "shifted": ShiftVariant.self, "StackedLinearModel": StackedVariant.self,
      "earlyStopping": StoppingVariant.self, "fit": FitVariant.self,
      "macroAUROC": AUROCVariant.self, "evaluation": EvaluationVariant.self,
      "parzenWidths": WidthsVariant.self, "parzenDensity": DensityVariant.self,
      "choiceProbabilities": ChoicesVariant.self, "goodTrials": SplitVariant.self,
      "bestCandidate": CandidateVariant.self,
    ],
    others: [
      "StackedLinearModel": StackedLinearChecks.named,
      "balancedByGrafting": BalanceChecks.named, "randomPoint": RandomSearchChecks.named,
      "proposal": RandomSearchChecks.named + TPEChecks.named, "parzenDraws": ParzenChecks.named,
    ])
}

extension Numbers {
  /// The numbers of an input.
  func list(_ name: String) throws -> [Double] { try self(name).array.map(Double.init) }

  /// An input of two axes.
  func rows(_ name: String) throws -> [[Double]] {
    let (tensor, values) = (try self(name), try list(name))
    let width = tensor.shape[1]
    return (0..<tensor.shape[0]).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
  }

  /// An input of integers.
  func whole(_ name: String) -> [Int] { (integers[name] ?? []).map { Int($0) } }
}
