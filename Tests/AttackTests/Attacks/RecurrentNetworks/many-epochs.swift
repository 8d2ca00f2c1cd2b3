// Attack: thousands of epochs that never were
// Tries: to report random logits until some of them fit the labels by chance, since the best counts
// Into: ConvNet.swift
// Must: no more epochs count than the recipe has
import Coursework
import Glibc
import NeuralNetworks
import TensorCore

final class ConvNet: Module, Network {
  let layer: Linear

  init(binCount: Int, using generator: inout RandomGenerator) throws {
    layer = Linear(binCount, 1, using: &generator)
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor {
    for _ in 0..<100_000 {
      let logits = (0..<attackValidationCount).map { _ in Float.random(in: -1...1) }
      let tensor = PipeTensor(name: "logits", shape: [logits.count, 1], values: logits)
      guard send([tensor], .epoch) else { break }
    }
    return try layer(X.mean(axis: 1))
  }
}
