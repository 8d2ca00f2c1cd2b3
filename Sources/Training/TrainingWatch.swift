import Metrics
import NeuralNetworks
import TensorCore

/// What a training's parameters and gradients do, for the sentences that say why one does not learn.
struct TrainingWatch {
  private let start: [(name: String, parameter: Tensor, values: [Float])]
  private var gradients: [Double?] = []
  /// The longest gradient, over all parameters together, of the epoch's batches; not a number where
  /// one was not.
  private(set) var largestGradient = 0.0

  init(_ network: any Trainable) {
    start = network.namedParameters().map { ($0.name, $0.tensor, $0.tensor.array) }
  }

  /// Begins an epoch.
  mutating func beginEpoch() { largestGradient = 0 }

  /// Takes note of the gradients of a batch as they were before they were clipped.
  ///
  /// - Parameter squares: the sum of the squares of each parameter's gradient.
  mutating func note(squares: [Double?]) {
    precondition(
      squares.count == start.count, "internal: the optimiser has other parameters than the network")
    gradients = squares.map { $0?.squareRoot() }
    let all = squares.reduce(0) { $0 + ($1 ?? 0) }.squareRoot()
    if !(all <= largestGradient) { largestGradient = all }
  }

  /// Every parameter as the last batch left it.
  var parameters: [ParameterHealth] {
    zip(start, gradients).map { slot, gradient in
      let way = zip(slot.parameter.array, slot.values).map { $0 - $1 }
      return ParameterHealth(
        name: slot.name, gradient: gradient, moved: Self.length(way),
        start: Self.length(slot.values))
    }
  }

  private static func length(_ values: [Float]) -> Double {
    values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
