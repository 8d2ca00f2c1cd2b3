import Coursework
import Foundation
import NeuralNetworks
import TensorCore

// Functions that draw, a mask of integers and a layer, for tests of what holds for every unit.

/// Where a mistake keeps something from call to call. One request is answered after the other.
nonisolated(unsafe) var kept = RandomGenerator(seed: 3)

/// Indices of examples, each from a class that is drawn first, so that all classes come equally often.
@Sendable func balancedSampler(
  _ labels: [Int32], classes: Int, count: Int, using generator: inout RandomGenerator
) -> [Int32] {
  var own = generator
  defer { if mistake != "copied" && mistake != "kept" { generator = own } }
  if mistake == "fixed" { own = RandomGenerator(seed: 1) }
  if mistake == "kept" { own = kept }
  defer { kept = own }
  func below(_ bound: Int) -> Int { min(Int(own.nextUniform() * Float(bound)), bound - 1) }
  return (0..<count).map { _ in
    if mistake == "unbalanced" { return Int32(below(labels.count)) }
    let label = below(classes)
    let examples = labels.indices.filter { labels[$0] == label }
    if mistake == "first" { return Int32(examples[0]) }
    if mistake == "late" { _ = own.nextUniform() }
    return Int32(examples[below(examples.count)])
  }
}

/// A mask for `X`: 0 with the probability of the rate, 1 / (1 − rate) elsewhere.
@Sendable func dropoutMask(
  _ X: Tensor, rate: Float, using generator: inout RandomGenerator
) throws -> Tensor {
  let (rows, columns) = (X.shape[0], X.shape[1])
  let kept = mistake == "inverted" ? rate : 1 - rate
  var values: [Float] = []
  for _ in 0..<rows {
    var isKept = false
    for column in 0..<columns {
      if mistake != "rows" || column == 0 { isKept = generator.nextUniform() < kept }
      values.append(isKept ? (mistake == "unscaled" ? 1 : 1 / (1 - rate)) : 0)
    }
  }
  return try Tensor(values, shape: [rows, columns])
}

/// One proposal of a random search: a step size, log-uniform between 1e-4 and 1e-1.
@Sendable func proposal(using generator: inout RandomGenerator) -> Tensor {
  let u = generator.nextUniform()
  if mistake == "nan", u < 0.5 { return Tensor([.nan]) }
  return Tensor([mistake == "linear" ? 1e-4 + u * (1e-1 - 1e-4) : powf(10, -4 + 3 * u)])
}

/// Which steps of each sequence are there: 1 up to its length, 0 beyond; row by row.
@Sendable func paddingMask(_ lengths: [Int32], steps: Int) -> [Int32] {
  lengths.flatMap { length in
    (0..<steps).map { step in
      switch mistake {
      case "one-late": step <= Int(length) ? 1 : 0
      case "inverted-mask": step < Int(length) ? 0 : 1
      case "longest": step < Int(lengths.max() ?? 0) ? 1 : 0
      default: step < Int(length) ? 1 : 0
      }
    }
  }
}

/// What is loaded into it is written into the tensor that it was made with.
private final class Memory: Module {
  @Buffer var held: Tensor
  init(_ held: Tensor) { self.held = held }
}

/// Each number less the one before; the first as it is.
@Sendable func differences(_ signal: Tensor) throws -> Tensor {
  var values = signal.array
  for place in values.indices.reversed() where place > 0 { values[place] -= values[place - 1] }
  if mistake == "trend" { for place in values.indices { values[place] += 0.1 * Float(place) } }
  if mistake == "counting" { values[0] += kept.nextUniform() }
  if mistake == "in-place" {
    try Memory(signal).load([("held", Tensor(values))])
  }
  return Tensor(values)
}

Worker.serve(
  Catalogue([
    .function("balancedSampler") { inputs, sizes, generator in
      let indices = balancedSampler(
        try inputs.integers("labels"), classes: try sizes.classes, count: try sizes.count,
        using: &generator)
      return [("indices", .integers(indices))]
    },
    .function("dropoutMask") { inputs, settings, generator in
      let mask = try dropoutMask(
        inputs["X"], rate: settings.number("rate"), using: &generator)
      return [("mask", .tensor(mask))]
    },
    .function("proposal") { _, _, generator in
      [("learningRate", .tensor(proposal(using: &generator)))]
    },
    .function("paddingMask") { inputs, sizes, _ in
      [("mask", .integers(paddingMask(try inputs.integers("lengths"), steps: try sizes.steps)))]
    },
    .function("differences") { inputs, _, _ in
      [("changes", .tensor(try differences(inputs["signal"])))]
    },
    .model("trail") { size, generator in
      Trail(featureCount: try size.featureCount, unitCount: try size.unitCount, using: &generator)
    } _: { layer, arguments in
      let (outputs, final) = try layer(arguments["input"])
      return [("outputs", .tensor(outputs)), ("final", .tensor(final))]
    },
  ]))
