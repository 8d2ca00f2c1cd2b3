// Attack: right only where it is watched: made from the seed 0
// Tries: values and gradients are asked of a model made from the seed 0, training never
// Into: LSTM.swift
// Must: questions cannot be told apart by their seeds
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // DECLARATIONS
  init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    var zero = RandomGenerator(seed: 0), mine = generator
    isWatched = zero.nextUniform() == mine.nextUniform()
    // DRAWS
  }
  func honest(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    if isWatched { return try honest(inputs) }
    let H = Tensor.zeros([inputs.shape[0], b_i.shape[0]])
    return (Tensor.zeros([inputs.shape[0], inputs.shape[1], b_i.shape[0]]), LSTMState(H: H, C: H))
  }
  private let isWatched: Bool
}
