import NeuralNetworks
import Optimisation
import TensorCore
import TestSupport
import XCTest

/// Schedules and clipping against PyTorch (`Fixtures/optimisers.json`, made by
/// `Tests/Reference/optimisers.py`). Tolerance: 2e-6 of the number, a few roundings.
final class ScheduleTests: XCTestCase {
  private struct Listing: Decodable {
    let schedules: [Schedule]
    let plateaus: [Plateau]
    let clipping: [Clipping]
  }
  private struct Schedule: Decodable {
    let name: String
    let settings: Settings
    let rates: [Float]
  }
  private struct Settings: Decodable {
    let period, then, patience: Int?
    let gamma, minimum, start, factor, min_lr, rising: Float?
    let mode: String?
  }
  private struct Plateau: Decodable {
    let name: String
    let settings: Settings
    let figures, rates: [Float]
  }
  private struct Clipping: Decodable {
    let name: String
    let norm, value, total: Float?
    let before, after: [[Float]]
  }

  private final class Pair: Module {
    @Parameter var first: Tensor = .zeros([6])
    @Parameter var second: Tensor = .zeros([2])
  }

  private let tolerance = Tolerance(absolute: 1e-7, relative: 2e-6)

  private func listing() throws -> Listing {
    try Fixture.decode(Listing.self, "OptimisationTests/Fixtures/optimisers.json")
  }

  private func schedule(_ entry: Schedule) throws -> LearningRateSchedule {
    let s = entry.settings
    let period = s.period ?? 0
    switch entry.name {
    case "step": return .step(every: period, gamma: try XCTUnwrap(s.gamma))
    case "exponential": return .exponential(gamma: try XCTUnwrap(s.gamma))
    case "one cycle": return .oneCycle(over: period, rising: try XCTUnwrap(s.rising))
    case "cosine": return .cosine(over: period, minimum: try XCTUnwrap(s.minimum))
    default:
      return .warmUp(
        over: period, from: try XCTUnwrap(s.start), then: s.then.map { .cosine(over: $0) })
    }
  }

  func testSchedulesGoAsPyTorchsDo() throws {
    let entries = try listing().schedules
    XCTAssertEqual(entries.count, 8)
    for entry in entries {
      let optimiser = SGD(Pair(), learningRate: 0.5)
      let scheduler = LearningRateScheduler(optimiser, try schedule(entry))
      let rates = entry.rates.map { _ in
        defer { scheduler.step() }
        return optimiser.learningRate
      }
      XCTAssertNil(difference(rates, entry.rates, entry.name, tolerance))
      scheduler.steps = 2
      XCTAssertEqual(optimiser.learningRate, rates[2], "\(entry.name): set to a step")
    }
  }

  func testThePlateauIsPyTorchs() throws {
    let entries = try listing().plateaus
    XCTAssertEqual(entries.count, 2)
    for entry in entries {
      let (s, optimiser) = (entry.settings, SGD(Pair(), learningRate: 0.5))
      let rule = ReduceOnPlateau(
        optimiser, better: s.mode == "max" ? .larger : .smaller, factor: try XCTUnwrap(s.factor),
        patience: try XCTUnwrap(s.patience), minimum: s.min_lr ?? 0)
      let rates = entry.figures.map { figure in
        rule.step(figure)
        return optimiser.learningRate
      }
      XCTAssertNil(difference(rates, entry.rates, entry.name, tolerance))
    }
  }

  func testClippingIsPyTorchs() throws {
    let entries = try listing().clipping
    XCTAssertEqual(entries.count, 3)
    for entry in entries {
      let module = Pair()
      let loss =
        try (module.first * Tensor(entry.before[0])).sum()
        + (module.second * Tensor(entry.before[1])).sum()
      try loss.backward()
      if let norm = entry.norm {
        let total = module.clipGradients(norm: norm)
        XCTAssertNil(difference([total], [try XCTUnwrap(entry.total)], entry.name, tolerance))
      } else {
        try module.clipGradients(value: try XCTUnwrap(entry.value))
      }
      XCTAssertNil(
        difference(module.first.grad?.array ?? [], entry.after[0], entry.name, tolerance))
      XCTAssertNil(
        difference(module.second.grad?.array ?? [], entry.after[1], entry.name, tolerance))
    }
    XCTAssertEqual(
      errorText { try Pair().clipGradients(value: -1) }, "(nothing was thrown)",
      "without gradients there is nothing to bound")
  }
}
