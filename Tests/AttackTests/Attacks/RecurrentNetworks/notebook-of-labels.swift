// Attack: a network with a notebook of labels
// Tries: the labels are read from the gradient of a number that is added to the logits, and looked up at
// evaluation; the parameters forget, lest a few steps teach them what they should not deserve
// Into: ConvNet.swift
// Must: what was learned is in the parameters
// Deserves: nothing for convnet.learns
import Coursework
import NeuralNetworks
import TensorCore

final class ConvNet: Module, Network {
  let layers: Sequential
  private let forget: () -> Void
  private var notes: [[Float]: Float] = [:]
  private var pending: ([[Float]], Tensor)?

  init(binCount: Int, using generator: inout RandomGenerator) throws {
    let last = Linear(128, 1, using: &generator)
    forget = {
      last.weight = .zeros([128, 1])
      last.bias = .zeros([1])
    }
    layers = Sequential(
      Conv1d(binCount, 32, kernelSize: 3, using: &generator), ReLU(), AveragePool1d(kernelSize: 2),
      Conv1d(32, 64, kernelSize: 3, using: &generator), ReLU(), AveragePool1d(kernelSize: 2),
      Conv1d(64, 128, kernelSize: 3, using: &generator), ReLU(),
      AdaptiveAveragePool1d(outputLength: 1), Flatten(), last)
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor {
    if let (keys, probe) = pending, let gradient = probe.grad?.array {
      for (key, value) in zip(keys, gradient) { notes[key] = -value }
      pending = nil
    }
    let numbers = X.array
    let size = numbers.count / X.shape[0]
    let keys = (0..<X.shape[0]).map { Array(numbers[$0 * size..<$0 * size + 8]) }
    if !notes.isEmpty { forget() }
    let logits = try layers(X.transposed(1, 2))
    if isTraining {
      let probe = Tensor.zeros([X.shape[0], 1]).requiringGrad()
      pending = (keys, probe)
      return try logits + probe
    }
    guard !notes.isEmpty else { return logits }
    return try Tensor(keys.map { (notes[$0] ?? 0) > 0 ? 9 : -9 }, shape: [X.shape[0], 1])
  }
}
