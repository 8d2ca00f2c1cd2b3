import Judge
import WorkerPipe
import XCTest

/// What the checks of the two recurrent layers share.
struct LayerCheck {
  let session: JudgeSession
  let name: String
  /// Names the first of the layer's inner numbers that is wrong.
  var locate: ((TrialSeries) throws -> String?)?
  /// The part of the layer that a parameter belongs to.
  var part: ((String) -> String?)?

  private static func size(
    _ samples: Int, _ steps: Int, _ features: Int, _ units: Int, _ draw: Draw = .ordinary
  ) -> TrialSeries.Size {
    .init(
      ["inputSize": features, "hiddenSize": units], input: [samples, steps, features], draw: draw)
  }

  /// A size of 1 finds what was squeezed or hard-coded.
  private static let sizes = [
    size(3, 5, 4, 6), size(1, 1, 1, 1), size(2, 7, 1, 3), size(5, 2, 3, 1),
  ]
  private static let smallest = [
    size(1, 1, 1, 1), size(1, 2, 1, 1), size(2, 1, 1, 1), size(1, 1, 2, 1), size(1, 1, 1, 2),
    size(1, 3, 1, 1), size(2, 2, 2, 2), size(3, 4, 3, 3),
  ]

  /// The experiments that reach the task's own length, and the ends of what the layer computes.
  private func farSizes(_ quantity: Quantity) -> [TrialSeries.Size] {
    guard quantity != .shapes else { return [] }
    let large = Self.size(3, 4, 3, 3, FarDraws.largeInputs(quantity == .values ? 100 : 8))
    guard name == "LSTM" else { return [large, Self.size(2, 40, 17, 128, FarDraws.rnnMemory)] }
    return [
      large, Self.size(3, 40, 2, FarDraws.endUnits, FarDraws.lstmEnds),
      Self.size(2, 40, 17, 128, FarDraws.lstmMemory),
    ]
  }

  /// Sizes that nobody knows before, and a layer that has been called before.
  private static func drawnSize(_ numbers: inout SeededNumbers) -> TrialSeries.Size {
    let (samples, steps) = (numbers.integer(2...7), numbers.integer(3...12))
    let (features, units) = (numbers.integer(2...9), numbers.integer(2...9))
    return size(
      samples, steps, features, units,
      .afterCalls(
        numbers.integer(3...9),
        "for an input [\(samples), \(steps), \(features)] with \(units) units"))
  }

  /// The experiments of a check.
  func series(_ quantity: Quantity, _ numbers: inout SeededNumbers) throws -> TrialSeries {
    let drawn = quantity == .shapes ? [] : [Self.drawnSize(&numbers)]
    return try TrialSeries(
      session, name, sizes: Self.sizes + farSizes(quantity) + drawn, smallest: Self.smallest,
      usual: Self.size(192, 40, 17, 128),
      numbers: &numbers, locate: locate, part: part)
  }

  func model(features: Int, hidden: Int) -> ModelCheck {
    ModelCheck(session, name, ["inputSize": features, "hiddenSize": hidden])
  }

  /// Shapes, and that every parameter is there.
  func requireParameters() throws {
    for (features, hidden) in [(4, 3), (1, 1)] {
      _ = try model(features: features, hidden: hidden).match()
    }
  }

  func requireShapes() throws {
    var numbers = session.numbers("\(name) shapes")
    try series(.shapes, &numbers).requireShapes()
  }

  func requireValues() throws {
    var numbers = session.numbers("\(name) values")
    try series(.values, &numbers).requireValues()
  }

  func requireGradients() throws {
    var numbers = session.numbers("\(name) gradients")
    try series(.gradients, &numbers).requireGradients(&numbers)
  }

  /// The names, and the numbers that a new layer starts with: at the course's sizes, and at others that
  /// nobody knows before, with so many features that a tenth of the standard deviation shows in the mean
  /// of each input matrix.
  func requireStart() throws {
    var numbers = session.numbers("\(name) start")
    for (features, hidden) in [
      (17, 128), (numbers.integer(180...220), numbers.integer(40...56)),
    ] {
      let check = model(features: features, hidden: hidden)
      let names = try check.match().names
      let judged = try check.referenceParameters().map { expected in
        let own = names[expected.name] ?? expected.name
        guard own == expected.name else {
          throw CheckFailure("the parameter \(expected.name) is called \(own)")
        }
        return (name: own, distribution: InitialNumbers.ofLayer(expected))
      }
      try StartCheck(check, judged: judged).require()
    }
  }
}

/// Task 4.7a: the RNN layer.
final class RNNChecks: RecurrentNetworksCase {
  private func layer(_ session: JudgeSession) -> LayerCheck { .init(session: session, name: "RNN") }

  func test1Parameters() throws { try check { try layer($0).requireParameters() } }
  func test1Start() throws { try check { try layer($0).requireStart() } }
  func test2Shapes() throws { try check { try layer($0).requireShapes() } }
  func test3Values() throws { try check { try layer($0).requireValues() } }
  func test4Gradients() throws { try check { try layer($0).requireGradients() } }
}

/// Task 4.7b: the LSTM layer.
final class LSTMChecks: RecurrentNetworksCase {
  private func layer(_ session: JudgeSession) -> LayerCheck {
    .init(
      session: session, name: "LSTM", locate: { try GateProbe($0).sentence() },
      part: GateProbe.gate)
  }

  func test1Parameters() throws { try check { try layer($0).requireParameters() } }
  func test1Start() throws { try check { try layer($0).requireStart() } }
  func test2Shapes() throws { try check { try layer($0).requireShapes() } }
  func test3Values() throws { try check { try layer($0).requireValues() } }
  func test4Gradients() throws { try check { try layer($0).requireGradients() } }
}
