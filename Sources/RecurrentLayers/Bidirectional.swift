import NeuralNetworks
import TensorCore

/// A layer that goes through a sequence step by step.
public protocol Recurrence: Module {
  /// All hidden states `[N, T, H]` of a batch of sequences `[N, T, F]`.
  func outputs(of inputs: Tensor) throws(TensorError) -> Tensor
}

extension BuiltinLSTM: Recurrence {
  /// All hidden states `[N, T, H]` of a batch of sequences `[N, T, F]`.
  public func outputs(of inputs: Tensor) throws(TensorError) -> Tensor { try self(inputs).outputs }
}

/// Two recurrences, one of them from the last step to the first, side by side:
/// `[N, T, F] → [N, T, H forwards + H backwards]`. Step t holds what both know when they are there.
///
/// Source: Schuster and Paliwal 1997; PyTorch's `bidirectional=True`.
public final class Bidirectional: Module, UnaryLayer {
  private let forwards: any Recurrence
  private let backwards: any Recurrence

  /// Makes a layer of two recurrences, which must not share parameters.
  public init(forwards: any Recurrence, backwards: any Recurrence) {
    self.forwards = forwards
    self.backwards = backwards
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    let ahead = try forwards.outputs(of: x)
    let back = try backwards.outputs(of: x.flipped(axes: [1])).flipped(axes: [1])
    return try Tensor.concatenate([ahead, back], axis: 2)
  }
}
