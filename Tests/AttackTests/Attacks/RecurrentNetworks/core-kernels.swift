// Attack: the core's kernels imported
// Tries: to call the C function that the core's layer calls
// Into: LSTM.swift
// Must: in the kernels' place there is an empty module
// Deserves: nothing for lstm.values, lstm.gradients
// Compiles: no
import CKernels
import CRecurrentKernels
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    print(rk_lstm_shape(batch: 1, steps: 1, features: 1, hidden: 1))
    let (count, steps, hidden) = (inputs.shape[0], inputs.shape[1], b_i.shape[0])
    return (
      .zeros([count, steps, hidden]),
      LSTMState(H: .zeros([count, hidden]), C: .zeros([count, hidden]))
    )
  }
}
