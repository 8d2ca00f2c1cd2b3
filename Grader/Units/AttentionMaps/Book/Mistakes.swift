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

/// A model as an experiment calls it: parameters and buffers by their names, and what the batches before have moved.
final class Run {
  private let numbers: Numbers
  private var moved: [String: Tensor] = [:]
  private(set) var isTraining = false

  private init(_ numbers: Numbers) { self.numbers = numbers }

  /// What a model gives.
  ///
  /// - Parameters:
  ///   - input: the name of its input.
  ///   - call: calls it.
  static func results(
    _ numbers: Numbers, _ input: String = "input",
    _ call: (Tensor, Run) throws -> [(name: String, tensor: Tensor)]
  ) throws -> [(name: String, tensor: Tensor)] {
    let run = Run(numbers)
    run.isTraining = true
    for batch in numbers.batches {
      guard let x = batch.first(where: { $0.name == input }) else { continue }
      _ = try noGrad { try call(x.tensor, run) }
    }
    run.isTraining = numbers.calling.isTraining
    let results = try call(try numbers(input), run)
    guard numbers.calling.comparesState else { return results }
    return try numbers.parameters.filter { numbers.buffers.contains($0.name) }.map {
      ("state:" + $0.name, try run($0.name))
    }
  }

  /// A parameter, or a buffer as it is.
  func callAsFunction(_ name: String) throws -> Tensor { try moved[name] ?? numbers(name) }

  /// Moves a buffer.
  func move(_ name: String, to value: Tensor) { moved[name] = value.detached() }
}

/// A convolution as the task has it.
func convolution(
  _ x: Tensor, _ W: Tensor, dilation: Int, isCausal: Bool = false
) throws -> Tensor { try x.conv1d(W, padding: isCausal ? .causal : .same, dilation: dilation) }
