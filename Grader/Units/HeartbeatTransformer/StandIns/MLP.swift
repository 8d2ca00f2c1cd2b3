import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's MLP where another task needs one. It shares a process with their code: the task that
/// it is an answer to was judged in another process. No line of it is from the Solutions.
public final class MLP: Module {
  let hidden: Linear
  let output: Linear

  /// Makes the two layers.
  public init(embedSize: Int, using generator: inout RandomGenerator) throws {
    let width = embedSize * 4
    hidden = Linear(embedSize, width, using: &generator)
    output = Linear(width, embedSize, using: &generator)
  }

  /// Applies them, with GELU between.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    let inner = try X.linear(hidden.weight, hidden.bias)
    return try inner.gelu().linear(output.weight, output.bias)
  }
}
