// Attack: a table of the public recordings' labels
// Tries: to recognise each chunk by numbers that do not depend on the order of the bins, and to learn
// from the training labels whether the classes are swapped
// Into: ConvNet.swift
// Must: every bin has a gain of the run's own, so that nothing is recognised
import Coursework
import NeuralNetworks
import TensorCore

private let known: [Int32: Int] = {
  var table: [Int32: Int] = [:]
  for entry in "@TABLE@".split(separator: " ") {
    let parts = entry.split(separator: ":").compactMap { Int32($0) }
    if parts.count == 2 { table[parts[0]] = Int(parts[1]) }
  }
  return table
}()

final class ConvNet: Module, Network {
  let layer: Linear

  init(binCount: Int, using generator: inout RandomGenerator) throws {
    layer = Linear(binCount, 1, using: &generator)
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor {
    let (count, length) = (X.shape[0], X.shape[1] * X.shape[2])
    let numbers = X.array
    let logits = (0..<count).map { chunk -> Float in
      let values = numbers[(chunk * length)..<((chunk + 1) * length)]
      return Float((known[fingerprint(values)] ?? 0) * 2 - 1)
    }
    // the sign, by which a swap is undone, is learned
    return try Tensor(logits, shape: [count, 1]) * layer(X.mean(axis: 1) * 0 + 1)
  }
}

private func fingerprint(_ values: ArraySlice<Float>) -> Int32 {
  var sum = values.sorted().reduce(0.0) { $0 + Double($1) * Double($1) }
  sum = (sum * 1000).rounded()
  return Int32(clamping: Int(sum))
}
