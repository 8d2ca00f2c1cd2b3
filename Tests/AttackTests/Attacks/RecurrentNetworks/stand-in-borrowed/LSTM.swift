// Attack: a network on the core's LSTM where a stand-in takes the place of a wrong one
// Tries: LSTM.swift is wrong on purpose, so that the network is judged in a program with a stand-in, and
// with what that is made of
// Must: a stand-in brings no part of the core with it
// Deserves: nothing for lstm.values, lstm.gradients, lstmnet.values, lstmnet.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let H = Tensor.zeros([inputs.shape[0], b_i.shape[0] + 1])
    return (Tensor.zeros([inputs.shape[0], inputs.shape[1], 1]), LSTMState(H: H, C: H))
  }
}
