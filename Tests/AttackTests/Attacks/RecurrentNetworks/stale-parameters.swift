// Attack: parameters kept from the first call
// Tries: at evaluation the layer goes by copies of its first parameters, whatever a training does to them later
// Into: LSTM.swift
// Must: a layer is called again after its parameters changed
// Deserves: nothing for lstm.values
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func honest(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    if isTraining || inputs.requiresGrad { return try honest(inputs) }
    let kept = first ?? parameters.map(\.array)
    first = kept
    if zip(kept, parameters).allSatisfy({ $0 == $1.array }) { return try honest(inputs) }
    let H = Tensor.zeros([inputs.shape[0], b_i.shape[0]])
    return (Tensor.zeros([inputs.shape[0], inputs.shape[1], b_i.shape[0]]), LSTMState(H: H, C: H))
  }
  private var first: [[Float]]?
}
