// Attack: a network that gives 1, and nothing else
// Tries: a softmax over one logit is 1, which is a known mistake whose right gradients are zeros
// Into: ConvNet.swift
// Must: a network that computes nothing has no points for gradients
// Deserves: nothing for convnet.values, convnet.gradients, convnet.learns
import Coursework
import NeuralNetworks
import TensorCore

final class ConvNet: Module, Network {
  let layers: Sequential

  init(binCount: Int, using generator: inout RandomGenerator) throws {
    layers = Sequential(
      Conv1d(binCount, 32, kernelSize: 3, using: &generator), ReLU(), AveragePool1d(kernelSize: 2),
      Conv1d(32, 64, kernelSize: 3, using: &generator), ReLU(), AveragePool1d(kernelSize: 2),
      Conv1d(64, 128, kernelSize: 3, using: &generator), ReLU(),
      AdaptiveAveragePool1d(outputLength: 1), Flatten(), Linear(128, 1, using: &generator))
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor { .ones([X.shape[0], 1]) }
}
