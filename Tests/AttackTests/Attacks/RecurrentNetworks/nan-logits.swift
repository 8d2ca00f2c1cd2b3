// Attack: logits that are not numbers
// Tries: to have every comparison with a label come out true
// Into: ConvNet.swift
// Must: refused before anything is counted
import Coursework
import NeuralNetworks
import TensorCore

final class ConvNet: Module, Network {
  let layer: Linear

  init(binCount: Int, using generator: inout RandomGenerator) throws {
    layer = Linear(binCount, 1, using: &generator)
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor {
    try layer(X.mean(axis: 1)) * Float.nan
  }
}
