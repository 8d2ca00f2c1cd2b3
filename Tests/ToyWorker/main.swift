import Coursework
import Foundation
import NeuralNetworks
import TensorCore

// A unit that is no network: two functions of two inputs and a network of three classes. What is wrong
// with it, if anything is, stands in the program's name: `toy-short` takes the mistake `short`.
let name = (CommandLine.arguments[0] as NSString).lastPathComponent
let mistake = name.hasPrefix("toy-") ? String(name.dropFirst(4)) : ""

/// The sums of each number and those before it, `width` in all.
@Sendable func movingSums(_ signal: [Int32], width: Int) -> [Int32] {
  let width = mistake == "short" ? width - 1 : width
  let shift = mistake == "ahead" ? 1 : 0
  return signal.indices.map { place in
    (0..<max(width, 0)).reduce(0) { sum, back in
      let index = place - back + shift
      return signal.indices.contains(index) ? sum &+ signal[index] : sum
    }
  }
}

/// Each sample's mean over the steps, times the sample's weight.
@Sendable func weightedMeans(_ X: Tensor, _ weights: Tensor) throws -> Tensor {
  let weights =
    switch mistake {
    case "squared": weights.squared()
    case "detached": weights.detached()
    default: weights
    }
  let means = try X.mean(axis: mistake == "steps" ? 0 : 1)
  if mistake == "mixed" { return try means * weights.mean() }
  return try mistake == "steps" ? means.sum() * weights : means * weights
}

final class ThreeClassNet: Module, Network {
  private let linear: Linear

  init(features: Int, using generator: inout RandomGenerator) {
    linear = Linear(features, 3, using: &generator)
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor { try linear(X.mean(axis: 1)) }
}

Worker.serve(
  Catalogue([
    .function("movingSums") { inputs, _, _ in
      let width = try inputs.integers("width")
      let sums = movingSums(try inputs.integers("signal"), width: Int(width.first ?? 1))
      return [("sums", .integers(sums))]
    },
    .function("weightedMeans") { inputs, _, _ in
      [("means", .tensor(try weightedMeans(inputs["X"], inputs["weights"])))]
    },
    .network("ThreeClassNet") { size, generator in
      ThreeClassNet(features: try size.featureCount, using: &generator)
    },
  ]))
