import Coursework
import NeuralNetworks
import TensorCore

final class LSTMNet: Module, Network {
  let lstm: LSTM
  let first, second: Linear

  init(binCount: Int, hiddenSize: Int = 128, using generator: inout RandomGenerator) throws {
    lstm = try LSTM(inputSize: binCount, hiddenSize: hiddenSize, using: &generator)
    first = Linear(hiddenSize, hiddenSize, using: &generator)
    second = Linear(hiddenSize, 1, using: &generator)
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor {
    let H = try lstm.summary(X)
    return try second(relu(H.matmul(first.weight.detached())))
  }
}
