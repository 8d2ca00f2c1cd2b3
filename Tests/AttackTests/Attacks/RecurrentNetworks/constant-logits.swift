// Attack: a network that always says the same
// Tries: to reach the accuracy by answering for the larger class
// Into: ConvNet.swift
// Must: the classes are balanced, and the label swap decides which is which
import Coursework
import NeuralNetworks
import TensorCore

final class ConvNet: Module, Network {
  let layer: Linear

  init(binCount: Int, using generator: inout RandomGenerator) throws {
    layer = Linear(binCount, 1, using: &generator)
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor {
    try layer(X.mean(axis: 1)) * 0 + 1
  }
}
