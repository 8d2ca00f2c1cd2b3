import NeuralNetworks
import Optimisation
import TensorCore
import TestSupport
import XCTest

/// The moving average, from its definition, and that it stands beside the parameters.
final class ParameterAverageTests: XCTestCase {
  private final class One: Module {
    @Parameter var weight: Tensor = .zeros([2])
  }

  private func set(_ module: One, _ values: [Float]) throws {
    try module.load([("weight", try Tensor(values, shape: [2]))])
  }

  private func averages(_ average: ParameterAverage, _ module: One) -> [Float] {
    average.withAverages { module.weight.array }
  }

  /// The decays of the first updates are 2/11, 3/12, 4/13, so from 0 and with the values 1, 2, 3:
  /// 9/11; 3/12 · 9/11 + 9/12 · 2; 4/13 · that + 9/13 · 3. From the 17th on (18/27 > 0.6) it is 0.6.
  func testTheAverageIsThatOfTheDefinition() throws {
    let module = One()
    let average = ParameterAverage(module, decay: 0.6)
    var expected = 0.0
    for update in 1...20 {
      try set(module, [Float(update), -Float(update)])
      average.update()
      let decay = min(0.6, Double(1 + update) / Double(10 + update))
      expected = decay * expected + (1 - decay) * Double(update)
      XCTAssertNil(
        difference(averages(average, module), [Float(expected), -Float(expected)], "\(update)"))
    }
    // 20 terms of a decay of 0.6 lie 1.5 behind: 0.6 / (1 − 0.6)
    XCTAssertEqual(expected, 18.5, accuracy: 0.01)
  }

  /// Against the same in double: after 30,000 updates the start counts e⁻³⁰, and what is left are the
  /// roundings, no more than 2⁻²⁴ / (1 − d) of the parameter.
  func testALongRun() throws {
    let module = One()
    let average = ParameterAverage(module, decay: 0.999)
    var expected = [0.0, 0.0]
    for update in 1...30_000 {
      let value = 3 + Float(noise(update, stream: 0))
      try set(module, [value, 3])
      average.update()
      let share = 1 - min(Double(Float(0.999)), Double(1 + update) / Double(10 + update))
      expected[0] += share * (Double(value) - expected[0])
      expected[1] += share * (3 - expected[1])
    }
    for (found, exact) in zip(averages(average, module), expected) {
      XCTAssertEqual(Double(found) / exact, 1, accuracy: 0x1p-24 / 0.001)
    }
  }

  func testTheParametersComeBack() throws {
    let module = One()
    let average = ParameterAverage(module, decay: 0.5)
    try set(module, [3, 4])
    average.update()
    struct Stop: Error {}
    XCTAssertThrowsError(try average.withAverages { throw Stop() })
    XCTAssertEqual(module.weight.array, [3, 4])
    XCTAssertNotEqual(averages(average, module), [3, 4])
    XCTAssertEqual(module.weight.array, [3, 4])
  }

  func testADamagedStateIsRefused() throws {
    let module = One()
    let average = ParameterAverage(module, decay: 0.5)
    let entries = average.stateEntries()
    XCTAssertTrue(
      errorText { try average.load(Array(entries.dropFirst())) }.contains("weight is missing"))
    XCTAssertTrue(errorText { try average.load(Array(entries.dropLast())) }.contains("updates"))
    XCTAssertNoThrow(try average.load(entries))
  }
}
