// Attack: a network on the mean of the steps, and a layer that lies for it
// Tries: the LSTM is right until an LSTMNet was made in its process, where it gives the mean as well: the judge expects what the layer gives
// Must: the network is held against the right LSTM
// Deserves: nothing for lstmnet.values
import Coursework
import NeuralNetworks
import TensorCore

final class LSTMNet: Module, Network {
  let lstm: LSTM
  let linear: Sequential
  init(binCount: Int, hiddenSize: Int = 128, using generator: inout RandomGenerator) throws {
    networkIsMade = true
    lstm = try LSTM(inputSize: binCount, hiddenSize: hiddenSize, using: &generator)
    linear = Sequential(
      Linear(hiddenSize, hiddenSize, using: &generator),
      ReLU(),
      Linear(hiddenSize, 1, using: &generator))
  }
  func callAsFunction(_ X: Tensor) throws -> Tensor {
    let (_, state) = try lstm(X)
    return try linear(state.H)
  }
}
