import Judge
import WorkerPipe

/// What the numbers of this unit's models start as.
enum InitialNumbers {
  /// A layer that students write: matrices from N(0, 0.01²), biases of zero.
  static func ofLayer(_ parameter: PipeTensor) -> StartDistribution {
    parameter.shape.count == 1 ? .zero : .normal(standardDeviation: 0.01)
  }
}
