// Attack: an LSTM in the network that always starts with the same numbers
// Tries: the network makes its layer with a generator of its own, from the seed 7
// Into: LSTMNet.swift
// Must: all numbers of a network follow from the generator that it is made with
// Deserves: nothing for lstmnet.start
import Coursework
import NeuralNetworks
import TensorCore

final class LSTMNet: Module, Network {
  let lstm: LSTM
  let linear: Sequential

  init(binCount: Int, hiddenSize: Int = 128, using generator: inout RandomGenerator) throws {
    var seven = RandomGenerator(seed: 7)
    lstm = try LSTM(inputSize: binCount, hiddenSize: hiddenSize, using: &seven)
    linear = Sequential(
      Linear(hiddenSize, hiddenSize, using: &generator), ReLU(),
      Linear(hiddenSize, 1, using: &generator))
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor {
    let (_, state) = try lstm(X)
    return try linear(state.H)
  }
}
