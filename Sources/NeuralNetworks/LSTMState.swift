import TensorCore

/// The final state of an LSTM layer.
public struct LSTMState {
  /// The hidden state, `[N, H]`.
  public let H: Tensor
  /// The cell state, `[N, H]`.
  public let C: Tensor

  /// Makes a state.
  public init(H: Tensor, C: Tensor) {
    self.H = H
    self.C = C
  }
}
